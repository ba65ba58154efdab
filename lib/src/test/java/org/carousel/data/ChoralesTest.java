package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChoralesTest {
    private static final String TEXT =
            "{\"test\": [], \"train\": [[[60, 64], [], [62]], [[63],[61]]],\n \"valid\": [[[59], [67]]]}";

    @Test
    void readsTheThreePartsInAnyOrder() {
        Chorales chorales = Chorales.parse(TEXT);
        assertEquals(2, chorales.training().size());
        assertArrayEquals(new int[][] {{60, 64}, {}, {62}}, chorales.training().get(0));
        assertArrayEquals(new int[][] {{59}, {67}}, chorales.validation().get(0));
        assertTrue(chorales.test().isEmpty());
        assertArrayEquals(new int[] {59, 67}, chorales.range());
    }

    /** One file of the data set leaves a silent step empty, its sibling writes -1 for every silent voice. */
    @Test
    void bothWaysToWriteARestAreRead() {
        Chorales chorales = Chorales.parse("{\"train\": [[[60,64],[-1,62],[-1,-1],[]]], \"valid\": [], \"test\": []}");
        assertArrayEquals(
                new int[][] {{60, 64}, {62}, {}, {}}, chorales.training().get(0));
        assertArrayEquals(new int[] {60, 64}, chorales.range());
    }

    @Test
    void aBatchShiftsByOneStepAndPadsWithSilence() {
        Chorales.Batch batch = Chorales.batch(Chorales.parse(TEXT).training(), 60, 64);
        assertArrayEquals(new int[] {2, 1}, batch.lengths());
        assertArrayEquals(
                new float[] {1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
                batch.x().toArray());
        assertArrayEquals(
                new float[] {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
                batch.next().toArray());
    }

    @Test
    void batchesHoldEveryPieceOnceSortedByLength() {
        List<Chorales.Batch> batches = Chorales.batches(Chorales.parse(TEXT).training(), 1, 60, 64);
        assertEquals(2, batches.size());
        assertArrayEquals(new int[] {1}, batches.get(0).lengths());
        assertArrayEquals(new int[] {2}, batches.get(1).lengths());
    }

    @Test
    void whatDoesNotFitIsRefused() {
        List<int[][]> pieces = Chorales.parse(TEXT).training();
        assertThrows(IllegalArgumentException.class, () -> Chorales.batch(pieces, 61, 70));
        assertThrows(IllegalArgumentException.class, () -> Chorales.batch(List.of(), 60, 64));
        assertThrows(
                IllegalArgumentException.class, () -> Chorales.batch(List.<int[][]>of(new int[][] {{60}}), 60, 64));
        assertThrows(IllegalArgumentException.class, () -> Chorales.batches(pieces, 0, 60, 64));
    }

    @Test
    void malformedTextIsRefusedWithItsPlace() {
        for (String text : List.of(
                "",
                "{}",
                "{\"train\": []}",
                TEXT + "x",
                TEXT.replace("62", "-2"),
                TEXT.replace("62", "6200"),
                TEXT.substring(0, TEXT.length() - 1),
                TEXT.replace("\"valid\"", "\"valid"))) {
            assertThrows(IllegalArgumentException.class, () -> Chorales.parse(text), text);
        }
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Chorales.parse("{\"train\": [[6]]}"));
        assertTrue(String.valueOf(e.getMessage()).contains("character 12"), e.getMessage());
    }
}
