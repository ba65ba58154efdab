package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionBlocksTest {
    private final int threads = Parallel.threads();

    @AfterEach
    void restoreThreads() {
        Parallel.threads(threads);
    }

    /** Strides, paddings and dilations of both axes, with the sums of the equation in their order, on any threads. */
    @ParameterizedTest
    @CsvSource({
        "2, 9, 11, 3, 3, 3, 5, 1, 1, 1, 1, 1, 1",
        "2, 9, 11, 16, 3, 3, 33, 1, 1, 0, 0, 1, 1",
        "3, 33, 34, 16, 3, 3, 32, 1, 1, 2, 2, 2, 2",
        "2, 12, 13, 16, 2, 4, 8, 2, 3, 1, 2, 1, 1",
        "1, 14, 40, 5, 3, 2, 7, 2, 1, 3, 0, 2, 3",
        "1, 8, 8, 32, 1, 1, 16, 1, 1, 2, 2, 1, 1",
        "2, 1, 300, 20, 1, 16, 300, 1, 1, 0, 8, 1, 2"
    })
    void sumsOfTheEquation(
            int batch,
            int rows,
            int columns,
            int channels,
            int height,
            int width,
            int outputs,
            int rowStride,
            int columnStride,
            int rowPadding,
            int columnPadding,
            int rowDilation,
            int columnDilation) {
        var shape = new ConvolutionBlocks.Shape(
                batch,
                rows,
                columns,
                channels,
                height,
                width,
                outputs,
                rowStride,
                columnStride,
                rowPadding,
                columnPadding,
                rowDilation,
                columnDilation);
        RandomStream random = RandomStream.of(8);
        int placeRows = (rows + 2 * rowPadding - rowDilation * (height - 1) - 1) / rowStride + 1;
        int placeColumns = (columns + 2 * columnPadding - columnDilation * (width - 1) - 1) / columnStride + 1;
        assertEquals(placeRows, shape.placeRows());
        assertEquals(placeColumns, shape.placeColumns());
        int window = height * width * channels;
        float[] x = values(random, batch * rows * columns * channels);
        float[] W = values(random, outputs * window);
        float[] b = values(random, outputs);
        float[] g = values(random, batch * placeRows * placeColumns * outputs);
        float[] y = new float[g.length];
        float[] dx = values(random, x.length);
        float[] dW = values(random, W.length);
        float[] dxStart = dx.clone();
        float[] dWStart = dW.clone();
        float[] part = new float[channels];
        for (int place = 0; place < batch * placeRows * placeColumns; place++) {
            int image = place / (placeRows * placeColumns);
            int r = place / placeColumns % placeRows * rowStride - rowPadding;
            int c = place % placeColumns * columnStride - columnPadding;
            System.arraycopy(b, 0, y, place * outputs, outputs);
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    int row = r + i * rowDilation;
                    int column = c + j * columnDilation;
                    if (row < 0 || row >= rows || column < 0 || column >= columns) {
                        continue;
                    }
                    int at = ((image * rows + row) * columns + column) * channels;
                    java.util.Arrays.fill(part, 0);
                    for (int o = 0; o < outputs; o++) {
                        int w = o * window + (i * width + j) * channels;
                        int to = place * outputs + o;
                        for (int k = 0; k < channels; k++) {
                            y[to] = Math.fma(x[at + k], W[w + k], y[to]);
                            dW[w + k] = Math.fma(g[to], x[at + k], dW[w + k]);
                            part[k] = Math.fma(g[to], W[w + k], part[k]);
                        }
                    }
                    for (int k = 0; k < channels; k++) {
                        dx[at + k] += part[k];
                    }
                }
            }
        }
        for (int n : new int[] {1, 2, 3}) {
            Parallel.threads(n);
            var blocks = new ConvolutionBlocks(shape);
            PackedMatrix packed = Kernels.active().pack(true, window, outputs, W, 0, window, null);
            assertArrayEquals(y, blocks.forward(x, 0, packed, b, 0), "forward");
            float[] actual = dWStart.clone();
            blocks.weightGradient(x, 0, g, actual);
            assertArrayEquals(dW, actual, "weights");
            actual = dxStart.clone();
            blocks.inputGradient(g, W, 0, actual);
            assertArrayEquals(dx, actual, "input");
        }
    }

    private static float[] values(RandomStream random, int n) {
        return Tensor.normal(random, 1, n).toArray();
    }
}
