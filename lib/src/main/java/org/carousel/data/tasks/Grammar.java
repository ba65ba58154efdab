package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A language of strings over a small alphabet: draws strings, accepts or rejects them, and knows after each symbol what
 * may follow.
 *
 * <p>A symbol is its index in {@link #symbols()}, from 0 to K−1.
 */
interface Grammar {
    /** The K characters of the alphabet, in the order of their indices. */
    String symbols();

    /** A string of the language. */
    int[] generate(RandomStream random);

    /** Whether the language has this string, from its first symbol to its last. */
    boolean accepts(int... sequence);

    /**
     * What may follow: element [t][k] is true when symbol k can come after the symbols 0..t, in some string of the
     * language. After the last symbol of a string that cannot go on no symbol is legal.
     *
     * @param sequence the beginning of a string, or a whole one
     * @return [T×K]
     * @throws IllegalArgumentException when no string of the language begins so; the message names the position
     */
    boolean[][] legalNext(int... sequence);

    /**
     * The characters of a sequence.
     *
     * @throws IllegalArgumentException when there is no such symbol
     */
    default String text(int... sequence) {
        StringBuilder text = new StringBuilder(sequence.length);
        for (int t = 0; t < sequence.length; t++) {
            int last = symbols().length() - 1;
            if (sequence[t] < 0 || sequence[t] > last) {
                throw new IllegalArgumentException("text: symbol " + sequence[t] + " at position " + t
                        + " is not in 0.." + last + " (the symbols are " + symbols() + ")");
            }
            text.append(symbols().charAt(sequence[t]));
        }
        return text.toString();
    }

    /**
     * The sequence of some characters; {@code text(parse(s))} is {@code s}.
     *
     * @throws IllegalArgumentException when a character is not in the alphabet
     */
    default int[] parse(String text) {
        int[] sequence = new int[text.length()];
        for (int t = 0; t < sequence.length; t++) {
            sequence[t] = symbols().indexOf(text.charAt(t));
            if (sequence[t] < 0) {
                throw new IllegalArgumentException(
                        "parse: '" + text.charAt(t) + "' at position " + t + " is not one of the symbols " + symbols());
            }
        }
        return sequence;
    }

    /**
     * One-hot symbols [T×K].
     *
     * @throws IllegalArgumentException when there is no such symbol
     */
    default Tensor oneHot(int... sequence) {
        return Tensor.oneHot(sequence, symbols().length());
    }

    /**
     * Strings drawn one after the other, as a task of predicting the next symbol.
     *
     * @param batch the number of strings, at least 1
     * @throws IllegalArgumentException when the batch is empty
     */
    default Prediction batch(RandomStream random, int batch) {
        int[][] sequences = new int[Require.batch("batch", batch)][];
        for (int b = 0; b < batch; b++) {
            sequences[b] = generate(random);
        }
        return Prediction.of(this, sequences);
    }
}
