package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.Tensor;

/** Puts sequences of different lengths into one tensor, zeros behind the end. */
final class Padding {
    private Padding() {}

    /** The length of each sequence. */
    static int[] lengths(int[][] sequences) {
        return Arrays.stream(sequences).mapToInt(s -> s.length).toArray();
    }

    /** One-hot symbols [B×T×symbols], T the longest length. */
    static Tensor oneHot(int[][] sequences, int symbols) {
        int steps = longest(lengths(sequences));
        float[] values = buffer(sequences.length, steps, symbols);
        for (int b = 0; b < sequences.length; b++) {
            for (int t = 0; t < sequences[b].length; t++) {
                values[(b * steps + t) * symbols + sequences[b][t]] = 1;
            }
        }
        return Tensor.wrap(values, sequences.length, steps, symbols);
    }

    /** Numbers [B×T×features] of sequences that are stored step by step. */
    static Tensor values(float[][] sequences, int features) {
        int longest = Arrays.stream(sequences).mapToInt(s -> s.length).max().orElse(0);
        float[] values = buffer(sequences.length, longest);
        for (int b = 0; b < sequences.length; b++) {
            System.arraycopy(sequences[b], 0, values, b * longest, sequences[b].length);
        }
        return Tensor.wrap(values, sequences.length, longest / features, features);
    }

    /** Labels [B×T], −1 behind the end. */
    static int[][] labels(int[][] sequences) {
        int steps = longest(lengths(sequences));
        int[][] labels = new int[sequences.length][];
        for (int b = 0; b < labels.length; b++) {
            labels[b] = Arrays.copyOf(sequences[b], steps);
            Arrays.fill(labels[b], sequences[b].length, steps, Tensor.IGNORED);
        }
        return labels;
    }

    /** Zeros for a tensor of this shape. Throws when a Java array cannot hold so many. */
    static float[] buffer(int... shape) {
        long size = 1;
        for (int n : shape) {
            size *= n;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("batch: shape " + Arrays.toString(shape)
                        + " has more elements than a Java array can hold; take fewer sequences or steps");
            }
        }
        return new float[(int) size];
    }

    private static int longest(int[] lengths) {
        return Arrays.stream(lengths).max().orElse(0);
    }
}
