package org.carousel.layers;

import static org.carousel.tensor.Tensor.linear;

import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.ConvolutionBlocks;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.images.ConvolutionGradients;
import org.carousel.tensor.internal.kernels.images.Winograd;

/**
 * A convolution over rows and columns, or over the steps of sequences.
 *
 * <pre>
 * y[r, c, o] = b[o] + Σ_{i, j, k} W[o, i, j, k] x[s r + d i - p, s' c + d' j - p', k]
 * </pre>
 *
 * with the strides s, paddings p and dilations d of both axes; beyond the edges are zeros.
 *
 * <p>Channels come last: the values of one place lie together. Nothing is kept for the backward pass but
 * the operands; windows are read where they lie, some rows of an image at a time. Kernels of 3×3 with stride and dilation
 * 1, channels and outputs that are multiples of 16 and at least 100 places go by tiles of 2×2 places with 4/9 of the
 * multiplications (Lavin and Gray 2016, arXiv:1509.09308); sums are then rounded otherwise than {@link #direct} rounds them.
 *
 * @param W weights [O × h·w·C], those of PyTorch [O×C×h×w] with the channels moved last
 * @param b bias [O]
 * @param rows how the kernel moves over rows
 * @param columns how it moves over columns
 */
public record Convolution(Tensor W, Tensor b, Axis rows, Axis columns) implements Layer {
    /**
     * How a kernel moves along one axis; the names are PyTorch's.
     *
     * @param kernel its points, at least 1
     * @param stride from one place to the next, at least 1
     * @param padding zeros at both ends, at least 0
     * @param dilation from one point of the kernel to the next, at least 1
     */
    public record Axis(int kernel, int stride, int padding, int dilation) {
        /** Checks the ranges. */
        public Axis {
            if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
                throw new IllegalArgumentException("convolution: kernel " + kernel + ", stride " + stride + ", padding "
                        + padding + ", dilation " + dilation + ": padding must be at least 0, the others at least 1");
            }
        }

        /** Stride 1, and as many places as the input has: (kernel - 1)/2 zeros at both ends of an odd kernel. */
        public static Axis same(int kernel) {
            if (kernel % 2 == 0) {
                throw new IllegalArgumentException("convolution: kernel " + kernel + " must be odd, so that it has a"
                        + " middle; new Axis(kernel, stride, padding, dilation) takes any");
            }
            return new Axis(kernel, 1, kernel / 2, 1);
        }

        /** Places of an input of this size: ⌊(size + 2p - d (kernel - 1) - 1) / s⌋ + 1, or 0 where the kernel does not fit. */
        public int places(int size) {
            long room = size + 2L * padding - (long) dilation * (kernel - 1) - 1;
            return room < 0 ? 0 : Math.toIntExact(room / stride + 1);
        }
    }

    private static final Axis NONE = Axis.same(1);

    /** Checks that the shapes belong together. */
    public Convolution {
        int points = rows.kernel * columns.kernel;
        if (W.rank() != 2 || W.size(1) % points != 0 || b.rank() != 1 || b.size() != W.size(0)) {
            throw new IllegalArgumentException("convolution: weights " + W.shapeText() + " and bias " + b.shapeText()
                    + " must be [O×" + points + "·C] and [O]");
        }
        W.requiresGradient();
        b.requiresGradient();
    }

    /** With stride 1 and as many places as the input has; both sides of the kernel are odd. */
    public Convolution(Tensor W, Tensor b, int height, int width) {
        this(W, b, Axis.same(height), Axis.same(width));
    }

    /** Glorot weights and a bias of 0; stride 1 and as many places as the input has. */
    public static Convolution of(int channels, int outputs, int height, int width, RandomStream random) {
        return of(channels, outputs, Axis.same(height), Axis.same(width), random);
    }

    /** Glorot weights and a bias of 0. */
    public static Convolution of(int channels, int outputs, Axis rows, Axis columns, RandomStream random) {
        Tensor W = Initializer.glorot().matrix(outputs, rows.kernel * columns.kernel * channels, random);
        return new Convolution(W, Tensor.zeros(outputs), rows, columns);
    }

    /** A convolution over the steps of sequences: Glorot weights and a bias of 0. */
    public static Convolution of(int channels, int outputs, Axis steps, RandomStream random) {
        return of(channels, outputs, NONE, steps, random);
    }

    /** Rows of the kernel. */
    public int height() {
        return rows.kernel;
    }

    /** Columns of the kernel. */
    public int width() {
        return columns.kernel;
    }

    /**
     * Images x [B×rows×columns×C] give [B×rows'×columns'×O], with the {@linkplain Axis#places places} of each axis; a
     * convolution over steps also takes sequences x [B×T×C] and gives [B×T'×O].
     *
     * @throws IllegalArgumentException when x has another shape, or is smaller than the kernel
     */
    public Tensor apply(Tensor x) {
        if (x.rank() == 3 && rows.equals(NONE)) {
            requireChannels(x);
            Tensor y = apply(x.reshape(x.size(0), 1, x.size(1), x.size(2)));
            return y.reshape(x.size(0), y.size(2), y.size(3));
        }
        ConvolutionBlocks.Shape shape = shape(x);
        if (!Winograd.suits(shape)) {
            return direct(x, shape);
        }
        var tiles = new Winograd(shape);
        float[] y = tiles.forward(
                Fused.array(x), Fused.offset(x), Fused.array(W), Fused.offset(W), Fused.array(b), Fused.offset(b));
        return operation(x, shape, y, tiles);
    }

    /** {@link #apply} of images with all sums in the order of the equation, point after point of the kernel. */
    public Tensor direct(Tensor x) {
        return direct(x, shape(x));
    }

    private Tensor direct(Tensor x, ConvolutionBlocks.Shape shape) {
        var blocks = new ConvolutionBlocks(shape);
        float[] y =
                blocks.forward(Fused.array(x), Fused.offset(x), Fused.packed(W, true), Fused.array(b), Fused.offset(b));
        return operation(x, shape, y, blocks);
    }

    private Tensor operation(Tensor x, ConvolutionBlocks.Shape shape, float[] y, ConvolutionGradients gradients) {
        int[] size = {x.size(0), shape.placeRows(), shape.placeColumns(), b.size()};
        return Fused.operation("convolution", y, size, List.of(x, W, b), g -> {
            float[] dx = Fused.gradient(x);
            float[] dW = Fused.gradient(W);
            float[] db = Fused.gradient(b);
            if (dx != null) {
                gradients.inputGradient(g, Fused.array(W), Fused.offset(W), dx);
            }
            if (dW != null) {
                gradients.weightGradient(Fused.array(x), Fused.offset(x), g, dW);
            }
            if (db != null) {
                Kernels.active().columnSums(size[0] * size[1] * size[2], b.size(), g, 0, b.size(), db, 0);
            }
        });
    }

    private void requireChannels(Tensor x) {
        int channels = W.size(1) / (height() * width());
        boolean sequences = rows.equals(NONE);
        boolean fits = x.rank() == 4 || (sequences && x.rank() == 3);
        if (!fits || x.size(-1) != channels) {
            throw new IllegalArgumentException("convolution: input " + x.shapeText() + " must be [batch×rows×columns×"
                    + channels + "]" + (sequences ? " or [batch×steps×" + channels + "]" : ""));
        }
    }

    private static int reach(Axis axis) {
        return axis.dilation * (axis.kernel - 1) + 1;
    }

    private ConvolutionBlocks.Shape shape(Tensor x) {
        requireChannels(x);
        if (rows.places(x.size(1)) == 0 || columns.places(x.size(2)) == 0) {
            throw new IllegalArgumentException("convolution: input " + x.shapeText() + " is smaller than its kernel of "
                    + reach(rows) + "×" + reach(columns) + " places with padding " + rows.padding + " and "
                    + columns.padding + "; more padding or a smaller kernel would fit");
        }
        return new ConvolutionBlocks.Shape(
                x.size(0),
                x.size(1),
                x.size(2),
                x.size(3),
                rows.kernel,
                columns.kernel,
                b.size(),
                rows.stride,
                columns.stride,
                rows.padding,
                columns.padding,
                rows.dilation,
                columns.dilation);
    }

    /** The equation, window by window, as the measure of {@link #apply}: x [B×rows×columns×C]. */
    Tensor byWindows(Tensor x) {
        int channels = x.size(3);
        Tensor withEdge =
                Tensor.concat(0, x.reshape(x.size(0) * x.size(1) * x.size(2), channels), Tensor.zeros(1, channels));
        int[] all = neighbours(x.size(0), x.size(1), x.size(2));
        Tensor windows = withEdge.rows(all).reshape(all.length / (height() * width()), W.size(1));
        return linear(windows, W, b).reshape(x.size(0), rows.places(x.size(1)), columns.places(x.size(2)), b.size());
    }

    /** For every place what its kernel covers; the row after the last one stands for what lies outside. */
    private int[] neighbours(int batch, int high, int wide) {
        int[] all = new int[batch * rows.places(high) * columns.places(wide) * height() * width()];
        int n = 0;
        for (int k = 0; k < batch; k++) {
            for (int r = 0; r < rows.places(high); r++) {
                for (int c = 0; c < columns.places(wide); c++) {
                    for (int i = 0; i < height(); i++) {
                        for (int j = 0; j < width(); j++) {
                            int row = r * rows.stride - rows.padding + i * rows.dilation;
                            int column = c * columns.stride - columns.padding + j * columns.dilation;
                            boolean inside = row >= 0 && row < high && column >= 0 && column < wide;
                            all[n++] = inside ? (k * high + row) * wide + column : batch * high * wide;
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
