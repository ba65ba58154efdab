package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class CountingLanguageTest {
    @Test
    void acceptsHandWrittenStrings() {
        CountingLanguage two = CountingLanguage.anbn(1, 3);
        CountingLanguage three = CountingLanguage.anbncn(1, 3);
        for (String s : new String[] {"SabT", "SaabbT", "SaaaaabbbbbT"}) {
            assertTrue(two.accepts(two.parse(s)), s);
        }
        for (String s : new String[] {
            "", "S", "ST", "T", "SaT", "SbT", "SbaT", "SaabT", "SabbT", "SababT", "abT", "Saabb", "SabTT", "SSabT"
        }) {
            assertFalse(two.accepts(two.parse(s)), s);
        }
        for (String s : new String[] {"SabcT", "SaabbccT", "SaaaabbbbccccT"}) {
            assertTrue(three.accepts(three.parse(s)), s);
        }
        for (String s : new String[] {"ST", "SabT", "SaabbcT", "SaabccT", "SabcabcT", "SacbT", "Sabc", "SabccT"}) {
            assertFalse(three.accepts(three.parse(s)), s);
        }
    }

    @Test
    void anySymbolOfAStringMattersAndAllSizesOccur() {
        for (CountingLanguage language :
                new CountingLanguage[] {CountingLanguage.anbn(2, 5), CountingLanguage.anbncn(2, 5)}) {
            RandomStream random = RandomStream.of(1);
            int letters = language.symbols().length() - 2;
            int[] seen = new int[6];
            for (int n = 0; n < 200; n++) {
                int[] s = language.generate(random);
                assertTrue(language.accepts(s));
                seen[(s.length - 2) / letters]++;
                for (int t = 0; t < s.length; t++) {
                    int[] corrupted = s.clone();
                    corrupted[t] = (s[t] + 1) % language.symbols().length();
                    assertFalse(language.accepts(corrupted), language.text(corrupted));
                }
            }
            for (int size = 2; size <= 5; size++) {
                assertTrue(seen[size] > 25, size + " occurs " + seen[size] + " times");
            }
        }
    }

    @Test
    void legalNextByHand() {
        assertSets(CountingLanguage.anbn(1, 1), "SaaabbbT", "a", "ab", "ab", "ab", "b", "b", "T", "");
        assertSets(CountingLanguage.anbn(1, 1), "SabT", "a", "ab", "T", "");
        assertSets(CountingLanguage.anbncn(1, 1), "SaabbccT", "a", "ab", "ab", "b", "c", "c", "T", "");
        assertSets(CountingLanguage.anbncn(1, 1), "SabcT", "a", "ab", "c", "T", "");
        assertSets(CountingLanguage.anbncn(1, 1), "Saaab", "a", "ab", "ab", "ab", "b");
    }

    @Test
    void whatIsLegalIsWhatGoesOn() {
        // every prefix, extended by every symbol: legal exactly when some string of the language begins so
        CountingLanguage language = CountingLanguage.anbncn(1, 1);
        for (int n = 1; n <= 5; n++) {
            int[] s = language.string(n);
            boolean[][] legal = language.legalNext(s);
            for (int t = 0; t < s.length - 1; t++) {
                for (int k = 0; k < 5; k++) {
                    int[] extended = Arrays.copyOf(s, t + 2);
                    extended[t + 1] = k;
                    assertEquals(beginsSome(language, extended), legal[t][k], language.text(extended));
                }
            }
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "87915208", random -> Check.parts(CountingLanguage.anbncn(1, 10).batch(random, 16)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "counting language: low 0 must be in 1..16777216 (n is drawn from low..high)",
                () -> CountingLanguage.anbn(0, 3));
        Check.fails(
                "counting language: high 2 must be in 3..16777216 (n is drawn from low..high)",
                () -> CountingLanguage.anbncn(3, 2));
        CountingLanguage language = CountingLanguage.anbn(1, 3);
        Check.fails("string: n 0 must be in 1..16777216 (the number of a)", () -> language.string(0));
        Check.fails(
                "legalNext: symbol 3 at position 1 cannot stand there (the symbols are SabT)",
                () -> language.legalNext(0, 3));
        Check.fails(
                "legalNext: symbol 9 at position 0 cannot stand there (the symbols are SabT)",
                () -> language.legalNext(9));
    }

    private static boolean beginsSome(CountingLanguage language, int... prefix) {
        for (int n = 1; n <= prefix.length; n++) {
            int[] s = language.string(n);
            if (s.length >= prefix.length && Arrays.equals(Arrays.copyOf(s, prefix.length), prefix)) {
                return true;
            }
        }
        return false;
    }

    private static void assertSets(CountingLanguage language, String s, String... sets) {
        boolean[][] legal = language.legalNext(language.parse(s));
        assertEquals(sets.length, legal.length);
        for (int t = 0; t < legal.length; t++) {
            for (int k = 0; k < language.symbols().length(); k++) {
                assertEquals(sets[t].indexOf(language.symbols().charAt(k)) >= 0, legal[t][k], s + " at " + t);
            }
        }
    }
}
