package org.carousel.layers;

import static org.carousel.tensor.Tensor.linear;

import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.ConvolutionBlocks;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * A convolution over rows and columns that keeps their numbers; beyond the edges are zeros.
 *
 * <pre>
 * y[r, c, o] = b[o] + Σ_{i, j, k} W[o, i, j, k] x[r + i - (h-1)/2, c + j - (w-1)/2, k]
 * </pre>
 *
 * <p>Channels come last: the values of one place lie together. Nothing is kept for the backward pass but
 * the operands; windows are read where they lie, some rows of an image at a time.
 *
 * @param W weights [O × h·w·C], those of PyTorch [O×C×h×w] with the channels moved last
 * @param b bias [O]
 * @param height rows of the kernel, odd
 * @param width columns of the kernel, odd
 */
public record Convolution(Tensor W, Tensor b, int height, int width) implements Layer {
    /** Checks that the shapes belong together. */
    public Convolution {
        if (height < 1 || width < 1 || height % 2 == 0 || width % 2 == 0) {
            throw new IllegalArgumentException(
                    "convolution: kernel " + height + "×" + width + " must have odd sides, so that it has a middle");
        }
        if (W.rank() != 2 || W.size(1) % (height * width) != 0 || b.rank() != 1 || b.size() != W.size(0)) {
            throw new IllegalArgumentException("convolution: weights " + W.shapeText() + " and bias " + b.shapeText()
                    + " must be [O×" + height * width + "·C] and [O]");
        }
        W.requiresGradient();
        b.requiresGradient();
    }

    /** Glorot weights and a bias of 0. */
    public static Convolution of(int channels, int outputs, int height, int width, RandomStream random) {
        Tensor W = Initializer.glorot().matrix(outputs, height * width * channels, random);
        return new Convolution(W, Tensor.zeros(outputs), height, width);
    }

    /** x [B×rows×columns×C] gives [B×rows×columns×O]. */
    public Tensor apply(Tensor x) {
        int channels = W.size(1) / (height * width);
        if (x.rank() != 4 || x.size(3) != channels) {
            throw new IllegalArgumentException(
                    "convolution: input " + x.shapeText() + " must be [batch×rows×columns×" + channels + "]");
        }
        int batch = x.size(0);
        int rows = x.size(1);
        int columns = x.size(2);
        var blocks = new ConvolutionBlocks(
                ConvolutionBlocks.Shape.same(batch, rows, columns, channels, height, width, b.size()));
        float[] y =
                blocks.forward(Fused.array(x), Fused.offset(x), Fused.packed(W, true), Fused.array(b), Fused.offset(b));
        int[] shape = {batch, rows, columns, b.size()};
        return Fused.operation("convolution", y, shape, List.of(x, W, b), g -> {
            float[] dx = Fused.gradient(x);
            float[] dW = Fused.gradient(W);
            float[] db = Fused.gradient(b);
            if (dx != null) {
                blocks.inputGradient(g, Fused.array(W), Fused.offset(W), dx);
            }
            if (dW != null) {
                blocks.weightGradient(Fused.array(x), Fused.offset(x), g, dW);
            }
            if (db != null) {
                Kernels.active().columnSums(batch * rows * columns, b.size(), g, 0, b.size(), db, 0);
            }
        });
    }

    /** The equation, window by window, as the measure of {@link #apply}: x [B×rows×columns×C]. */
    Tensor byWindows(Tensor x) {
        int channels = x.size(3);
        int places = x.size(0) * x.size(1) * x.size(2);
        Tensor withEdge = Tensor.concat(0, x.reshape(places, channels), Tensor.zeros(1, channels));
        Tensor windows =
                withEdge.rows(neighbours(x.size(0), x.size(1), x.size(2))).reshape(places, W.size(1));
        return linear(windows, W, b).reshape(x.size(0), x.size(1), x.size(2), b.size());
    }

    /** For every place the places its kernel covers; the place after the last one stands for what lies outside. */
    private int[] neighbours(int batch, int rows, int columns) {
        int[] all = new int[Math.multiplyExact(batch * rows * columns, height * width)];
        int n = 0;
        for (int k = 0; k < batch; k++) {
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) {
                    for (int i = r - height / 2; i <= r + height / 2; i++) {
                        for (int j = c - width / 2; j <= c + width / 2; j++) {
                            boolean inside = i >= 0 && i < rows && j >= 0 && j < columns;
                            all[n++] = inside ? (k * rows + i) * columns + j : batch * rows * columns;
                        }
                    }
                }
            }
        }
        return all;
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight", W).and("bias", b);
    }
}
