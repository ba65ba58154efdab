package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ReberGrammarTest {
    /** The plain language once more, as a regular expression: states 3 and 5 of the T and P loops written out. */
    private static final String LOOP = "T*V(PXT*V)*(V|PS)"; // from state 3 to 6

    private static final String PLAIN = "B(TS*X(S|X" + LOOP + ")|P" + LOOP + ")E";
    private static final String EMBEDDED = "B(T" + PLAIN + "T|P" + PLAIN + "P)E";
    private static final String[] RIGHT = {"BTXSE", "BPVVE", "BTSSXSE", "BTXXVVE", "BPTTVPSE", "BTSSXXTVVE", "BPVPXTVVE"
    };
    private static final String[] WRONG = {
        "", "B", "E", "BE", "BTXS", "TXSE", "BTXSEE", "BTSE", "BPXSE", "BTXXSE", "BPVPE", "BTXSEB", "BTTXSE"
    };

    @Test
    void plainAcceptsHandWrittenStrings() {
        ReberGrammar grammar = ReberGrammar.plain();
        for (String s : RIGHT) {
            assertTrue(grammar.accepts(grammar.parse(s)), s);
        }
        for (String s : WRONG) {
            assertFalse(grammar.accepts(grammar.parse(s)), s);
        }
        assertFalse(grammar.accepts(0, 7, 5));
        assertFalse(grammar.accepts(0, -1));
    }

    @Test
    void embeddedRemembersTheSecondSymbol() {
        ReberGrammar grammar = ReberGrammar.embedded();
        for (String s : RIGHT) {
            assertTrue(grammar.accepts(grammar.parse("BT" + s + "TE")), s);
            assertTrue(grammar.accepts(grammar.parse("BP" + s + "PE")), s);
            assertFalse(grammar.accepts(grammar.parse("BT" + s + "PE")), s);
            assertFalse(grammar.accepts(grammar.parse("BP" + s + "TE")), s);
            assertFalse(grammar.accepts(grammar.parse(s)), s);
        }
        for (String s : WRONG) {
            assertFalse(grammar.accepts(grammar.parse("BT" + s + "TE")), s);
        }
    }

    @Test
    void continualTakesOneOrMoreWholeStrings() {
        ReberGrammar grammar = ReberGrammar.continual();
        assertTrue(grammar.accepts(grammar.parse("BTBTXSETE")));
        assertTrue(grammar.accepts(grammar.parse("BTBTXSETEBPBPVVEPE")));
        assertFalse(grammar.accepts(grammar.parse("BTBTXSETEBPBPVVETE")));
        assertFalse(grammar.accepts(grammar.parse("BTBTXSETEB")));
        assertFalse(grammar.accepts());
        assertFalse(ReberGrammar.embedded().accepts(grammar.parse("BTBTXSETEBPBPVVEPE")));
    }

    @Test
    void acceptorAgreesWithTheRegularExpressionOnAllShortStrings() {
        ReberGrammar plain = ReberGrammar.plain();
        Pattern pattern = Pattern.compile(PLAIN);
        int accepted = 0;
        for (int length = 1; length <= 7; length++) {
            int[] s = new int[length];
            for (int number = 0; number < Math.pow(7, length - 1); number++) {
                int rest = number; // all strings that start with B
                for (int t = 1; t < length; t++, rest /= 7) {
                    s[t] = rest % 7;
                }
                boolean accepts = plain.accepts(s);
                accepted += accepts ? 1 : 0;
                if (accepts != pattern.matcher(plain.text(s)).matches()) {
                    assertEquals("the expression's answer", plain.text(s));
                }
            }
        }
        assertTrue(accepted > 8, "some strings are right: " + accepted);
    }

    @Test
    void generatedStringsAreAcceptedAndBothBranchesOccur() {
        Object[][] cases = {
            {ReberGrammar.plain(), PLAIN}, {ReberGrammar.embedded(), EMBEDDED}, {ReberGrammar.continual(), EMBEDDED}
        };
        for (Object[] one : cases) {
            ReberGrammar grammar = (ReberGrammar) one[0];
            Pattern pattern = Pattern.compile((String) one[1]);
            RandomStream random = RandomStream.of(3);
            int withT = 0;
            Set<String> different = new HashSet<>();
            for (int n = 0; n < 1000; n++) {
                int[] s = grammar.generate(random);
                assertTrue(grammar.accepts(s));
                assertTrue(pattern.matcher(grammar.text(s)).matches(), grammar.text(s));
                assertArrayEquals(s, grammar.parse(grammar.text(s)));
                different.add(grammar.text(s));
                withT += grammar.text(s).charAt(1) == 'T' ? 1 : 0;
            }
            assertTrue(withT > 440 && withT < 560, "T in " + withT + " of 1000");
            assertTrue(different.size() > 100, different.size() + " different");
        }
    }

    @Test
    void theSecondLastSymbolOfAnEmbeddedStringCannotBeChanged() {
        ReberGrammar grammar = ReberGrammar.embedded();
        RandomStream random = RandomStream.of(4);
        for (int n = 0; n < 100; n++) {
            int[] s = grammar.generate(random);
            for (int at : new int[] {0, 1, 2, s.length - 3, s.length - 2, s.length - 1}) {
                int[] corrupted = s.clone();
                for (int symbol = 0; symbol < 7; symbol++) {
                    corrupted[at] = symbol;
                    assertEquals(symbol == s[at], grammar.accepts(corrupted), grammar.text(corrupted));
                }
            }
        }
    }

    @Test
    void legalNextIsWhatSomeStringContinuesWith() {
        ReberGrammar grammar = ReberGrammar.embedded();
        String s = "BPBTSXXVPSEPE";
        String[] sets = {"TP", "B", "TP", "SX", "SX", "SX", "TV", "PV", "XS", "E", "P", "E", ""};
        assertSets(grammar, s, sets);
        sets[12] = "B";
        assertSets(ReberGrammar.continual(), s, sets);
        assertSets(ReberGrammar.plain(), "BTSX", new String[] {"TP", "SX", "SX", "XS"});
        Check.fails(
                "legalNext: symbol 4 at position 2 cannot stand there in a Reber string (the symbols are BTPSXVE)",
                () -> grammar.legalNext(grammar.parse("BTX")));
    }

    @Test
    void batchHoldsTheStrings() {
        ReberGrammar grammar = ReberGrammar.embedded();
        Prediction p = grammar.batch(RandomStream.of(5), 20);
        RandomStream again = RandomStream.of(5);
        for (int b = 0; b < 20; b++) {
            int[] s = grammar.generate(again);
            assertEquals(s.length - 1, p.lengths()[b]);
            boolean[][] legal = grammar.legalNext(s);
            int[] inputs = Check.symbols(p.x(), b, p.lengths()[b]);
            for (int t = 0; t < p.x().size(1); t++) {
                boolean inside = t < s.length - 1;
                assertEquals(inside ? s[t + 1] : -1, p.next()[b][t]);
                for (int k = 0; k < 7; k++) {
                    assertEquals(inside && legal[t][k] ? 1 : 0, p.legal().get(b, t, k));
                }
                if (inside) {
                    assertEquals(s[t], inputs[t]);
                }
            }
        }
    }

    @Test
    void strictCriteria() {
        Prediction p = ReberGrammar.embedded().batch(RandomStream.of(6), 3);
        int k = 7;
        int steps = p.x().size(1);
        float[] scores = p.legal().toArray();
        assertArrayEquals(new boolean[] {true, true, true}, p.rankedRight(p.legal()));
        assertArrayEquals(new boolean[] {true, true, true}, p.setsRight(p.legal(), 0.5));
        int last = (1 * steps + p.lengths()[1] - 1) * k; // only E is legal at the last step
        scores[last] = 1;
        Tensor wrong = Tensor.wrap(scores, p.x().shape());
        assertArrayEquals(new boolean[] {true, false, true}, p.rankedRight(wrong));
        assertArrayEquals(new boolean[] {true, false, true}, p.setsRight(wrong, 0.5));
        scores[last] = 0.75f; // below the legal one, above the threshold
        assertArrayEquals(new boolean[] {true, true, true}, p.rankedRight(Tensor.wrap(scores, p.x().shape())));
        assertArrayEquals(new boolean[] {true, false, true}, p.setsRight(Tensor.wrap(scores, p.x().shape()), 0.5));
        scores[last] = Float.NaN;
        assertArrayEquals(new boolean[] {true, false, true}, p.rankedRight(Tensor.wrap(scores, p.x().shape())));
        assertArrayEquals(new boolean[] {true, false, true}, p.setsRight(Tensor.wrap(scores, p.x().shape()), 0.5));
        Check.fails(
                "rankedRight: scores [3×2] must be " + p.x().shapeText() + ", one score per sequence, step and symbol",
                () -> p.rankedRight(Tensor.zeros(3, 2)));
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "80985071", random -> Check.parts(ReberGrammar.embedded().batch(random, 16)));
    }

    @Test
    void badArgumentsAreNamed() {
        ReberGrammar grammar = ReberGrammar.plain();
        Check.fails("parse: 'Q' at position 1 is not one of the symbols BTPSXVE", () -> grammar.parse("BQ"));
        Check.fails("text: symbol 7 at position 0 is not in 0..6 (the symbols are BTPSXVE)", () -> grammar.text(7));
        Check.fails(
                "batch: batch 0 must be at least 1 (the number of sequences)",
                () -> grammar.batch(RandomStream.of(1), 0));
        assertEquals("[2×7]", grammar.oneHot(0, 6).shapeText());
    }

    private static void assertSets(ReberGrammar grammar, String s, String[] sets) {
        boolean[][] legal = grammar.legalNext(grammar.parse(s));
        assertEquals(s.length(), legal.length);
        for (int t = 0; t < legal.length; t++) {
            for (int k = 0; k < 7; k++) {
                assertEquals(sets[t].indexOf("BTPSXVE".charAt(k)) >= 0, legal[t][k], s + " at " + t);
            }
        }
    }
}
