package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairCorporaTest {
    @Test
    void pronunciationsOfAWordStayTogether() {
        Pronunciations all = Pronunciations.parse(
                List.of(
                        "'bout B AW1 T",
                        "read R EH1 D",
                        "read(2) R IY1 D # present",
                        "read(3) R EH0 D",
                        "a42128 EY1 F",
                        "cat K AE1 T"),
                "words");
        List<Pronunciations.Entry> entries = new ArrayList<>(all.training());
        entries.addAll(all.heldOut());
        assertEquals(2, entries.size());
        Pronunciations.Entry read = entries.stream()
                .filter(e -> e.word().equals("read"))
                .findFirst()
                .orElseThrow();
        assertEquals(2, read.phones().size(), "without stress the first and the third are the same");
        assertTrue(read.allows("R", "EH", "D"));
        assertTrue(read.allows("R", "IY", "D"));
        assertFalse(read.allows("R", "IY"));
        assertArrayEquals(new String[] {"r", "e", "a", "d"}, read.letters());
        assertEquals(
                "words line 2: \"alone\" has no phones",
                assertThrows(DatasetException.class, () -> Pronunciations.parse(List.of("a EY1", "alone"), "words"))
                        .getMessage());
    }

    @Test
    void aTenthIsHeldOut() {
        Pronunciations words = Pronunciations.parse(
                IntStream.range(0, 5000)
                        .mapToObj(n -> Integer.toString(n, 36).replaceAll("\\d", "x") + "q".repeat(n % 7) + " K")
                        .toList(),
                "words");
        double share = (double) words.heldOut().size()
                / (words.heldOut().size() + words.training().size());
        assertEquals(0.1, share, 0.015);
        long numbers = IntStream.range(0, 100_000).filter(Split::isHeldOut).count();
        assertEquals(10_000, numbers, 300);
    }

    @Test
    void sentencesInLowerCaseTokens() {
        Translations all = Translations.parse(
                List.of(
                        "I'm fine.\tJe vais bien\u202f!\tattribution",
                        "I'm fine.\tÇa va.",
                        "Is it 3%?\tEst-ce 3\u00a0% ?",
                        "This sentence is much too long.\tTrop longue."),
                "pairs",
                6);
        List<Translations.Pair> pairs = new ArrayList<>(all.training());
        pairs.addAll(all.heldOut());
        assertEquals(2, pairs.size());
        Translations.Pair fine = pairs.stream()
                .filter(p -> p.source()[0].equals("i'"))
                .findFirst()
                .orElseThrow();
        assertArrayEquals(new String[] {"i'", "m", "fine", "."}, fine.source());
        assertArrayEquals(new String[] {"je", "vais", "bien", "!"}, fine.target());
        assertEquals(
                "pairs line 1: \"no tab\" has no tab",
                assertThrows(DatasetException.class, () -> Translations.parse(List.of("no tab"), "pairs", 5))
                        .getMessage());
    }
}
