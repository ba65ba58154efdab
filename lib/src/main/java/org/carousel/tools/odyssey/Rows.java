package org.carousel.tools.odyssey;

import java.util.List;
import org.carousel.tensor.Tensor;

/** Sequences of feature rows as one batch. */
final class Rows {
    private Rows() {}

    static Task.Batch batch(List<float[][]> sequences, int[][] labels) {
        int steps = sequences.stream().mapToInt(s -> s.length).max().orElseThrow();
        int width = sequences.get(0)[0].length;
        float[] x = new float[sequences.size() * steps * width];
        int[] lengths = new int[sequences.size()];
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = sequences.get(b).length;
            for (int t = 0; t < lengths[b]; t++) {
                System.arraycopy(sequences.get(b)[t], 0, x, (b * steps + t) * width, width);
            }
        }
        return new Task.Batch(Tensor.wrap(x, lengths.length, steps, width), lengths, Tensor.zeros(1), labels);
    }
}
