package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;

/**
 * The Reber grammar and its embedded form: can a network keep one symbol while it follows an automaton?
 *
 * <p>The plain grammar is a small automaton whose two choices at each state are equally likely:
 *
 * <pre>
 * 0 -B→ 1     1 -T→ 2   2 -S→ 2   3 -T→ 3   4 -X→ 3   5 -P→ 4     6 -E→ end
 *             1 -P→ 3   2 -X→ 4   3 -V→ 5   4 -S→ 6   5 -V→ 6
 * </pre>
 *
 * <p>So BTSSXXTVVE is a string. The embedded grammar wraps it: B, then T or P, then a plain string, then the same T or P
 * again, then E, such as BT·BPVVE·TE. The last but one symbol can only be predicted from the second one, at least 6
 * symbols before; without that memory a network gets half of them right by chance. The continual form strings embedded
 * strings together without a mark between them: its acceptor takes one or more whole strings, and its {@link #generate}
 * one, because {@link ReberStream} is there to draw without end.
 *
 * <p>Source: Reber, Implicit learning of artificial grammars, 1967; embedded: Cleeremans, Servan-Schreiber and
 * McClelland, Finite state automata and simple recurrent networks, Neural Computation 1(3), 1989; Hochreiter and
 * Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997, experiment 1; continual: Gers, Schmidhuber and
 * Cummins, Learning to forget, Neural Computation 12(10), 2000. The papers leave the order of the symbols open; here it
 * is B T P S X V E.
 */
public final class ReberGrammar implements Grammar {
    private static final String SYMBOLS = "BTPSXVE";
    /** Edges of the plain grammar: state, symbol, state. */
    private static final String[] PLAIN = {
        "0B1", "1T2", "1P3", "2S2", "2X4", "3T3", "3V5", "4X3", "4S6", "5P4", "5V6", "6E7"
    };

    private static final int PLAIN_STATES = 8;
    private static final int NOWHERE = -1;

    private final int[][] edges; // state × symbol → state
    private final int end;

    private ReberGrammar(int states, int end) {
        this.edges = new int[states][SYMBOLS.length()];
        this.end = end;
        for (int[] row : edges) {
            Arrays.fill(row, NOWHERE);
        }
    }

    /** The plain grammar. */
    public static ReberGrammar plain() {
        ReberGrammar grammar = new ReberGrammar(PLAIN_STATES, PLAIN_STATES - 1);
        grammar.addPlain(0);
        return grammar;
    }

    /** The embedded grammar: B (T|P) plain (the same T|P) E. */
    public static ReberGrammar embedded() {
        int outer = 2 * PLAIN_STATES; // states: two copies of the plain grammar, then the four around them
        ReberGrammar grammar = new ReberGrammar(outer + 4, outer + 3);
        grammar.add(outer, 'B', outer + 1);
        grammar.add(outer + 1, 'T', 0);
        grammar.add(outer + 1, 'P', PLAIN_STATES);
        grammar.addPlain(0);
        grammar.addPlain(PLAIN_STATES);
        grammar.add(PLAIN_STATES - 1, 'T', outer + 2);
        grammar.add(2 * PLAIN_STATES - 1, 'P', outer + 2);
        grammar.add(outer + 2, 'E', outer + 3);
        return grammar;
    }

    /** One embedded string after the other: behind the last E comes the next B. */
    public static ReberGrammar continual() {
        ReberGrammar grammar = embedded();
        grammar.add(grammar.end, 'B', grammar.end - 2);
        return grammar;
    }

    @Override
    public String symbols() {
        return SYMBOLS;
    }

    @Override
    public int[] generate(RandomStream random) {
        int[] drawn = new int[16];
        int length = 0;
        for (int state = start(); state != end; length++) {
            if (length == drawn.length) {
                drawn = Arrays.copyOf(drawn, 2 * length);
            }
            drawn[length] = draw(state, random);
            state = edges[state][drawn[length]];
        }
        return Arrays.copyOf(drawn, length);
    }

    @Override
    public boolean accepts(int... sequence) {
        int state = start();
        for (int symbol : sequence) {
            state = follow(state, symbol);
            if (state == NOWHERE) {
                return false;
            }
        }
        return state == end;
    }

    @Override
    public boolean[][] legalNext(int... sequence) {
        boolean[][] legal = new boolean[sequence.length][];
        int state = start();
        for (int t = 0; t < sequence.length; t++) {
            state = follow(state, sequence[t]);
            if (state == NOWHERE) {
                throw new IllegalArgumentException("legalNext: symbol " + sequence[t] + " at position " + t
                        + " cannot stand there in a Reber string (the symbols are " + SYMBOLS + ")");
            }
            legal[t] = legal(state);
        }
        return legal;
    }

    int start() {
        return edges.length == PLAIN_STATES ? 0 : end - 3;
    }

    /** One of the legal symbols, each equally likely. */
    int draw(int state, RandomStream random) {
        int[] choices = new int[SYMBOLS.length()];
        int count = 0;
        for (int k = 0; k < choices.length; k++) {
            if (edges[state][k] != NOWHERE) {
                choices[count++] = k;
            }
        }
        return choices[count == 1 ? 0 : random.nextInt(count)];
    }

    /** The state a symbol leads to, {@code NOWHERE} (−1) when it must not stand there. */
    int follow(int state, int symbol) {
        return symbol < 0 || symbol >= SYMBOLS.length() ? NOWHERE : edges[state][symbol];
    }

    boolean[] legal(int state) {
        boolean[] legal = new boolean[SYMBOLS.length()];
        for (int k = 0; k < legal.length; k++) {
            legal[k] = edges[state][k] != NOWHERE;
        }
        return legal;
    }

    private void add(int from, char symbol, int to) {
        edges[from][SYMBOLS.indexOf(symbol)] = to;
    }

    private void addPlain(int offset) {
        for (String edge : PLAIN) {
            add(offset + edge.charAt(0) - '0', edge.charAt(1), offset + edge.charAt(2) - '0');
        }
    }
}
