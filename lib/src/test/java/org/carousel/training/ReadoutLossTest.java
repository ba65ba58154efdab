package org.carousel.training;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.carousel.layers.Affine;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loss that never has all logits equals the one that has. */
class ReadoutLossTest {
    private static final RandomStream RANDOM = RandomStream.of(5);

    /** Fewer rows than are worked on together, several times as many, and so many classes that it takes few rows. */
    @ParameterizedTest
    @CsvSource({"1, 7, 2", "31, 10, 5", "600, 33, 20", "530, 17, 300", "70, 9, 90000"})
    void equalsTheWhole(int rows, int size, int classes) {
        Affine head = Affine.of(size, classes, RANDOM.split("head"));
        float[] bias = Tensor.normal(RANDOM.split("b"), 0.3, classes).toArray();
        head.b().update(b -> System.arraycopy(bias, 0, b, 0, classes));
        int[] targets = targets(rows, classes);
        for (int n = 2; n < rows; n += 5) {
            targets[n] = Tensor.IGNORED;
        }
        Tensor whole = Tensor.normal(RANDOM.split("h"), 1, rows, size).requiresGradient();
        Tensor parts = Tensor.of(whole.toRows()).requiresGradient();

        Tensor expected = Loss.crossEntropy(head.apply(whole), targets);
        expected.backward();
        float[] dW = head.W().gradient().toArray();
        float[] db = head.b().gradient().toArray();
        head.parameters().clearGradients();
        Tensor loss = Loss.crossEntropy(head, parts, targets);
        loss.backward();

        assertEquals(expected.item(), loss.item(), 1e-6 * Math.abs(expected.item()));
        assertArrayEquals(whole.gradient().toArray(), parts.gradient().toArray());
        assertArrayEquals(dW, head.W().gradient().toArray());
        assertArrayEquals(db, head.b().gradient().toArray());
    }

    private static int[] targets(int rows, int classes) {
        RandomStream random = RANDOM.split("targets");
        return IntStream.range(0, rows).map(n -> random.nextInt(classes)).toArray();
    }

    @Test
    void rowsFitTheMemory() {
        assertEquals(256, ReadoutLoss.rows(10));
        assertEquals(256, ReadoutLoss.rows(10_000));
        assertEquals(80, ReadoutLoss.rows(50_000));
        assertEquals(16, ReadoutLoss.rows(1_000_000));
    }

    /** Sequences, a loss with a factor, gradients that add up. */
    @Test
    void isAnOperationLikeOthers() {
        Affine head = Affine.of(4, 6, RANDOM.split("head"));
        Tensor h = Tensor.normal(RANDOM.split("h"), 1, 2, 3, 4).requiresGradient();
        int[][] targets = {{0, 5, 1}, {2, Tensor.IGNORED, 3}};
        Loss.crossEntropy(head.apply(h), targets).backward();
        float[] once = head.W().gradient().toArray();
        Loss.crossEntropy(head, h, targets).times(2).backward();
        float[] thrice = head.W().gradient().toArray();
        for (int k = 0; k < once.length; k++) {
            assertEquals(3 * once[k], thrice[k], 1e-6);
        }
    }

    @Test
    void nothingIsLearntWithoutGradient() {
        Affine head = Affine.of(4, 6, RANDOM.split("head"));
        Tensor h = Tensor.normal(RANDOM.split("h"), 1, 3, 4);
        Tensor loss = Tensor.withoutGradient(() -> Loss.crossEntropy(head, h, 0, 1, 2));
        assertTrue(Double.isFinite(loss.item()));
        assertFalse(loss.needsGradient());
        assertFalse(head.W().hasGradient());
    }

    @Test
    void badInput() {
        Affine head = Affine.of(4, 6, RANDOM.split("head"));
        Tensor h = Tensor.zeros(3, 4);
        assertMessage(
                "crossEntropy: h [3×5] for weights [6×4]; [..×I] and [C×I] are needed",
                () -> Loss.crossEntropy(head, Tensor.zeros(3, 5), 0, 1, 2));
        assertMessage("crossEntropy: 2 targets for the 3 rows of h [3×4]", () -> Loss.crossEntropy(head, h, 0, 1));
        assertMessage("crossEntropy: target 6 of row 1 is outside 0..5", () -> Loss.crossEntropy(head, h, 0, 6, 2));
        int none = Tensor.IGNORED;
        assertMessage("crossEntropy: no row counts", () -> Loss.crossEntropy(head, h, none, none, none));
    }
}
