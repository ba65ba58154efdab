package org.carousel.tensor.internal.kernels;

/**
 * A two-dimensional convolution as products of blocks of windows that stay in the cache: what lies under the kernel at
 * some places is copied next to each other, multiplied, and forgotten. One row of a window is one run of memory, because
 * channels come last.
 *
 * <p>Threads share the rows of all images, on the way back to the input whole images: their windows do not overlap.
 */
public final class ConvolutionBlocks {
    private static final int PLACES = 128; // of a block, or one row of an image where that is longer

    private final int batch;
    private final int rows;
    private final int columns;
    private final int channels;
    private final int height;
    private final int width;
    private final int outputs;
    private final int window;

    /** Images [B×rows×columns×C], a kernel of odd sides, beyond the edges zeros. */
    public ConvolutionBlocks(
            int batch, int rows, int columns, int channels, int height, int width, int outputs) {
        this.batch = batch;
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.outputs = outputs;
        window = Math.multiplyExact(Math.multiplyExact(height, width), channels);
    }

    private int rowsTogether() {
        return Math.max(1, PLACES / Math.max(1, columns));
    }

    private long work() {
        return 2L * batch * rows * columns * window * outputs;
    }

    /**
     * y [B×rows×columns×O].
     *
     * @param weights Wᵀ packed, [h·w·C × O]
     */
    public float[] forward(float[] x, int xo, PackedMatrix weights, float[] bias, int bo) {
        float[] y = new float[Math.multiplyExact(Math.multiplyExact(batch * rows, columns), outputs)];
        Parallel.over(batch * rows, work(), (from, to) -> {
            int together = rowsTogether();
            float[] windows = new float[together * columns * window];
            for (int r = from; r < to; r += together) {
                int end = Math.min(to, r + together);
                gather(x, xo, r, end, windows);
                int places = (end - r) * columns;
                int at = r * columns * outputs;
                Kernels.active().matmulPacked(places, windows, 0, window, weights, bias, bo, 0, y, at, outputs);
            }
        });
        return y;
    }

    /** dW += Σ gᵀ · windows [O × h·w·C], over the places in order. */
    public void weightGradient(float[] x, int xo, float[] g, float[] dW) {
        int together = rowsTogether();
        float[] windows = new float[together * columns * window];
        for (int r = 0; r < batch * rows; r += together) {
            int end = Math.min(batch * rows, r + together);
            gather(x, xo, r, end, windows);
            Kernels.active()
                    .matmul(
                            true,
                            false,
                            outputs,
                            window,
                            (end - r) * columns,
                            g,
                            r * columns * outputs,
                            outputs,
                            windows,
                            0,
                            window,
                            dW,
                            0,
                            window,
                            true);
        }
    }

    /**
     * dx += what the places get from the windows they lie in.
     *
     * @param weights W packed, [O × h·w·C]
     */
    public void inputGradient(float[] g, PackedMatrix weights, float[] dx) {
        Parallel.over(batch, work(), (from, to) -> {
            int together = rowsTogether();
            float[] windows = new float[together * columns * window];
            for (int r = from * rows; r < to * rows; r += together) {
                int end = Math.min(to * rows, r + together);
                int places = (end - r) * columns;
                Kernels.active()
                        .matmulPacked(
                                places, g, r * columns * outputs, outputs, weights, windows, 0, window);
                scatter(r, end, windows, dx);
            }
        });
    }

    /** The windows of the places of image rows [from, to), counted through all images. */
    private void gather(float[] x, int xo, int from, int to, float[] windows) {
        int at = 0;
        for (int r = from; r < to; r++) {
            int image = r / rows * rows; // its first row
            for (int c = 0; c < columns; c++) {
                int first = Math.max(0, c - width / 2);
                int before = (first - (c - width / 2)) * channels;
                int length = (Math.min(columns, c + width / 2 + 1) - first) * channels;
                int line = width * channels;
                for (int i = r - height / 2; i <= r + height / 2; i++, at += line) {
                    if (i < image || i >= image + rows) {
                        java.util.Arrays.fill(windows, at, at + line, 0);
                        continue;
                    }
                    if (length < line) {
                        java.util.Arrays.fill(windows, at, at + line, 0);
                    }
                    System.arraycopy(x, xo + (i * columns + first) * channels, windows, at + before, length);
                }
            }
        }
    }

    /** The counterpart of {@link #gather}: adds each element to the place it came from. */
    private void scatter(int from, int to, float[] windows, float[] dx) {
        Kernels kernels = Kernels.active();
        int at = 0;
        for (int r = from; r < to; r++) {
            int image = r / rows * rows;
            for (int c = 0; c < columns; c++) {
                int first = Math.max(0, c - width / 2);
                int before = (first - (c - width / 2)) * channels;
                int length = (Math.min(columns, c + width / 2 + 1) - first) * channels;
                int line = width * channels;
                for (int i = r - height / 2; i <= r + height / 2; i++, at += line) {
                    if (i >= image && i < image + rows) {
                        kernels.add(length, windows, at + before, dx, (i * columns + first) * channels);
                    }
                }
            }
        }
    }
}
