package org.carousel.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionTest {
    /** Forward and all three gradients have the bits of the equation; images of one row and of less than the kernel. */
    @ParameterizedTest
    @CsvSource({
        "2, 7, 5, 3, 4, 3, 3",
        "3, 1, 9, 2, 3, 1, 5",
        "1, 2, 2, 1, 2, 5, 5",
        "4, 40, 30, 6, 5, 3, 1",
        "3, 9, 21, 16, 32, 3, 3",
        "2, 5, 35, 32, 40, 1, 3",
        "2, 4, 300, 17, 19, 3, 3"
    })
    void blocksEqualTheWindows(int batch, int rows, int columns, int channels, int outputs, int height, int width) {
        RandomStream random = RandomStream.of(4);
        Convolution layer = Convolution.of(channels, outputs, height, width, random);
        layer.b().update(b -> java.util.Arrays.fill(b, 0.25f));
        Tensor x = Tensor.normal(random.split("x"), 1, batch, rows, columns, channels);
        Parameters all = Parameters.of("layer", layer).and("x", x);
        Tensor outer = Tensor.normal(random.split("outer"), 1, batch, rows, columns, outputs);
        Tensor expected = layer.byWindows(x);
        expected.backward(outer);
        float[][] gradients = new float[3][];
        int k = 0;
        for (Tensor p : all.tensors()) {
            gradients[k++] = p.gradient().toArray();
        }
        all.clearGradients();
        Tensor actual = layer.apply(x);
        actual.backward(outer);
        assertArrayEquals(expected.toArray(), actual.toArray());
        k = 0;
        for (var p : all) {
            assertArrayEquals(gradients[k++], p.getValue().gradient().toArray(), "gradient of " + p.getKey());
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "1, 3", "5, 1"})
    void gradientsAgreeWithDifferences(int height, int width) {
        RandomStream random = RandomStream.of(5);
        Convolution layer = Convolution.of(2, 3, height, width, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 2, 4, 3, 2);
        GradientCheck check = GradientCheck.of(Parameters.of("layer", layer).and("x", x), () -> layer.apply(x));
        assertTrue(check.error() < 1e-3, check.toString());
    }
}
