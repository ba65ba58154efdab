package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BinaryCrossEntropyTest {
    @Test
    void isTheDefinitionSummedOverOutputsAndMeanOverRows() {
        Tensor a = Tensor.normal(RandomStream.of(1), 3, 4, 1100); // more than one product of factors in a row
        Tensor d = Tensor.uniform(RandomStream.of(2), 0, 1, 4, 1100);
        double expected = 0;
        for (int n = 0; n < 4; n++) {
            for (int k = 0; k < 1100; k++) {
                double p = 1 / (1 + StrictMath.exp(-a.get(n, k)));
                expected -= (d.get(n, k) * StrictMath.log(p) + (1 - d.get(n, k)) * StrictMath.log(1 - p)) / 4;
            }
        }
        assertEquals(expected, Loss.binaryCrossEntropy(a, d).item(), 1e-5 * expected);
    }

    @Test
    void ignorantLogitsCostLnTwoPerOutput() {
        float loss = Loss.binaryCrossEntropy(Tensor.zeros(2, 5, 54), Tensor.zeros(2, 5, 54))
                .item();
        assertEquals(54 * StrictMath.log(2), loss, 1e-4);
    }

    @Test
    void staysFiniteAndExactForHugeLogits() {
        Tensor a = Tensor.of(new float[][] {{1000, -1000, 1000, -1000}}).requiresGradient();
        Tensor loss = Loss.binaryCrossEntropy(a, Tensor.of(new float[][] {{1, 0, 0, 1}}));
        assertEquals(2000, loss.item());
        loss.backward();
        assertEquals(1, a.gradient().get(0, 2));
        assertEquals(0, a.gradient().get(0, 0));
    }

    @Test
    void paddingNeitherCountsNorGetsAGradient() {
        Tensor a = Tensor.normal(RandomStream.of(3), 1, 2, 3, 4).requiresGradient();
        Tensor d = Tensor.zeros(2, 3, 4);
        Tensor loss = Loss.binaryCrossEntropy(a, d, 3, 1);
        double first =
                Loss.binaryCrossEntropy(a.slice(0, 0, 1), d.slice(0, 0, 1)).item();
        double second = Loss.binaryCrossEntropy(
                        a.slice(0, 1, 2).slice(1, 0, 1), d.slice(0, 1, 2).slice(1, 0, 1))
                .item();
        assertEquals((3 * first + second) / 4, loss.item(), 1e-5);
        loss.backward();
        assertEquals(
                0, a.gradient().slice(0, 1, 2).slice(1, 1, 3).squared().sum().item());
        assertTrue(a.gradient().get(1, 0, 0) > 0);
    }

    @Test
    void wrongArgumentsAreNamed() {
        Tensor a = Tensor.zeros(2, 3, 4);
        assertThrows(IllegalArgumentException.class, () -> Loss.binaryCrossEntropy(a, Tensor.zeros(2, 3, 5)));
        assertThrows(IllegalArgumentException.class, () -> Loss.binaryCrossEntropy(a, Tensor.full(1.5, 2, 3, 4)));
        assertThrows(IllegalArgumentException.class, () -> Loss.binaryCrossEntropy(a, a, 3));
        assertThrows(IllegalArgumentException.class, () -> Loss.binaryCrossEntropy(a, a, 4, 0));
        assertThrows(IllegalArgumentException.class, () -> Loss.binaryCrossEntropy(a, a, 0, 0));
    }
}
