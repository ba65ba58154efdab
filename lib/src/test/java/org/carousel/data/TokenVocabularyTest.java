package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class TokenVocabularyTest {
    private static final List<String[]> TEXT =
            List.of(TokenVocabulary.words("the cat saw the dog"), TokenVocabulary.words("  the dog \t ran "));

    @Test
    void frequentTokensComeFirst() {
        TokenVocabulary vocabulary = TokenVocabulary.of(TEXT);
        assertEquals(8, vocabulary.size());
        assertArrayEquals(new String[] {"the", "dog", "cat", "ran", "saw"}, vocabulary.decode(3, 4, 5, 6, 7));
        assertArrayEquals(new int[] {3, 4, TokenVocabulary.UNKNOWN}, vocabulary.encode("the", "dog", "barked"));
        assertEquals("</s>", vocabulary.token(TokenVocabulary.END));
        assertTrue(vocabulary.contains("ran"));
        assertFalse(vocabulary.contains("<s>"));
        assertEquals(2, vocabulary.encode(TEXT).length);
        assertEquals(0, TokenVocabulary.words(" ").length);
    }

    @Test
    void rareTokensAreUnknown() {
        TokenVocabulary vocabulary = TokenVocabulary.of(TEXT, 2);
        assertEquals(5, vocabulary.size());
        assertArrayEquals(new int[] {3, 2, 2, 3, 4}, vocabulary.encode(TEXT.get(0)));
        assertThrows(IllegalArgumentException.class, () -> TokenVocabulary.of(TEXT, 9));
        assertThrows(IllegalArgumentException.class, () -> TokenVocabulary.of(List.of()));
        assertThrows(IllegalArgumentException.class, () -> TokenVocabulary.of(List.<String[]>of(new String[] {"<s>"})));
    }

    @Test
    void charactersAreCodePoints() {
        assertArrayEquals(new String[] {"a", "\uD83D\uDE00", "é"}, TokenVocabulary.characters("a\uD83D\uDE00é"));
    }

    @Test
    void pairsStayTogether() {
        int[][] sources = {{1}, {2, 2}, {3}};
        int[][] targets = {{10}, {20}, {30}};
        Pairs pairs = new Pairs(sources, targets);
        assertEquals(3, pairs.size());
        Pairs some = pairs.sample(RandomStream.of(1), 50);
        for (int k = 0; k < 50; k++) {
            assertEquals(10 * some.sources()[k][0], some.targets()[k][0]);
        }
        assertArrayEquals(new int[][] {{2, 2}, {3}}, pairs.range(1, 3).sources());
        assertThrows(IllegalArgumentException.class, () -> new Pairs(sources, new int[2][]));
    }
}
