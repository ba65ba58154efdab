package org.carousel.tensor.internal.kernels;

import java.util.Arrays;

/**
 * A convolution over rows and columns as products of blocks of windows that stay in the cache: what lies under the kernel
 * at some places is copied next to each other, multiplied, and forgotten. Channels come last, so that a row of a window is
 * one run of memory, and those of neighbouring places lie a constant distance apart; rows of the input are first copied
 * to where they have their zeros beside them, so that no window is cut.
 *
 * <p>Windows lie {@value Products#K_BLOCK} floats apart, in slabs of as many elements, as the innermost loops want them.
 * Threads share the rows of all images, on the way back to the input whole images, since their windows do not overlap, and
 * for the weights the elements of a window.
 */
public final class ConvolutionBlocks {
    private static final int APART = Products.K_BLOCK;
    private static final int PLACES = 64; // of a block, or one row of an image where that is longer
    private static final int UNIT = 16; // elements of a window that one thread takes at least

    /**
     * Where the windows lie, for both axes: {@code stride} between places, zeros before and behind the edges, and the
     * distance of the points of a kernel.
     *
     * @param rows of an image, as columns and channels
     * @param height points of the kernel, as width
     */
    public record Shape(
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
        /** Kernels of odd sides, stride 1, as many places as the image has. */
        public static Shape same(int batch, int rows, int columns, int channels, int height, int width, int outputs) {
            return new Shape(
                    batch, rows, columns, channels, height, width, outputs, 1, 1, height / 2, width / 2, 1, 1);
        }

        /** Rows of places. */
        public int placeRows() {
            return places(rows, height, rowStride, rowPadding, rowDilation);
        }

        /** Columns of places. */
        public int placeColumns() {
            return places(columns, width, columnStride, columnPadding, columnDilation);
        }

        private static int places(int size, int kernel, int stride, int padding, int dilation) {
            return Math.max(0, (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1);
        }

        /** The elements of a window. */
        public int window() {
            return Math.multiplyExact(Math.multiplyExact(height, width), channels);
        }

        private int line() {
            return Math.multiplyExact(columns + 2 * columnPadding, channels);
        }

        private long work() {
            return 2L * batch * placeRows() * placeColumns() * window() * outputs;
        }
    }

    /** Memory of one thread, kept from call to call. */
    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    private static final class Room {
        private float[] lines = {};
        private float[] windows = {};

        float[] lines(int n) {
            lines = lines.length < n ? new float[n] : lines;
            return lines;
        }

        float[] windows(int n) {
            windows = windows.length < n ? new float[n] : windows;
            return windows;
        }
    }

    private final Shape shape;
    private final int placeRows;
    private final int placeColumns;
    private final int window;
    private final int outputs;
    private final int together; // rows of places of a block
    private final int slab; // floats of the windows of a block, so many elements of each

    /** Images [B×rows×columns×C]. */
    public ConvolutionBlocks(Shape shape) {
        this.shape = shape;
        placeRows = shape.placeRows();
        placeColumns = shape.placeColumns();
        window = shape.window();
        outputs = shape.outputs;
        together = Math.max(1, Math.min(placeRows, PLACES / Math.max(1, placeColumns)));
        slab = Math.multiplyExact(Math.multiplyExact(together, placeColumns), APART);
    }

    private int slabs() {
        return (window + APART - 1) / APART;
    }

    private interface Block {
        /** Rows [from, end) of places of one image, the first of them the place {@code first} of all. */
        void run(int image, int from, int end, int first);
    }

    /** Rows [from, to) of places, counted through all images, in blocks of one image each. */
    private void each(int from, int to, Block block) {
        for (int r = from; r < to; ) {
            int image = r / placeRows;
            int row = r % placeRows;
            int end = Math.min(Math.min(placeRows, row + together), row + to - r);
            block.run(image, row, end, r * placeColumns);
            r += end - row;
        }
    }

    /**
     * y [B×rows×columns×O].
     *
     * @param weights Wᵀ packed, [h·w·C × O]
     */
    public float[] forward(float[] x, int xo, PackedMatrix weights, float[] bias, int bo) {
        int rows = shape.batch * placeRows;
        float[] y = new float[Math.multiplyExact(Math.multiplyExact(rows, placeColumns), outputs)];
        Parallel.over(rows, shape.work(), (from, to) -> {
            Kernels kernels = Kernels.active();
            float[] windows = ROOM.get().windows(Math.multiplyExact(slabs(), slab));
            each(from, to, (image, row, end, first) -> {
                gather(kernels, x, xo, image, row, end, windows);
                multiply(kernels, (end - row) * placeColumns, windows, weights, bias, bo, y, first * outputs);
            });
        });
        return y;
    }

    private void multiply(
            Kernels kernels, int places, float[] windows, PackedMatrix weights, float[] bias, int bo, float[] y, int at) {
        for (int k = 0, s = 0; k < window; k += APART, s += slab) {
            float[] start = k == 0 ? bias : y;
            int so = k == 0 ? bo : at;
            int ss = k == 0 ? 0 : outputs;
            int end = Math.min(window, k + APART);
            kernels.block(
                    places, k, end, windows, s, APART, 1, weights, 0, outputs, start, so, ss, y, at, outputs);
        }
    }

    /** dW += Σ gᵀ · windows [O × h·w·C], over the places in order. */
    public void weightGradient(float[] x, int xo, float[] g, float[] dW) {
        float[] sums = new float[dW.length]; // transposed: [h·w·C × O]
        transpose(outputs, window, dW, sums);
        Parallel.over((window + UNIT - 1) / UNIT, shape.work(), (from, to) -> {
            Kernels kernels = Kernels.active();
            float[] windows = ROOM.get().windows(Math.multiplyExact(slabs(), slab));
            PackedMatrix[] packed = new PackedMatrix[1];
            each(0, shape.batch * placeRows, (image, row, end, first) -> {
                gather(kernels, x, xo, image, row, end, windows);
                int places = (end - row) * placeColumns;
                packed[0] = kernels.pack(false, places, outputs, g, first * outputs, outputs, packed[0]);
                int last = Math.min(window, to * UNIT);
                for (int q = from * UNIT; q < last; ) {
                    int until = Math.min(last, (q / APART + 1) * APART);
                    int a = q / APART * slab + q % APART;
                    int c = q * outputs;
                    for (int k = 0; k < places; k += Products.K_BLOCK) {
                        kernels.block(
                                until - q,
                                k,
                                Math.min(places, k + Products.K_BLOCK),
                                windows,
                                a + k * APART,
                                1,
                                APART,
                                packed[0],
                                0,
                                outputs,
                                sums,
                                c,
                                outputs,
                                sums,
                                c,
                                outputs);
                    }
                    q = until;
                }
            });
        });
        transpose(window, outputs, sums, dW);
    }

    private static void transpose(int rows, int columns, float[] from, float[] to) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                to[c * rows + r] = from[r * columns + c];
            }
        }
    }

    /**
     * dx += what the places get from the windows they lie in, in the order of those.
     *
     * @param weights W packed, [O × h·w·C]
     */
    public void inputGradient(float[] g, PackedMatrix weights, float[] dx) {
        int wide = (window + weights.width - 1) / weights.width * weights.width; // whole panels
        Parallel.over(shape.batch, shape.work(), (from, to) -> {
            Kernels kernels = Kernels.active();
            float[] zeros = kernels.zeros(wide);
            float[] windows = ROOM.get().windows(Math.multiplyExact(together * placeColumns, wide));
            int line = shape.line();
            float[] lines = ROOM.get().lines(Math.multiplyExact(shape.rows, line));
            int image = shape.rows * shape.columns * shape.channels;
            int edge = shape.columnPadding * shape.channels;
            int row = shape.columns * shape.channels;
            for (int b = from; b < to; b++) {
                int at = b * image;
                Arrays.fill(lines, 0, shape.rows * line, 0);
                for (int r = 0; r < shape.rows; r++) {
                    System.arraycopy(dx, at + r * row, lines, r * line + edge, row);
                }
                each(b * placeRows, (b + 1) * placeRows, (same, first, end, place) -> {
                    int places = (end - first) * placeColumns;
                    int go = place * outputs;
                    for (int k = 0; k < outputs; k += Products.K_BLOCK) {
                        int k1 = Math.min(outputs, k + Products.K_BLOCK);
                        float[] start = k == 0 ? zeros : windows;
                        int ss = k == 0 ? 0 : wide;
                        kernels.block(
                                places, k, k1, g, go + k, outputs, 1, weights, 0, wide, start, 0, ss, windows, 0, wide);
                    }
                    scatter(kernels, first, end, windows, wide, lines);
                });
                for (int r = 0; r < shape.rows; r++) {
                    System.arraycopy(lines, r * line + edge, dx, at + r * row, row);
                }
            }
        });
    }

    /** The windows of rows [from, end) of places of an image. */
    private void gather(Kernels kernels, float[] x, int xo, int image, int from, int end, float[] windows) {
        int first = from * shape.rowStride - shape.rowPadding; // row of the image
        int rows = (end - 1 - from) * shape.rowStride + shape.rowDilation * (shape.height - 1) + 1;
        int line = shape.line();
        float[] lines = ROOM.get().lines(Math.multiplyExact(rows, line));
        int length = shape.columns * shape.channels;
        int edge = shape.columnPadding * shape.channels;
        for (int r = 0; r < rows; r++) {
            int at = r * line;
            int row = first + r;
            if (row < 0 || row >= shape.rows) {
                Arrays.fill(lines, at, at + line, 0);
                continue;
            }
            Arrays.fill(lines, at, at + edge, 0);
            System.arraycopy(x, xo + (image * shape.rows + row) * length, lines, at + edge, length);
            Arrays.fill(lines, at + edge + length, at + line, 0);
        }
        int points = shape.columnDilation == 1 ? 1 : shape.width; // runs of a row of a window
        int run = shape.width / points * shape.channels;
        int step = shape.columnStride * shape.channels;
        for (int r = 0; r < end - from; r++) {
            int to = r * placeColumns * APART;
            for (int i = 0, q = 0; i < shape.height; i++) {
                int source = (r * shape.rowStride + i * shape.rowDilation) * line;
                for (int j = 0; j < points; j++, source += shape.columnDilation * shape.channels) {
                    for (int rest = run, part = source; rest > 0; ) {
                        int count = Math.min(rest, APART - q % APART);
                        int at = q / APART * slab + to + q % APART;
                        kernels.copyRows(placeColumns, count, lines, part, step, windows, at, APART);
                        q += count;
                        part += count;
                        rest -= count;
                    }
                }
            }
        }
    }

    /** The counterpart of {@link #gather}: adds each element to the place it came from, window after window. */
    private void scatter(Kernels kernels, int from, int end, float[] windows, int wide, float[] lines) {
        int step = shape.columnStride * shape.channels;
        int line = shape.line();
        for (int r = from; r < end; r++) {
            for (int i = 0; i < shape.height; i++) {
                int row = r * shape.rowStride + i * shape.rowDilation - shape.rowPadding;
                if (row < 0 || row >= shape.rows) {
                    continue;
                }
                for (int j = shape.width - 1; j >= 0; j--) { // what lies further right belongs to an earlier window
                    int q = (r - from) * placeColumns * wide + (i * shape.width + j) * shape.channels;
                    int at = row * line + j * shape.columnDilation * shape.channels;
                    kernels.addRows(placeColumns, shape.channels, windows, q, wide, lines, at, step);
                }
            }
        }
    }
}
