package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;

/**
 * aⁿbⁿ and aⁿbⁿcⁿ: can a network count, and go on counting beyond the numbers it was trained on?
 *
 * <p>A string is S aⁿ bⁿ T or S aⁿ bⁿ cⁿ T with n ≥ 1. The first is context-free, the second context-sensitive. What may
 * follow:
 *
 * <pre>
 * after S: a     after an a: a, b     after a b: b while there are fewer b than a, then T (or c)     the same with c
 * </pre>
 *
 * <p>The usual test is to train with n ≤ 10 and to ask for which larger n every set of next symbols is still predicted
 * right, with {@link Prediction#setsRight}.
 *
 * <p>Source: Gers and Schmidhuber, LSTM recurrent networks learn simple context-free and context-sensitive languages,
 * IEEE Transactions on Neural Networks 12(6), 2001. Here n is drawn evenly from a range and the empty string (n = 0) is
 * not in the language.
 */
public final class CountingLanguage implements Grammar {
    private static final int LARGEST = 1 << 24;

    private final String symbols;
    private final int low;
    private final int high;

    private CountingLanguage(String symbols, int low, int high) {
        Require.inRange("counting language", "low", low, 1, LARGEST, "n is drawn from low..high");
        Require.inRange("counting language", "high", high, low, LARGEST, "n is drawn from low..high");
        this.symbols = symbols;
        this.low = low;
        this.high = high;
    }

    /**
     * aⁿbⁿ, the n of generated strings in low..high; the acceptor takes every n ≥ 1.
     *
     * @throws IllegalArgumentException unless 1 ≤ low ≤ high ≤ 2²⁴
     */
    public static CountingLanguage anbn(int low, int high) {
        return new CountingLanguage("SabT", low, high);
    }

    /**
     * aⁿbⁿcⁿ, the n of generated strings in low..high; the acceptor takes every n ≥ 1.
     *
     * @throws IllegalArgumentException unless 1 ≤ low ≤ high ≤ 2²⁴
     */
    public static CountingLanguage anbncn(int low, int high) {
        return new CountingLanguage("SabcT", low, high);
    }

    /** {@code SabT} or {@code SabcT}. */
    @Override
    public String symbols() {
        return symbols;
    }

    @Override
    public int[] generate(RandomStream random) {
        return string(random.nextInt(low, high + 1));
    }

    /**
     * The string of one n.
     *
     * @throws IllegalArgumentException unless 1 ≤ n ≤ 2²⁴
     */
    public int[] string(int n) {
        Require.inRange("string", "n", n, 1, LARGEST, "the number of a");
        int letters = symbols.length() - 2;
        int[] sequence = new int[letters * n + 2];
        for (int letter = 1; letter <= letters; letter++) {
            Arrays.fill(sequence, 1 + (letter - 1) * n, 1 + letter * n, letter);
        }
        sequence[sequence.length - 1] = letters + 1;
        return sequence;
    }

    @Override
    public boolean accepts(int... sequence) {
        int letters = symbols.length() - 2;
        int n = (sequence.length - 2) / letters;
        if (n < 1 || sequence.length != letters * n + 2) {
            return false;
        }
        for (int t = 1; t <= letters * n; t++) {
            if (sequence[t] != 1 + (t - 1) / n) {
                return false;
            }
        }
        return sequence[0] == 0 && sequence[sequence.length - 1] == letters + 1;
    }

    @Override
    public boolean[][] legalNext(int... sequence) {
        int end = symbols.length() - 1;
        boolean[][] legal = new boolean[sequence.length][end + 1];
        boolean[] allowed = new boolean[end + 1];
        allowed[0] = true;
        int n = 0;
        int run = 0; // how often the present letter has come
        for (int t = 0; t < sequence.length; t++) {
            int symbol = sequence[t];
            if (symbol < 0 || symbol > end || !allowed[symbol]) {
                throw new IllegalArgumentException("legalNext: symbol " + symbol + " at position " + t
                        + " cannot stand there (the symbols are " + symbols + ")");
            }
            run = t > 0 && sequence[t - 1] == symbol ? run + 1 : 1;
            n = symbol == 1 ? run : n;
            allowed = legal[t];
            allowed[symbol] = symbol == 1 || (symbol > 1 && symbol < end && run < n);
            if (symbol < 2 || (symbol < end && run == n)) {
                allowed[symbol + 1] = true;
            }
        }
        return legal;
    }
}
