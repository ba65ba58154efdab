package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;

/**
 * Strings like code: nested brackets of several kinds, letters, and quotations in which brackets do not count.
 *
 * <p>Tests counting, a stack, and a switch that turns both off. A string is right when every bracket is closed by its
 * own kind, in the right order, at most D deep, and every quotation is closed:
 *
 * <pre>
 * text        f ( " ) " [ a ] )
 * depth       0 1 1 1 1 2 2 1 0        brackets open after this character
 * quoted      0 0 1 1 0 0 0 0 0        inside a quotation after this character
 * </pre>
 *
 * <p>Without letters and quotes this is the Dyck language of k kinds of brackets. Cells that follow depth and quotations
 * were found in character models by Karpathy, Johnson and Fei-Fei, Visualizing and understanding recurrent networks,
 * arXiv:1506.02078, 2015, on the source code of Linux; this language is made for finding them. The probabilities are
 * ours: the letters together, the opening brackets together and the closing bracket have equal weight, a quote has a
 * fifth of it (two fifths to close); what could no longer be closed in time is left out.
 */
public final class BracketCode implements Grammar {
    private static final String BRACKETS = "()[]{}<>";
    private static final char QUOTE = '"';
    private static final String LETTERS = "abcdef";

    private final int kinds;
    private final int deepest;
    private final int length;
    private final String symbols;

    private BracketCode(int kinds, int deepest, int length) {
        this.kinds = Require.inRange("bracket code", "kinds", kinds, 1, 4, "of " + BRACKETS);
        this.deepest = Require.inRange("bracket code", "deepest", deepest, 1, 1 << 16, "how deep brackets may nest");
        this.length = Require.inRange("bracket code", "length", length, 2, 1 << 24, "characters of a generated string");
        this.symbols = BRACKETS.substring(0, 2 * kinds) + QUOTE + LETTERS;
    }

    /**
     * The language with some kinds of brackets.
     *
     * @param kinds how many of {@code ()}, {@code []}, {@code {}}, {@code <>}, in 1..4
     * @param deepest D, at least 1
     * @param length the length of generated strings, at least 2; the acceptor takes any
     * @throws IllegalArgumentException when one is out of range
     */
    public static BracketCode of(int kinds, int deepest, int length) {
        return new BracketCode(kinds, deepest, length);
    }

    /**
     * A text and what a network that reads it should know.
     *
     * @param text the characters
     * @param depth how many brackets are open after each character [T]
     * @param quoted whether each character leaves us inside a quotation [T]: true from the opening quote on, false at
     *     the closing one
     */
    public record Code(String text, int[] depth, boolean[] quoted) {}

    /** The brackets, the quote and the letters a..f. */
    @Override
    public String symbols() {
        return symbols;
    }

    @Override
    public int[] generate(RandomStream random) {
        int[] sequence = new int[length];
        Reader reader = new Reader();
        for (int t = 0; t < length; t++) {
            float[] weights = new float[symbols.length()];
            boolean[] legal = reader.legal();
            for (int k = 0; k < weights.length; k++) {
                weights[k] = legal[k] && reader.toClose(k) <= length - 1 - t ? weight(k, reader.quoted) : 0;
            }
            sequence[t] = random.choose(weights);
            reader.read(sequence[t]);
        }
        return sequence;
    }

    /** A generated string with its depths and quotations. */
    public Code code(RandomStream random) {
        return read(text(generate(random)));
    }

    /**
     * The depths and quotations of a string of the language, or of the beginning of one.
     *
     * @throws IllegalArgumentException when no string of the language begins so; the message names the position
     */
    public Code read(String text) {
        int[] sequence = parse(text);
        int[] depth = new int[sequence.length];
        boolean[] quoted = new boolean[sequence.length];
        Reader reader = new Reader();
        for (int t = 0; t < sequence.length; t++) {
            reader.require("read", sequence[t], t);
            depth[t] = reader.depth;
            quoted[t] = reader.quoted;
        }
        return new Code(text, depth, quoted);
    }

    @Override
    public boolean accepts(int... sequence) {
        Reader reader = new Reader();
        for (int symbol : sequence) {
            if (!reader.read(symbol)) {
                return false;
            }
        }
        return reader.depth == 0 && !reader.quoted;
    }

    /** As {@link Grammar#legalNext}; that a string may also end is not told, for there is no symbol for it. */
    @Override
    public boolean[][] legalNext(int... sequence) {
        boolean[][] legal = new boolean[sequence.length][];
        Reader reader = new Reader();
        for (int t = 0; t < sequence.length; t++) {
            reader.require("legalNext", sequence[t], t);
            legal[t] = reader.legal();
        }
        return legal;
    }

    private boolean isBracket(int symbol) {
        return symbol < 2 * kinds;
    }

    private boolean isQuote(int symbol) {
        return symbol == 2 * kinds;
    }

    private float weight(int symbol, boolean quoted) {
        if (isQuote(symbol)) {
            return quoted ? 0.4f : 0.2f; // quotations are short
        }
        if (!isBracket(symbol)) {
            return 1f / LETTERS.length();
        }
        // outside a quotation only one of the closing brackets is legal: it weighs as much as all opening ones
        return quoted ? 0.5f / kinds : symbol % 2 == 0 ? 1f / kinds : 1;
    }

    /** Reads symbol by symbol. */
    private final class Reader {
        private int[] open = new int[8]; // the closing brackets that are waited for
        private int depth;
        private boolean quoted;

        boolean[] legal() {
            boolean[] legal = new boolean[symbols.length()];
            for (int k = 0; k < legal.length; k++) {
                legal[k] = isLegal(k);
            }
            return legal;
        }

        boolean isLegal(int symbol) {
            if (symbol < 0 || symbol >= symbols.length()) {
                return false;
            }
            if (quoted || !isBracket(symbol)) {
                return true;
            }
            return symbol % 2 == 0 ? depth < deepest : depth > 0 && open[depth - 1] == symbol;
        }

        /** How many symbols are needed to close everything after this one. */
        int toClose(int symbol) {
            int quote = quoted != isQuote(symbol) ? 1 : 0;
            boolean counts = !quoted && isBracket(symbol);
            return depth + quote + (counts ? (symbol % 2 == 0 ? 1 : -1) : 0);
        }

        /** False, and nothing is read, when the symbol must not stand here. */
        boolean read(int symbol) {
            if (!isLegal(symbol)) {
                return false;
            }
            if (isQuote(symbol)) {
                quoted = !quoted;
            } else if (isBracket(symbol) && !quoted) {
                if (symbol % 2 == 0) {
                    if (depth == open.length) {
                        open = Arrays.copyOf(open, 2 * depth);
                    }
                    open[depth++] = symbol + 1;
                } else {
                    depth--;
                }
            }
            return true;
        }

        void require(String operation, int symbol, int position) {
            if (!read(symbol)) {
                throw new IllegalArgumentException(operation + ": symbol " + symbol + " at position " + position
                        + " cannot stand there (depth " + depth + " of at most " + deepest + "; the symbols are "
                        + symbols + ")");
            }
        }
    }
}
