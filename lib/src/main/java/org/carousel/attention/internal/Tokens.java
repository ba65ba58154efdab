package org.carousel.attention.internal;

import java.util.Arrays;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;

/** Sequences of token numbers in the rectangular form that tensors need. */
public record Tokens(int[][] padded, int[] lengths) {
    /** Pads with 0; padding is never read. Throws when there is no sequence, or an empty one. */
    public static Tokens of(String what, int[][] sequences) {
        if (sequences.length == 0) {
            throw new IllegalArgumentException(what + ": no sequence; at least one is needed");
        }
        int[] lengths = Arrays.stream(sequences).mapToInt(s -> s.length).toArray();
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] == 0) {
                throw new IllegalArgumentException(what + ": sequence " + b + " is empty; there is nothing to read");
            }
        }
        int longest = Arrays.stream(lengths).max().orElse(0);
        return new Tokens(
                Arrays.stream(sequences).map(s -> Arrays.copyOf(s, longest)).toArray(int[][]::new), lengths);
    }

    /** The largest element of every row [B×V]; of equal ones the first. */
    public static int[] mostLikely(Tensor logits) {
        int[] tokens = new int[logits.size(0)];
        mostLikely(logits.toArray(), tokens);
        return tokens;
    }

    /** The same in an array. Modified: {@code tokens}, one for every row. */
    public static void mostLikely(float[] logits, int[] tokens) {
        int size = tokens.length == 0 ? 0 : logits.length / tokens.length;
        for (int b = 0; b < tokens.length; b++) {
            tokens[b] = Elementwise.largest(size, logits, b * size);
        }
    }
}
