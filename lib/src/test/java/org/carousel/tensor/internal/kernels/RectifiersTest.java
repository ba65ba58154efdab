package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class RectifiersTest {
    private static final int N = 83; // whole vectors of every width, and a rest

    private static float[] values(long seed) {
        float[] x = Tensor.normal(RandomStream.of(seed), 2, N).toArray();
        System.arraycopy(
                new float[] {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-40f}, 0, x, 5, 6);
        return x;
    }

    private static float[][] all(Rectifiers of) {
        float[] x = values(1);
        float[] g = values(2);
        float[] relu = new float[N];
        float[] reluBack = values(3);
        float[] gelu = new float[N];
        float[] tanh = new float[N];
        float[] geluBack = values(3);
        of.relu(N - 1, x, 1, relu, 1);
        of.reluBackward(N - 1, g, 1, relu, 1, reluBack, 1);
        of.gelu(N - 1, x, 1, tanh, gelu);
        of.geluBackward(N - 1, g, x, 1, tanh, geluBack);
        return new float[][] {relu, reluBack, gelu, tanh, geluBack};
    }

    @Test
    void vectorsGiveTheBitsOfSingleElements() throws ReflectiveOperationException {
        assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        Rectifiers vector = Class.forName("org.carousel.tensor.internal.kernels.VectorKernelsRectifiers")
                .asSubclass(Rectifiers.class)
                .getDeclaredConstructor()
                .newInstance();
        float[][] expected = all(new Rectifiers());
        float[][] actual = all(vector);
        for (int k = 0; k < expected.length; k++) {
            for (int i = 0; i < N; i++) {
                assertEquals(Float.floatToIntBits(expected[k][i]), Float.floatToIntBits(actual[k][i]), k + " at " + i);
            }
        }
    }

    @Test
    void theirValues() {
        float[] x = {-2, 0, 3};
        float[] y = new float[3];
        Rectifiers.active().relu(3, x, 0, y, 0);
        assertArrayEquals(new float[] {0, 0, 3}, y);
        Rectifiers.active().gelu(3, x, 0, new float[3], y);
        assertArrayEquals(new float[] {-0.0454023f, 0, 2.9963627f}, y, 1e-6f); // PyTorch, approximate="tanh"
    }
}
