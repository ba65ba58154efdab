package org.carousel.labelling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;

/** Labels of steps: reading them out of scores, and laying them out for a loss. */
public final class Labels {
    private Labels() {}

    /** The label with the largest score at every step of each sequence [B×T×K], as many as its length. */
    public static List<int[]> best(Tensor scores, int... lengths) {
        Ragged.require("labels", scores, lengths);
        float[] a = scores.toArray();
        int steps = scores.size(1);
        int classes = scores.size(2);
        List<int[]> all = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            int[] best = new int[lengths[b]];
            for (int t = 0; t < best.length; t++) {
                best[t] = Elementwise.largest(classes, a, (b * steps + t) * classes);
            }
            all.add(best);
        }
        return all;
    }

    /** Labels in one rectangle [B][T], {@link Tensor#IGNORED} behind the end of a sequence. */
    public static int[][] padded(List<int[]> labels) {
        int steps = labels.stream().mapToInt(l -> l.length).max().orElse(0);
        int[][] all = new int[labels.size()][steps];
        for (int b = 0; b < all.length; b++) {
            Arrays.fill(all[b], Tensor.IGNORED);
            System.arraycopy(labels.get(b), 0, all[b], 0, labels.get(b).length);
        }
        return all;
    }
}
