package org.carousel.attention.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class MaskingTest {
    private static final int SPECIALS = 5;
    private static final int CLS = 2;
    private static final int SEP = 3;
    private static final int MASK = 4;
    private static final int V = 105;
    private static final Masking MASKING = Masking.standard(V, SPECIALS, MASK);

    /** [CLS], some ordinary tokens, [SEP]. */
    private static int[] sentence(int ordinary, RandomStream random) {
        int[] tokens = IntStream.range(0, ordinary + 2)
                .map(t -> random.nextInt(SPECIALS, V))
                .toArray();
        tokens[0] = CLS;
        tokens[ordinary + 1] = SEP;
        return tokens;
    }

    @Test
    void theSharesAreThoseOfThePaper() {
        RandomStream random = RandomStream.of(1);
        int chosen = 0;
        int hidden = 0;
        int same = 0;
        int sequences = 3000;
        for (int n = 0; n < sequences; n++) {
            int[] tokens = sentence(40, random);
            Masking.Masked masked = MASKING.apply(new int[][] {tokens}, random);
            assertEquals(6, masked.places().length, "15 % of 40");
            for (int k = 0; k < 6; k++) {
                int place = masked.places()[k];
                int token = masked.tokens()[0][place];
                assertEquals(tokens[place], masked.words()[k]);
                chosen++;
                hidden += token == MASK ? 1 : 0;
                same += token == tokens[place] ? 1 : 0;
            }
        }
        // five standard deviations of 18,000 draws: 0.015 at 0.8 and 0.011 at 0.1
        assertEquals(0.8, hidden / (double) chosen, 0.015);
        assertEquals(0.1 + 0.1 / (V - SPECIALS), same / (double) chosen, 0.012);
    }

    @Test
    void everyOrdinaryPlaceIsChosenEquallyOftenAndNoSpecialOne() {
        RandomStream random = RandomStream.of(2);
        int[] tokens = {CLS, 50, 51, SEP, 52, 53, 54, SEP};
        int[] counts = new int[tokens.length];
        for (int n = 0; n < 10_000; n++) {
            Masking.Masked masked = MASKING.apply(new int[][] {tokens}, random);
            assertEquals(1, masked.places().length);
            counts[masked.places()[0]]++;
            for (int t = 0; t < tokens.length; t++) {
                int token = masked.tokens()[0][t];
                assertTrue(t == masked.places()[0] ? token == MASK || token >= SPECIALS : token == tokens[t]);
            }
        }
        for (int t = 0; t < tokens.length; t++) {
            assertEquals(tokens[t] < SPECIALS ? 0 : 2000, counts[t], tokens[t] < SPECIALS ? 0 : 200);
        }
    }

    @Test
    void placesAreRowsOfABatch() {
        int[][] tokens = {{CLS, 60, SEP}, {CLS, 61, 62, 63, SEP}, {64}};
        Masking.Masked masked = MASKING.apply(tokens, RandomStream.of(3));
        int[] places = masked.places();
        assertEquals(3, places.length, "at least one in each");
        assertEquals(1, places[0]);
        assertTrue(places[1] >= 6 && places[1] <= 8);
        assertEquals(10, places[2]);
        assertArrayEquals(new int[] {60, tokens[1][places[1] - 5], 64}, masked.words());
        assertArrayEquals(new int[] {CLS, 60, SEP}, tokens[0], "what is given stays as it is");
        assertArrayEquals(
                places, MASKING.apply(tokens, RandomStream.of(3)).places(), "the same stream, the same holes");
    }

    @Test
    void givenPlacesAreHidden() {
        int[][] tokens = {{CLS, 60, 61, SEP}, {CLS, 62, SEP}};
        Masking.Masked masked = MASKING.at(tokens, 2, 1);
        assertArrayEquals(new int[] {CLS, 60, MASK, SEP}, masked.tokens()[0]);
        assertArrayEquals(new int[] {CLS, MASK, SEP}, masked.tokens()[1]);
        assertArrayEquals(new int[] {2, 5}, masked.places());
        assertArrayEquals(new int[] {61, 62}, masked.words());
        assertThrows(IllegalArgumentException.class, () -> MASKING.at(tokens, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> MASKING.at(tokens, 2));
    }

    @Test
    void whatCannotBeMasked() {
        assertEquals(
                "masking: sequence 1 of 2 tokens has none but special ones; nothing can be hidden",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> MASKING.apply(new int[][] {{CLS, 9}, {CLS, SEP}}, RandomStream.of(1)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Masking.standard(5, 5, 4));
        assertThrows(IllegalArgumentException.class, () -> Masking.standard(9, 5, 5));
        assertThrows(IllegalArgumentException.class, () -> new Masking(9, 5, 4, 0, 0.8, 0.1));
        assertThrows(IllegalArgumentException.class, () -> new Masking(9, 5, 4, 0.15, 0.8, 0.3));
    }

    @Test
    void pairsOfSentences() {
        List<int[][]> documents =
                List.of(new int[][] {{10}, {11, 11}, {12}}, new int[][] {{20}, {21}}, new int[][] {{30, 30, 30}});
        SentencePairs pairs = SentencePairs.of(documents, CLS, SEP);
        RandomStream random = RandomStream.of(4);
        int following = 0;
        for (int n = 0; n < 4000; n++) {
            SentencePairs.Pair pair = pairs.draw(random);
            int[] tokens = pair.tokens();
            int middle = IntStream.range(0, tokens.length)
                    .filter(t -> tokens[t] == SEP)
                    .findFirst()
                    .orElseThrow();
            int first = tokens[middle - 1];
            int second = tokens[middle + 1];
            assertEquals(CLS, tokens[0]);
            assertEquals(SEP, tokens[tokens.length - 1]);
            assertTrue(pair.next() ? second == first + 1 : second / 10 != first / 10, Arrays.toString(tokens));
            for (int t = 0; t < tokens.length; t++) {
                assertEquals(t > middle ? 1 : 0, pair.segments()[t]);
            }
            following += pair.next() ? 1 : 0;
        }
        assertEquals(2000, following, 160);
        assertThrows(IllegalArgumentException.class, () -> SentencePairs.of(documents.subList(0, 1), CLS, SEP));
        assertThrows(
                IllegalArgumentException.class,
                () -> SentencePairs.of(List.of(documents.get(2), documents.get(2)), CLS, SEP));
        assertThrows(
                IllegalArgumentException.class,
                () -> SentencePairs.of(List.of(documents.get(0), new int[0][]), CLS, SEP));
    }
}
