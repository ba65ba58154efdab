package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "ab, ba, 2", "flaw, lawn, 2"})
    void editDistance(String from, String to, int expected) {
        assertEquals(expected, EditDistance.of(from, to));
        assertEquals(expected, EditDistance.of(to, from));
    }

    @Test
    void errorRateOfASet() {
        List<int[]> candidates = List.of(new int[] {1, 2}, new int[] {5});
        List<int[]> references = List.of(new int[] {1, 3, 2}, new int[] {5});
        assertEquals(0.25, EditDistance.rate(candidates, references));
        assertThrows(IllegalArgumentException.class, () -> EditDistance.rate(candidates, List.of()));
        assertThrows(IllegalArgumentException.class, () -> EditDistance.rate(List.of(), List.of()));
    }

    private static String[] words(String text) {
        return text.split(" ");
    }

    @Test
    void bleuByHand() {
        assertEquals(1, Bleu.of(List.<String[]>of(words("a b c d e")), List.<String[]>of(words("a b c d e"))), 1e-12);
        // 5 of 6 words, 3 of 5 pairs, 2 of 4 triples, 1 of 3 quadruples; no penalty
        double expected = Math.pow(5.0 / 6 * 3 / 5 * 2 / 4 * 1 / 3, 0.25);
        assertEquals(
                expected,
                Bleu.of(List.<String[]>of(words("a b c d x e")), List.<String[]>of(words("a b c d e"))),
                1e-12);
        // all of them right, but 4 words for 6
        assertEquals(
                Math.exp(1 - 6.0 / 4),
                Bleu.of(List.<String[]>of(words("a b c d")), List.<String[]>of(words("a b c d e f"))),
                1e-12);
        // a word counts as often as it stands in the reference
        assertEquals(
                0, Bleu.of(List.<String[]>of(words("the the the the")), List.<String[]>of(words("the cat is here"))));
        assertThrows(IllegalArgumentException.class, () -> Bleu.of(List.of(), List.of()));
    }
}
