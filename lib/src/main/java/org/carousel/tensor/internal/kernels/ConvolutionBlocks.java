package org.carousel.tensor.internal.kernels;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.images.ConvolutionGradients;
import org.jspecify.annotations.Nullable;

/**
 * A convolution over rows and columns as products whose left operand is not copied: channels come last, so that a window is
 * some runs of memory, one for each row of the kernel, and those of neighbouring places lie a constant distance apart. Only
 * rows of the input are copied, to where they have their zeros beside them, so that no window is cut.
 *
 * <p>Threads share the rows of all images, and for the weights the elements of a window.
 */
public final class ConvolutionBlocks implements ConvolutionGradients {
    private static final int FIRST_CACHE = 5000; // floats of it for the left operand
    private static final int UNIT = 16; // elements of a window, or channels, that are computed together

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
            return new Shape(batch, rows, columns, channels, height, width, outputs, 1, 1, height / 2, width / 2, 1, 1);
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

        private long work() {
            return 2L * batch * placeRows() * placeColumns() * window() * outputs;
        }

        /** Whether places follow each other as the columns do. */
        private boolean dense() {
            return rowStride == 1 && columnStride == 1;
        }
    }

    /** Memory of one thread, kept from call to call. */
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

    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    private final Shape shape;
    private final int placeRows;
    private final int placeColumns;
    private final int window;
    private final int outputs;
    private final int line; // floats of a row of an image with its zeros
    private final int together; // rows of places of a block
    private final int[] runs; // where the runs of a window begin
    private final int run; // elements of each

    /** Images [B×rows×columns×C]. */
    public ConvolutionBlocks(Shape shape) {
        this.shape = shape;
        placeRows = shape.placeRows();
        placeColumns = shape.placeColumns();
        window = shape.window();
        outputs = shape.outputs;
        int wide = shape.columns + 2 * shape.columnPadding;
        line = Math.multiplyExact(wide, shape.channels);
        together = Math.max(1, Math.min(placeRows, Products.K_BLOCK / Math.max(1, wide)));
        int points = shape.columnDilation == 1 ? 1 : shape.width;
        run = shape.width / points * shape.channels;
        runs = runs(points, line, shape.channels);
    }

    private int[] runs(int points, int ofRow, int ofColumn) {
        int[] all = new int[shape.height * points];
        for (int k = 0; k < all.length; k++) {
            all[k] = k / points * shape.rowDilation * ofRow + k % points * shape.columnDilation * ofColumn;
        }
        return all;
    }

    /** What is done with some rows of an image, or of its tiles. */
    public interface Block {
        /** Rows [from, end) of one image. */
        void run(int image, int from, int end);
    }

    /** Rows [from, to) of all images, {@code perImage} of each, in blocks of one image each. */
    public static void each(int from, int to, int perImage, int together, Block block) {
        for (int r = from; r < to; ) {
            int row = r % perImage;
            int end = Math.min(Math.min(perImage, row + together), row + to - r);
            block.run(r / perImage, row, end);
            r += end - row;
        }
    }

    /** Rows [first, first + rows) of an image, zeros where there are none, beside {@code before} columns of zeros. */
    private static float[] lines(
            float[] x,
            int xo,
            int imageRows,
            int columns,
            int channels,
            int first,
            int rows,
            int before,
            int line,
            int slack) {
        float[] lines = ROOM.get().lines(Math.addExact(Math.multiplyExact(rows, line), slack));
        int length = columns * channels;
        int edge = before * channels;
        for (int r = 0, at = 0; r < rows; r++, at += line) {
            int row = first + r;
            if (row < 0 || row >= imageRows) {
                Arrays.fill(lines, at, at + line, 0);
                continue;
            }
            Arrays.fill(lines, at, at + edge, 0);
            System.arraycopy(x, xo + row * length, lines, at + edge, length);
            Arrays.fill(lines, at + edge + length, at + line, 0);
        }
        return lines;
    }

    /** What the windows of rows [from, end) of places lie in. */
    private float[] under(float[] x, int xo, int image, int from, int end) {
        int at = xo + image * shape.rows * shape.columns * shape.channels;
        int first = from * shape.rowStride - shape.rowPadding;
        int rows = (end - 1 - from) * shape.rowStride + shape.rowDilation * (shape.height - 1) + 1;
        int slack = UNIT * (shape.columnStride * shape.channels + 1);
        return lines(x, at, shape.rows, shape.columns, shape.channels, first, rows, shape.columnPadding, line, slack);
    }

    /**
     * y [B×rows×columns×O].
     *
     * @param weights Wᵀ packed, [h·w·C × O]
     */
    public float[] forward(float[] x, int xo, PackedMatrix weights, float[] bias, int bo) {
        float[] y = new float[Math.multiplyExact(Math.multiplyExact(shape.batch * placeRows, placeColumns), outputs)];
        forward(x, xo, weights, bias, bo, y, 0);
        return y;
    }

    /** As {@link #forward(float[], int, PackedMatrix, float[], int)}, y from {@code yo} on. Modified: y. */
    void forward(float[] x, int xo, PackedMatrix weights, float[] bias, int bo, float[] y, int yo) {
        int rows = shape.batch * placeRows;
        Parallel.over(
                rows,
                shape.work(),
                (from, to) -> each(from, to, placeRows, together, (image, row, end) -> {
                    float[] lines = under(x, xo, image, row, end);
                    int step = shape.columnStride * shape.channels;
                    for (int r = row; r < end; r++) {
                        int first = (r - row) * shape.rowStride * line;
                        int at = yo + (image * placeRows + r) * placeColumns * outputs;
                        Kernels.active()
                                .multiplyRuns(
                                        placeColumns,
                                        runs,
                                        run,
                                        lines,
                                        first,
                                        step,
                                        weights,
                                        bias,
                                        bo,
                                        0,
                                        y,
                                        at,
                                        outputs);
                    }
                }));
    }

    /** dW += Σ gᵀ · windows [O × h·w·C], over the places in order. */
    @Override
    public void weightGradient(float[] x, int xo, float[] g, float[] dW) {
        int[] all = new int[shape.batch];
        Arrays.setAll(all, b -> b);
        weightGradient(x, xo, all, g, all, dW);
    }

    /** As {@link #weightGradient(float[], int, float[], float[])}, with the images of x and g in the given orders. */
    void weightGradient(float[] x, int xo, int[] xImages, float[] g, int[] gImages, float[] dW) {
        float[] sums = new float[dW.length]; // transposed: [h·w·C × O]
        transpose(outputs, window, dW, sums);
        long work = shape.work() / Math.max(1, shape.batch) * xImages.length;
        Parallel.over((window + UNIT - 1) / UNIT, work, (from, to) -> {
            Errors errors = new Errors();
            each(0, xImages.length * placeRows, placeRows, together, (image, row, end) -> {
                float[] lines = under(x, xo, xImages[image], row, end);
                PackedMatrix packed = errors.pack(g, (gImages[image] * placeRows + row) * placeColumns, end - row);
                int apart = shape.columnStride * shape.channels;
                int terms = shape.dense() ? packed.k : placeColumns;
                for (int k = 0, first = 0; k < packed.k; k += terms, first += shape.rowStride * line) {
                    for (int part = 0; part < terms; part += Products.K_BLOCK) {
                        int k0 = k + part;
                        int k1 = k + Math.min(terms, part + Products.K_BLOCK);
                        addTerms(lines, first + part * apart, apart, packed, k0, k1, from * UNIT, to * UNIT, sums);
                    }
                }
            });
        });
        transpose(window, outputs, sums, dW);
    }

    /** Elements [from, to) of the windows of the places k0 to k1. */
    private void addTerms(
            float[] lines, int first, int apart, PackedMatrix packed, int k0, int k1, int from, int to, float[] sums) {
        int last = Math.min(window, to);
        for (int q = from; q < last; ) {
            int s = q / run;
            int end = Math.min(last, (s + 1) * run);
            int at = first + runs[s] + q - s * run;
            Kernels.active().addColumns(end - q, k0, k1, lines, at, apart, packed, sums, q * outputs);
            q = end;
        }
    }

    /**
     * ∂L/∂y of some rows of places as the right operand of a product. Where places follow each other as the columns of the
     * image do, the zeros beside the image are places, too, with no error: then all of it is one sum.
     */
    private final class Errors {
        private @Nullable PackedMatrix last;

        PackedMatrix pack(float[] g, int place, int rows) {
            int apart = shape.dense() ? line / shape.channels : placeColumns;
            int terms = (rows - 1) * apart + placeColumns;
            Kernels kernels = Kernels.active();
            PackedMatrix packed = last != null && last.k == terms ? last : kernels.zeros(terms, outputs);
            for (int r = 0; r < rows; r++) {
                int at = r * apart;
                int from = (place + r * placeColumns - at) * outputs;
                kernels.fill(packed, false, g, from, outputs, at, at + placeColumns);
            }
            last = packed;
            return packed;
        }
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
     * @param W [O × h·w·C]
     */
    @Override
    public void inputGradient(float[] g, float[] W, int wo, float[] dx) {
        back(W, wo).add(g, 0, dx, 0);
    }

    /** The way back to the input, dx += .. for g and dx from the given places on. */
    interface Back {
        void add(float[] g, int go, float[] dx, int dxo);
    }

    /** {@link #inputGradient} with weights that are laid out once. */
    Back back(float[] W, int wo) {
        Kernels kernels = Kernels.active();
        boolean within = shape.columnPadding <= shape.columnDilation * (shape.width - 1);
        if (kernels.addsRuns() && shape.dense() && within && shape.channels % UNIT == 0) {
            float[] turned = turned(W, wo, (outputs + UNIT - 1) / UNIT);
            return (g, go, dx, dxo) -> byPlaces(g, go, turned, dx, dxo);
        }
        PackedMatrix packed = kernels.pack(false, outputs, window, W, wo, window, null);
        return (g, go, dx, dxo) -> byWindows(g, go, packed, dx, dxo);
    }

    /**
     * A convolution of g with the kernel turned round; each of its points adds a sum over the outputs. Those are taken by
     * 16, and what has the same 16 of them lies together.
     */
    private void byPlaces(float[] g, int go, float[] turned, float[] dx, int dxo) {
        int channels = shape.channels;
        int groups = (outputs + UNIT - 1) / UNIT;
        int reach = shape.columnDilation * (shape.width - 1);
        int apart = (shape.columns + reach) * UNIT; // of two groups
        int wide = apart * groups;
        int[] own = runs(shape.width, wide, UNIT);
        int above = shape.rowDilation * (shape.height - 1);
        int rows = Math.max(1, FIRST_CACHE / wide - above);
        Parallel.over(shape.batch * shape.rows, shape.work(), (from, to) -> {
            float[] lines = ROOM.get().lines(Math.addExact(Math.multiplyExact(rows + above, wide), UNIT * UNIT));
            Arrays.fill(lines, 0, (rows + above) * wide, 0);
            Kernels kernels = Kernels.active();
            each(from, to, shape.rows, rows, (image, row, end) -> {
                int first = row + shape.rowPadding - above;
                for (int r = 0; r < end - row + above; r++) {
                    errors(
                            kernels,
                            g,
                            go,
                            image,
                            first + r,
                            groups,
                            reach - shape.columnPadding,
                            apart,
                            lines,
                            r * wide);
                }
                for (int r = row; r < end; r++) {
                    int at = dxo + (image * shape.rows + r) * shape.columns * channels;
                    int a = (r - row) * wide;
                    for (int c = 0; c < channels; c += UNIT) {
                        int b = c * own.length * groups * UNIT;
                        kernels.addRuns(shape.columns, own, groups, apart, lines, a, turned, b, dx, at + c, channels);
                    }
                }
            });
        });
    }

    /** ∂L/∂y of a row of places; the zeros beside it are there. */
    private void errors(
            Kernels kernels,
            float[] g,
            int go,
            int image,
            int row,
            int groups,
            int before,
            int apart,
            float[] lines,
            int at) {
        if (row < 0 || row >= placeRows) {
            Arrays.fill(lines, at, at + groups * apart, 0);
            return;
        }
        int from = go + (image * placeRows + row) * placeColumns * outputs;
        for (int o = 0; o < outputs; o += UNIT) {
            int to = at + o / UNIT * apart + before * UNIT;
            kernels.copyRows(placeColumns, Math.min(UNIT, outputs - o), g, from + o, outputs, lines, to, UNIT);
        }
    }

    /** W with the points of the kernel in reverse: [C/16 × h·w × O × 16], zeros for outputs beyond the last. */
    private float[] turned(float[] W, int wo, int groups) {
        int points = shape.height * shape.width;
        float[] turned = new float[Math.multiplyExact(shape.channels * points, groups * UNIT)];
        int at = 0;
        for (int c = 0; c < shape.channels; c += UNIT) {
            for (int p = points - 1; p >= 0; p--, at += groups * UNIT * UNIT) {
                for (int o = 0; o < outputs; o++) {
                    System.arraycopy(W, wo + o * window + p * shape.channels + c, turned, at + o * UNIT, UNIT);
                }
            }
        }
        return turned;
    }

    /** What each window gets is computed, and added to the places it lies on. */
    private void byWindows(float[] g, int go, PackedMatrix weights, float[] dx, int dxo) {
        int wide = (window + weights.width - 1) / weights.width * weights.width; // whole panels
        Parallel.over(shape.batch, shape.work(), (first, last) -> {
            Kernels kernels = Kernels.active();
            float[] zeros = kernels.zeros(wide);
            float[] windows = ROOM.get().windows(Math.multiplyExact(together * placeColumns, wide));
            float[] lines = ROOM.get().lines(Math.multiplyExact(shape.rows, line));
            int image = shape.rows * shape.columns * shape.channels;
            int edge = shape.columnPadding * shape.channels;
            int row = shape.columns * shape.channels;
            Arrays.fill(lines, 0, shape.rows * line, 0);
            for (int b = first; b < last; b++) {
                int at = dxo + b * image;
                Strided.copyRows(shape.rows, row, dx, at, row, lines, edge, line);
                each(b * placeRows, (b + 1) * placeRows, placeRows, together, (same, row0, end) -> {
                    int places = (end - row0) * placeColumns;
                    int from = go + (same * placeRows + row0) * placeColumns * outputs;
                    for (int k = 0; k < outputs; k += Products.K_BLOCK) {
                        int k1 = Math.min(outputs, k + Products.K_BLOCK);
                        float[] start = k == 0 ? zeros : windows;
                        int ss = k == 0 ? 0 : wide;
                        kernels.block(
                                places, k, k1, g, from + k, outputs, 1, weights, 0, wide, start, 0, ss, windows, 0,
                                wide);
                    }
                    scatter(kernels, row0, end, windows, wide, lines);
                });
                Strided.copyRows(shape.rows, row, lines, edge, line, dx, at, row);
            }
        });
    }

    /** Adds each element of the windows of rows [from, end) of places to the place it came from, window after window. */
    private void scatter(Kernels kernels, int from, int end, float[] windows, int wide, float[] lines) {
        int step = shape.columnStride * shape.channels;
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
