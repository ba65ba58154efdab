package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MultiplyRowTest {
    /** In both orders, by panels and at their edges: one chain of multiply-adds per element, first x · W, then h · R. */
    @ParameterizedTest
    @CsvSource({"1, 1, 4", "5, 7, 128", "256, 256, 1024", "300, 20, 384", "3, 40, 100", "0, 9, 256"})
    void addsBothProductsInOrder(int inputs, int units, int n) {
        RandomStream random = RandomStream.of(3);
        float[] x = values(random, inputs + 2);
        float[] h = values(random, units + 1);
        float[] W = values(random, inputs * n);
        float[] R = values(random, units * n);
        float[] b = values(random, n + 3);
        float[] expected = new float[n];
        for (int j = 0; j < n; j++) {
            expected[j] = b[3 + j];
            for (int k = 0; k < inputs; k++) {
                expected[j] = Math.fma(x[2 + k], W[k * n + j], expected[j]);
            }
            for (int k = 0; k < units; k++) {
                expected[j] = Math.fma(h[1 + k], R[k * n + j], expected[j]);
            }
        }
        Kernels kernels = Kernels.active();
        PackedMatrix w = kernels.pack(false, inputs, n, W, 0, n, null);
        PackedMatrix r = kernels.pack(false, units, n, R, 0, n, null);
        for (int call = 0; call < 3; call++) {
            float[] c = new float[n];
            kernels.multiplyPair(1, x, 2, w, h, 1, r, b, 3, c);
            assertArrayEquals(expected, c);
        }
    }

    private static float[] values(RandomStream random, int n) {
        return Tensor.normal(random, 1, n).toArray();
    }
}
