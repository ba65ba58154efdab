package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

class QuantileLossTest {
    @Test
    void isThePinballByHand() {
        Tensor y = Tensor.of(new float[][] {{1, 3}, {2, 5}}).requiresGradient();
        Tensor loss = Loss.quantile(y, Tensor.of(new float[] {2, 5}), 0.25, 0.75);
        // errors 1 and -1, 3 and 0: 0.25·1 + 0.25·1 + 0.25·3 + 0, over four
        assertEquals(1.25 / 4, loss.item(), 1e-7);
        loss.backward();
        assertArrayEquals(
                new float[] {-0.25f / 4, 0.25f / 4, -0.25f / 4, 0}, y.gradient().toArray(), 1e-7f);
    }

    @Test
    void halfIsHalfTheAbsoluteError() {
        Tensor y = Tensor.normal(RandomStream.of(1), 1, 3, 4, 1);
        Tensor d = Tensor.normal(RandomStream.of(2), 1, 3, 4);
        double expected = 0;
        double[] a = y.toDoubles();
        double[] b = d.toDoubles();
        for (int k = 0; k < a.length; k++) {
            expected += Math.abs(a[k] - b[k]) / 2 / a.length;
        }
        assertEquals(expected, Loss.quantile(y, d, 0.5).item(), 1e-6);
    }

    @Test
    void gradientAgreesWithFiniteDifferences() {
        Tensor w = Tensor.normal(RandomStream.of(3), 1, 3, 5).requiresGradient();
        Tensor x = Tensor.normal(RandomStream.of(4), 1, 7, 5);
        Tensor d = Tensor.normal(RandomStream.of(5), 5, 7);
        double error = GradientCheck.of(
                        Parameters.of("w", w), () -> Loss.quantile(Tensor.linear(x, w), d, 0.1, 0.5, 0.9))
                .error();
        assertTrue(error < 1e-3, "relative error " + error);
    }

    /** Of the numbers 1 to 99 the loss of level τ is least at 100 τ, when that is one of them. */
    @Test
    void leastAtTheQuantile() {
        float[] numbers = new float[99];
        for (int k = 0; k < 99; k++) {
            numbers[k] = (k * 37) % 99 + 1;
        }
        Tensor d = Tensor.of(numbers);
        for (double level : new double[] {0.1, 0.5, 0.9}) {
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int guess = 1; guess <= 99; guess++) {
                double loss = Loss.quantile(Tensor.full(guess, 99, 1), d, level).item();
                if (loss < least) {
                    least = loss;
                    best = guess;
                }
            }
            assertEquals(StrictMath.round(100 * level), best, "level " + level);
        }
    }

    @Test
    void aNaNIsNotHidden() {
        Tensor y = Tensor.of(new float[][] {{Float.NaN}});
        assertTrue(Float.isNaN(Loss.quantile(y, Tensor.of(new float[] {1}), 0.5).item()));
    }

    @Test
    void saysWhatDoesNotFit() {
        Tensor y = Tensor.zeros(4, 2);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Loss.quantile(y, Tensor.zeros(4), 0.5))
                .getMessage()
                .startsWith("quantile: prediction"));
        assertThrows(IllegalArgumentException.class, () -> Loss.quantile(y, Tensor.zeros(4), 0.5, 1));
        assertThrows(IllegalArgumentException.class, () -> Loss.quantile(y, Tensor.zeros(3), 0.1, 0.9));
        assertThrows(IllegalArgumentException.class, () -> Loss.quantile(Tensor.zeros(0, 1), Tensor.zeros(0), 0.5));
    }
}
