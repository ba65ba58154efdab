package org.carousel.tensor.internal.kernels.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.ConvolutionBlocks;
import org.carousel.tensor.internal.kernels.ConvolutionBlocks.Shape;
import org.carousel.tensor.internal.kernels.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WinogradTest {
    /** Even and odd sizes, all paddings, one and several groups of channels: as the equation, and one sum of bits for all. */
    @ParameterizedTest
    @CsvSource({
        "2, 16, 16, 16, 32, 1, 1, d7cb34a2",
        "3, 9, 21, 32, 16, 1, 1, 57564640",
        "1, 10, 11, 48, 48, 0, 2, 54c471df",
        "2, 8, 40, 16, 80, 2, 0, 2ce368e1",
        "2, 11, 70, 16, 16, 1, 1, a11746b1",
        "1, 65, 3, 16, 16, 0, 0, 2c6f6e3"
    })
    void agreesWithTheEquation(
            int batch,
            int rows,
            int columns,
            int channels,
            int outputs,
            int rowPadding,
            int columnPadding,
            String sum) {
        Shape shape = new Shape(batch, rows, columns, channels, 3, 3, outputs, 1, 1, rowPadding, columnPadding, 1, 1);
        assertEquals((rows + 2 * rowPadding - 2) * (columns + 2 * columnPadding - 2) >= 100, Winograd.suits(shape));
        RandomStream random = RandomStream.of(8);
        float[] x = values(random, batch * rows * columns * channels);
        float[] W = values(random, outputs * 9 * channels);
        float[] b = values(random, outputs);
        float[] g = values(random, batch * shape.placeRows() * shape.placeColumns() * outputs);
        float[] dx = values(random, x.length);
        float[] dW = values(random, W.length);
        float[] dxEquation = dx.clone();
        float[] dWEquation = dW.clone();
        var blocks = new ConvolutionBlocks(shape);
        var packed = Kernels.active().pack(true, 9 * channels, outputs, W, 0, 9 * channels, null);
        blocks.weightGradient(x, 0, g, dWEquation);
        blocks.inputGradient(g, W, 0, dxEquation);
        var winograd = new Winograd(shape);
        float[] y = winograd.forward(x, 0, W, 0, b, 0);
        winograd.weightGradient(x, 0, g, dW);
        winograd.inputGradient(g, W, 0, dx);
        assertClose("forward", blocks.forward(x, 0, packed, b, 0), y);
        assertClose("weights", dWEquation, dW);
        assertClose("input", dxEquation, dx);
        assertEquals(sum, Long.toHexString(sum(y, dW, dx)));
    }

    /** Images do not meet: the same bits alone and in a batch, which is what sharing among threads depends on. */
    @Test
    void imagesAloneHaveTheSameBits() {
        RandomStream random = RandomStream.of(9);
        int n = 12 * 13 * 16;
        float[] x = values(random, 3 * n);
        float[] W = values(random, 32 * 9 * 16);
        float[] b = values(random, 32);
        float[] all = new Winograd(Shape.same(3, 12, 13, 16, 3, 3, 32)).forward(x, 0, W, 0, b, 0);
        for (int k = 0; k < 3; k++) {
            float[] one = new Winograd(Shape.same(1, 12, 13, 16, 3, 3, 32)).forward(x, k * n, W, 0, b, 0);
            assertArrayEquals(java.util.Arrays.copyOfRange(all, 2 * k * n, 2 * (k + 1) * n), one);
        }
    }

    @Test
    void takesWhatItIsMadeFor() {
        assertTrue(Winograd.suits(Shape.same(1, 10, 10, 16, 3, 3, 16)));
        assertFalse(Winograd.suits(Shape.same(1, 9, 11, 16, 3, 3, 16)));
        assertFalse(Winograd.suits(Shape.same(1, 10, 10, 8, 3, 3, 16)));
        assertFalse(Winograd.suits(Shape.same(1, 10, 10, 16, 5, 3, 16)));
        assertFalse(Winograd.suits(new Shape(1, 20, 20, 16, 3, 3, 16, 2, 1, 1, 1, 1, 1)));
        assertFalse(Winograd.suits(new Shape(1, 20, 20, 16, 3, 3, 16, 1, 1, 1, 2, 1, 2)));
        assertFalse(Winograd.suits(new Shape(1, 20, 20, 16, 3, 3, 16, 1, 1, 3, 1, 1, 1)));
    }

    private static void assertClose(String what, float[] expected, float[] actual) {
        double error = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(expected[i] - (double) actual[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        assertTrue(error <= 1e-12 * norm, what + ": relative error " + Math.sqrt(error / norm));
    }

    private static long sum(float[]... all) {
        CRC32 crc = new CRC32();
        for (float[] values : all) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asFloatBuffer().put(values);
            crc.update(bytes.array());
        }
        return crc.getValue();
    }

    private static float[] values(RandomStream random, int n) {
        return Tensor.normal(random, 1, n).toArray();
    }
}
