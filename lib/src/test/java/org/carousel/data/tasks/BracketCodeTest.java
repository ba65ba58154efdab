package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class BracketCodeTest {
    private static final BracketCode LANGUAGE = BracketCode.of(3, 3, 60);

    @Test
    void acceptsHandWrittenStrings() {
        for (String s : new String[] {
            "", "abc", "()", "a(b[c]{d})e", "()[]{}", "((()))", "\"\"", "\")\"", "(\"]((((\")", "[\"a\"\"b\"]"
        }) {
            assertTrue(LANGUAGE.accepts(LANGUAGE.parse(s)), s);
        }
        for (String s : new String[] {
            "(", ")", "(]", "([)]", "())", "(((())))", "\"", "a\"b", "(\")", "(\")\"", ")(", "\"\"\"", "[\"]\"}"
        }) {
            assertFalse(LANGUAGE.accepts(LANGUAGE.parse(s)), s);
        }
        assertFalse(LANGUAGE.accepts(99));
        assertFalse(LANGUAGE.accepts(-1));
    }

    @Test
    void depthAndQuotationsByHand() {
        BracketCode.Code code = LANGUAGE.read("f(\")\"[a])\"[");
        assertArrayEquals(new int[] {0, 1, 1, 1, 1, 2, 2, 1, 0, 0, 0}, code.depth());
        boolean[] quoted = new boolean[11];
        quoted[2] = true;
        quoted[3] = true;
        quoted[9] = true;
        quoted[10] = true;
        assertArrayEquals(quoted, code.quoted());
    }

    @Test
    void legalNextByHand() {
        BracketCode language = BracketCode.of(2, 1, 10);
        assertEquals("()[]\"abcdef", language.symbols());
        boolean[][] legal = language.legalNext(language.parse("a[\"\""));
        String[] sets = {"([\"abcdef", "]\"abcdef", "()[]\"abcdef", "]\"abcdef"};
        for (int t = 0; t < 4; t++) {
            for (int k = 0; k < 11; k++) {
                assertEquals(sets[t].indexOf(language.symbols().charAt(k)) >= 0, legal[t][k], "at " + t + ", " + k);
            }
        }
    }

    @Test
    void generatedStringsAreAccepted() {
        for (int kinds = 1; kinds <= 4; kinds++) {
            for (int length : new int[] {2, 3, 7, 60}) {
                BracketCode language = BracketCode.of(kinds, 4, length);
                RandomStream random = RandomStream.of(kinds);
                for (int n = 0; n < 300; n++) {
                    int[] s = language.generate(random);
                    assertEquals(length, s.length);
                    assertTrue(language.accepts(s), language.text(s));
                    assertTrue(reducesToNothing(language.text(s), 4), language.text(s));
                }
            }
        }
    }

    @Test
    void generatedStringsNestAndQuote() {
        RandomStream random = RandomStream.of(5);
        int[] depths = new int[4];
        int quoted = 0;
        int bracketsInQuotes = 0;
        for (int n = 0; n < 200; n++) {
            BracketCode.Code code = LANGUAGE.code(random);
            for (int t = 0; t < 60; t++) {
                depths[code.depth()[t]]++;
                quoted += code.quoted()[t] ? 1 : 0;
                bracketsInQuotes +=
                        code.quoted()[t] && "()[]{}".indexOf(code.text().charAt(t)) >= 0 ? 1 : 0;
            }
        }
        for (int depth : depths) {
            assertTrue(depth > 12_000 / 20, Arrays.toString(depths));
        }
        assertTrue(quoted > 12_000 / 10 && quoted < 12_000 / 2, "quoted: " + quoted);
        assertTrue(bracketsInQuotes > 300, "brackets in quotations: " + bracketsInQuotes);
    }

    @Test
    void aBracketThatCountsCannotBeChanged() {
        RandomStream random = RandomStream.of(6);
        int tried = 0;
        for (int n = 0; n < 100; n++) {
            BracketCode.Code code = LANGUAGE.code(random);
            int[] s = LANGUAGE.parse(code.text());
            for (int t = 0; t < s.length; t++) {
                boolean counts = s[t] < 6 && !code.quoted()[t];
                for (int symbol = 0; symbol < LANGUAGE.symbols().length(); symbol++) {
                    int[] corrupted = s.clone();
                    corrupted[t] = symbol;
                    if (counts && symbol != s[t] || s[t] == 6 && symbol != 6) {
                        tried++;
                        assertFalse(LANGUAGE.accepts(corrupted), LANGUAGE.text(corrupted));
                    } else if (code.quoted()[t] && s[t] != 6 && symbol != 6) {
                        assertTrue(LANGUAGE.accepts(corrupted), "in a quotation nothing counts");
                    }
                }
            }
        }
        assertTrue(tried > 10_000, "tried " + tried);
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible("ab6bbf7a", random -> Check.parts(LANGUAGE.batch(random, 4)));
        Check.reproducible("a9769337", random -> {
            BracketCode.Code code = LANGUAGE.code(random);
            return new Object[] {code.text(), code.depth(), code.quoted()};
        });
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails("bracket code: kinds 5 must be in 1..4 (of ()[]{}<>)", () -> BracketCode.of(5, 1, 9));
        Check.fails(
                "bracket code: deepest 0 must be in 1..65536 (how deep brackets may nest)",
                () -> BracketCode.of(1, 0, 9));
        Check.fails(
                "bracket code: length 1 must be in 2..16777216 (characters of a generated string)",
                () -> BracketCode.of(1, 1, 1));
        Check.fails(
                "read: symbol 3 at position 1 cannot stand there"
                        + " (depth 1 of at most 3; the symbols are ()[]{}\"abcdef)",
                () -> LANGUAGE.read("(]"));
        Check.fails(
                "legalNext: symbol 1 at position 0 cannot stand there"
                        + " (depth 0 of at most 3; the symbols are ()[]{}\"abcdef)",
                () -> LANGUAGE.legalNext(1));
    }

    /** The acceptor once more: take quotations and letters out, then pairs of brackets level by level. */
    private static boolean reducesToNothing(String text, int deepest) {
        String rest = text.replaceAll("\"[^\"]*\"", "").replaceAll("[a-f]", "");
        for (int level = 0; level < deepest; level++) {
            // the innermost pairs, marked so that a pair around them is not taken in the same round
            rest = rest.replaceAll("\\(\\.*\\)|\\[\\.*\\]|\\{\\.*\\}|<\\.*>", ".");
        }
        return rest.matches("\\.*");
    }
}
