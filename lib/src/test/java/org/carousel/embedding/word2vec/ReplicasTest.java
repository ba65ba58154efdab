package org.carousel.embedding.word2vec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.internal.kernels.RowTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicasTest {
    private static final int ROWS = 5000;
    private static final int DIMENSION = 3;

    private static RowTable table() {
        RandomStream random = RandomStream.of(1);
        RowTable table = new RowTable(ROWS, DIMENSION);
        for (int r = 0; r < ROWS; r++) {
            table.set(r, random(random), 0);
        }
        return table;
    }

    private static float[] random(RandomStream random) {
        return new float[] {random.nextFloat(), random.nextFloat(), random.nextFloat()};
    }

    private static float[] row(RowTable table, int row) {
        float[] result = new float[DIMENSION];
        table.get(row, result, 0);
        return result;
    }

    private static float[] row(Rows rows, int row) {
        int[] place = {row};
        rows.locate(1, place);
        return row(rows.table(), place[0]);
    }

    private static void set(Rows rows, int row, float... values) {
        int[] place = {row};
        rows.locate(1, place);
        rows.table().set(place[0], values, 0);
    }

    /** Which copies a replica has does not matter: bit for bit the same as with copies of everything. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void usedRowsAreJoinedAsWholeCopies(int count) {
        RowTable whole = table();
        RowTable used = table();
        Replicas ofWhole = new Replicas(whole, false);
        Replicas ofUsed = new Replicas(used, true);
        Rows[] wholes = IntStream.range(0, count).mapToObj(r -> ofWhole.add()).toArray(Rows[]::new);
        Rows[] useds = IntStream.range(0, count).mapToObj(r -> ofUsed.add()).toArray(Rows[]::new);
        RandomStream random = RandomStream.of(2);
        for (int round = 0; round < 3; round++) {
            for (int step = 0; step < 4000; step++) { // more rows than there is room for at first
                int r = random.nextInt(count);
                int row = random.nextInt(ROWS);
                assertArrayEquals(row(wholes[r], row), row(useds[r], row));
                float[] values = random(random);
                set(wholes[r], row, values);
                set(useds[r], row, values);
            }
            ofWhole.join(ROWS);
            ofUsed.join(ROWS);
            for (int row = 0; row < ROWS; row++) {
                assertArrayEquals(row(whole, row), row(used, row));
            }
        }
    }

    @Test
    void placesOfSeveralRowsAreFoundAtOnce() {
        RowTable base = table();
        Rows rows = new UsedRows(base);
        int[] first = {7, 4999, 7};
        rows.locate(2, first);
        assertEquals(7, first[2], "only the first two were asked for");
        int[] again = {4999, 7, 7};
        rows.locate(3, again);
        assertArrayEquals(new int[] {first[1], first[0], first[0]}, again);
        assertArrayEquals(row(base, 4999), row(rows.table(), first[1]));
    }

    @Test
    void rareRowsWaitForTheirJoining() {
        RowTable base = table();
        float[] before = row(base, 30);
        Replicas replicas = new Replicas(base, false);
        Rows one = replicas.add();
        Rows two = replicas.add();
        set(one, 5, 9, 9, 9);
        set(one, 30, 9, 9, 9);
        replicas.join(10);
        assertArrayEquals(new float[] {9, 9, 9}, row(base, 5));
        assertArrayEquals(new float[] {9, 9, 9}, row(two, 5));
        assertArrayEquals(before, row(base, 30));
        assertArrayEquals(before, row(two, 30));
        assertArrayEquals(new float[] {9, 9, 9}, row(one, 30), "it keeps its move");
        replicas.join(ROWS);
        assertArrayEquals(new float[] {9, 9, 9}, row(base, 30));
        assertArrayEquals(new float[] {9, 9, 9}, row(two, 30));
    }

    @Test
    void usedRowsAreGivenUpAllAtOnce() {
        assertThrows(IllegalArgumentException.class, () -> new UsedRows(table()).joined(10));
    }

    /** Between the joinings of a round the replicas differ in rare words, after it in none. */
    @ParameterizedTest
    @EnumSource
    void trainingMayEndAfterEveryRound(Word2Vec.Architecture architecture) {
        Word2Vec config = Word2Vec.skipGram()
                .architecture(architecture)
                .minimumCount(1)
                .sample(0)
                .dimension(DIMENSION)
                .replicas(2);
        RandomStream random = RandomStream.of(3);
        String[] lines = IntStream.range(0, 4000)
                .mapToObj(i -> String.join(
                        " ",
                        IntStream.range(0, 5)
                                .mapToObj(j -> "w" + random.nextInt(100))
                                .toList()))
                .toArray(String[]::new);
        Corpus corpus = Corpus.ofText(lines);
        Vocabulary vocabulary = Vocabulary.of(corpus, 1);
        Word2VecModel once = Word2VecModel.of(config, vocabulary);
        Word2VecModel often = Word2VecModel.of(config, vocabulary);
        try (EncodedText text = EncodedText.of(corpus, vocabulary)) {
            float[] begin = often.vectors();
            new Training(once, text, progress -> {}).run(6);
            for (int i = 0; i < 6; i++) {
                new Training(often, text, progress -> {}).run(1);
            }
            assertNotEquals(Arrays.toString(begin), Arrays.toString(often.vectors()));
        }
        assertArrayEquals(once.vectors(), often.vectors());
        assertArrayEquals(once.outputVectors(), often.outputVectors());
    }
}
