package org.carousel.tensor.internal.kernels.images;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.ConvolutionBlocks;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * Convolutions of 3×3 with 16 instead of 36 multiplications for every 2×2 places, one channel and one output:
 *
 * <pre>
 * Y  = Aᵀ [(G W Gᵀ) ⊙ (Bᵀ X B)] A        X: 4×4 places of the image, Y: 2×2 places of the result
 * dW += Gᵀ [Σ (A dY Aᵀ) ⊙ (Bᵀ X B)] G    dX: the first line with dY as the image and the kernel turned round
 * </pre>
 *
 * Summed over channels, each of the 16 elements is a matrix product [tiles×C]·[C×O]. Some rows of tiles are taken together,
 * so that all between image and result stays in the cache.
 *
 * <p>Results differ from {@link ConvolutionBlocks} in rounding; an input that is infinite makes its whole tile NaN. The
 * order of all sums is fixed by the shape of one image.
 *
 * <p>Source: Lavin and Gray: Fast algorithms for convolutional neural networks, CVPR 2016, arXiv:1509.09308, F(2×2, 3×3).
 */
public final class Winograd implements ConvolutionGradients {
    private static final int ELEMENTS = 16; // of a transformed tile
    private static final int TOGETHER = 32; // tiles of a block, about
    private static final int SMALLEST = 100; // places: the transforms of weights must pay

    /** Memory of one thread, kept from call to call. */
    private static final class Room {
        private final float[][] all = {{}, {}, {}, {}};

        float[] of(int which, int n) {
            if (all[which].length < n) {
                all[which] = new float[n];
            }
            return all[which];
        }
    }

    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    private final ConvolutionBlocks.Shape shape;
    private final int channels;
    private final int outputs;

    /** Images [B×rows×columns×C]. */
    public Winograd(ConvolutionBlocks.Shape shape) {
        this.shape = shape;
        channels = shape.channels();
        outputs = shape.outputs();
    }

    /** Whether a convolution is of this kind: kernel 3×3, stride and dilation 1, whole vectors, not the smallest images. */
    public static boolean suits(ConvolutionBlocks.Shape s) {
        return s.height() == 3
                && s.width() == 3
                && s.rowStride() == 1
                && s.columnStride() == 1
                && s.rowDilation() == 1
                && s.columnDilation() == 1
                && s.rowPadding() <= 2
                && s.columnPadding() <= 2
                && s.channels() % Tiles.UNIT == 0
                && s.outputs() % Tiles.UNIT == 0
                && (long) s.placeRows() * s.placeColumns() >= SMALLEST;
    }

    /** Images of some rows and columns with so many channels, one after the other from {@code offset} on. */
    private record Images(float[] values, int offset, int rows, int columns, int channels) {
        int row(int image, int row) {
            return offset + (image * rows + row) * columns * channels;
        }

        int tileRows() {
            return (rows + 1) / 2;
        }

        int tileColumns() {
            return (columns + 1) / 2;
        }

        /** Whether the 2×2 places of all its tiles are there. */
        boolean even() {
            return rows % 2 == 0 && columns % 2 == 0;
        }

        /**
         * Copies rows [first, first + count) to rows of {@code line} floats, {@code before} columns from their beginnings:
         * for every group of 16 channels the even columns, then the odd ones.
         */
        void lines(int image, int first, int count, int before, int line, float[] to) {
            Kernels kernels = Kernels.active();
            int half = line / channels * Tiles.UNIT / 2;
            int c = before % 2; // the first column of the image that becomes an even one
            for (int r = first, at = 0; r < first + count; r++, at += line) {
                Arrays.fill(to, at, at + line, 0);
                if (r < 0 || r >= rows) {
                    continue;
                }
                for (int g = 0; g < channels; g += Tiles.UNIT) {
                    int even = row(image, r) + c * channels + g;
                    int odd = row(image, r) + (1 - c) * channels + g;
                    int one = at + 2 * half * (g / Tiles.UNIT) + (before + c) / 2 * Tiles.UNIT;
                    int other = one + half - c * Tiles.UNIT;
                    int far = 2 * channels;
                    kernels.copyRows((columns + 1 - c) / 2, Tiles.UNIT, values, even, far, to, one, Tiles.UNIT);
                    kernels.copyRows((columns + c) / 2, Tiles.UNIT, values, odd, far, to, other, Tiles.UNIT);
                }
            }
        }

        /** As they lie, with a place more in every row of an odd number, and zeros below the last row. */
        void whole(int image, int first, int count, int line, float[] to) {
            for (int r = first, at = 0; r < first + count; r++, at += line) {
                int length = r < rows ? columns * channels : 0;
                if (length > 0) {
                    System.arraycopy(values, row(image, r), to, at, length);
                }
                Arrays.fill(to, at + length, at + line, 0);
            }
        }
    }

    /** Floats from one element of the tiles to the next: not a power of 2, which would crowd the cache. */
    private static int plane(int tiles, int n) {
        return Math.multiplyExact(whole(tiles), n) + Tiles.UNIT;
    }

    /** Whole blocks of rows. */
    private static int whole(int tiles) {
        return (tiles + 7) / 8 * 8;
    }

    private Images input(float[] x, int xo) {
        return new Images(x, xo, shape.rows(), shape.columns(), channels);
    }

    private Images output(float[] y) {
        return new Images(y, 0, shape.placeRows(), shape.placeColumns(), outputs);
    }

    /** y [B×rows×columns×O] for weights [O × 9·C]. */
    public float[] forward(float[] x, int xo, float[] W, int wo, float[] bias, int bo) {
        int places = Math.multiplyExact(shape.batch() * shape.placeRows(), shape.placeColumns());
        float[] y = new float[Math.multiplyExact(places, outputs)];
        convolve(input(x, xo), shape.rowPadding(), shape.columnPadding(), weights(W, wo, false), bias, bo, output(y));
        return y;
    }

    /** dx += what the places get from the windows they lie in. */
    @Override
    public void inputGradient(float[] g, float[] W, int wo, float[] dx) {
        int rowPadding = 2 - shape.rowPadding();
        convolve(output(g), rowPadding, 2 - shape.columnPadding(), weights(W, wo, true), dx, -1, input(dx, 0));
    }

    /** G w Gᵀ, an operand [C×O] for each of its elements; or [O×C] with the points of the kernel in reverse. */
    private PackedMatrix[] weights(float[] W, int wo, boolean turned) {
        int all = Math.multiplyExact(outputs, channels);
        float[] u = new float[Math.multiplyExact(ELEMENTS, all)];
        float[] w = new float[9];
        float[] t = new float[12];
        for (int o = 0; o < outputs; o++) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < 9; p++) {
                    w[turned ? 8 - p : p] = W[wo + (o * 9 + p) * channels + c];
                }
                for (int j = 0; j < 3; j++) { // G w
                    float sum = w[j] + w[6 + j];
                    t[j] = w[j];
                    t[3 + j] = (sum + w[3 + j]) * 0.5f;
                    t[6 + j] = (sum - w[3 + j]) * 0.5f;
                    t[9 + j] = w[6 + j];
                }
                for (int i = 0, to = turned ? c * outputs + o : o * channels + c;
                        i < 12;
                        i += 3, to += 4 * all) { // times Gᵀ
                    float sum = t[i] + t[i + 2];
                    u[to] = t[i];
                    u[to + all] = (sum + t[i + 1]) * 0.5f;
                    u[to + 2 * all] = (sum - t[i + 1]) * 0.5f;
                    u[to + 3 * all] = t[i + 2];
                }
            }
        }
        PackedMatrix[] packed = new PackedMatrix[ELEMENTS];
        for (int p = 0; p < ELEMENTS; p++) {
            int k = turned ? outputs : channels;
            packed[p] = Kernels.active().pack(true, k, all / k, u, p * all, k, null);
        }
        return packed;
    }

    private long work() {
        return 2L
                * ELEMENTS
                * shape.batch()
                * output(new float[0]).tileRows()
                * shape.placeColumns()
                / 2
                * channels
                * outputs;
    }

    /** y ← bias + x ∗ w, or y += x ∗ w when {@code bo} is negative. */
    private void convolve(
            Images x, int rowPadding, int columnPadding, PackedMatrix[] w, float[] bias, int bo, Images y) {
        int tileColumns = y.tileColumns();
        int perImage = y.tileRows();
        int n = x.channels;
        int m = y.channels;
        int line = Math.multiplyExact(2 * tileColumns + 2, n);
        int together = Math.max(1, TOGETHER / tileColumns);
        Parallel.over(shape.batch() * perImage, work(), (from, to) -> {
            Kernels kernels = Kernels.active();
            Tiles tiles = kernels.tiles();
            Room room = ROOM.get();
            float[] zeros = new float[m];
            ConvolutionBlocks.each(from, to, perImage, together, (image, row, end) -> {
                int count = (end - row) * tileColumns;
                float[] lines = room.of(0, Math.multiplyExact(2 * (end - row) + 2, line));
                x.lines(image, 2 * row - rowPadding, 2 * (end - row) + 2, columnPadding, line, lines);
                int whole = whole(count);
                int plane = plane(count, n);
                int out = plane(count, m);
                int group = 2 * (tileColumns + 1) * Tiles.UNIT; // of a row
                float[] v = room.of(1, Math.multiplyExact(ELEMENTS, plane));
                float[] products = room.of(2, Math.multiplyExact(ELEMENTS, out));
                for (int r = 0; r < end - row; r++) {
                    for (int g = 0; g < n / Tiles.UNIT; g++) {
                        int to2 = (g * whole + r * tileColumns) * Tiles.UNIT;
                        tiles.read(tileColumns, lines, 2 * r * line + g * group, line, v, to2, plane);
                    }
                }
                for (int p = 0; p < ELEMENTS; p++) {
                    tiles.multiply(
                            kernels, whole, n / Tiles.UNIT, v, p * plane, w[p], m / Tiles.UNIT, products, p * out);
                }
                for (int r = row; r < end; r++) {
                    int at = (r - row) * tileColumns * Tiles.UNIT;
                    boolean inPlace = y.even();
                    int wide = 2 * tileColumns * m;
                    float[] to2 = inPlace ? y.values : room.of(3, 2 * wide);
                    int yo = inPlace ? y.row(image, 2 * r) : 0;
                    boolean adds = bo < 0;
                    boolean alike = !adds || !inPlace; // all places start with the bias, or with 0
                    float[] start = adds ? inPlace ? to2 : zeros : bias;
                    int so = adds ? inPlace ? yo : 0 : bo;
                    for (int g = 0; g < m; g += Tiles.UNIT) {
                        tiles.write(
                                tileColumns,
                                products,
                                at + g * whole,
                                out,
                                start,
                                so + g,
                                alike ? 0 : m,
                                alike ? 0 : wide,
                                to2,
                                yo + g,
                                m,
                                wide);
                    }
                    if (!inPlace) {
                        part(to2, wide, y, image, 2 * r, adds);
                    }
                }
            });
        });
    }

    /** What of two rows lies within an image. */
    private static void part(float[] whole, int wide, Images y, int image, int row, boolean adds) {
        int length = y.columns * y.channels;
        for (int r = row; r < Math.min(y.rows, row + 2); r++) {
            int from = (r - row) * wide;
            int to = y.row(image, r);
            if (!adds) {
                System.arraycopy(whole, from, y.values, to, length);
                continue;
            }
            for (int k = 0; k < length; k++) {
                y.values[to + k] += whole[from + k];
            }
        }
    }

    /** dW += .. [O × 9·C], over the tiles in order. */
    @Override
    public void weightGradient(float[] x, int xo, float[] g, float[] dW) {
        Images from = input(x, xo);
        Images errors = output(g);
        int tileColumns = errors.tileColumns();
        int perImage = errors.tileRows();
        int line = Math.multiplyExact(2 * tileColumns + 2, channels);
        int wide = 2 * tileColumns * outputs;
        int together = Math.max(1, TOGETHER / tileColumns);
        int all = Math.multiplyExact(channels, outputs);
        int groups = channels / Tiles.UNIT;
        int group = 2 * (tileColumns + 1) * Tiles.UNIT; // of a row
        float[] sums = new float[Math.multiplyExact(ELEMENTS, all)];
        Parallel.over(ELEMENTS, work(), (first, last) -> {
            Kernels kernels = Kernels.active();
            Tiles tiles = kernels.tiles();
            Room room = ROOM.get();
            int apart = together * tileColumns + 1; // not a power of 2, either
            PackedMatrix u = kernels.zeros(ELEMENTS * apart, outputs);
            ConvolutionBlocks.each(0, shape.batch() * perImage, perImage, together, (image, row, end) -> {
                int count = (end - row) * tileColumns;
                int rows = 2 * (end - row);
                float[] lines = room.of(0, Math.multiplyExact(rows + 2, line));
                from.lines(image, 2 * row - shape.rowPadding(), rows + 2, shape.columnPadding(), line, lines);
                int plane = plane(count, channels);
                int rowsOfGroup = whole(count);
                float[] v = room.of(1, Math.multiplyExact(ELEMENTS, plane) + channels);
                float[] whole = errors.even() ? g : room.of(3, Math.multiplyExact(rows, wide));
                if (!errors.even()) {
                    errors.whole(image, 2 * row, rows, wide, whole);
                }
                for (int r = 0; r < end - row; r++) {
                    int at = errors.even() ? errors.row(image, 2 * (row + r)) : 2 * r * wide;
                    int tile = r * tileColumns;
                    for (int q = 0; q < groups; q++) {
                        int to = (q * rowsOfGroup + tile) * Tiles.UNIT;
                        tiles.read(tileColumns, lines, 2 * r * line + q * group, line, v, to, plane);
                    }
                    tiles.spread(tileColumns, outputs, whole, at, wide, u, tile, apart);
                }
                for (int p = first; p < last; p++) {
                    int k = p * apart;
                    for (int q = 0; q < groups; q++) {
                        int at = p * plane + q * rowsOfGroup * Tiles.UNIT;
                        int to = p * all + q * Tiles.UNIT * outputs;
                        kernels.addColumns(Tiles.UNIT, k, k + count, v, at, Tiles.UNIT, u, sums, to);
                    }
                }
            });
        });
        addTurned(sums, dW);
    }

    /** dW += Gᵀ S G. */
    private void addTurned(float[] sums, float[] dW) {
        int all = channels * outputs;
        float[] t = new float[12];
        for (int o = 0; o < outputs; o++) {
            for (int c = 0; c < channels; c++) {
                for (int j = 0; j < 4; j++) { // Gᵀ S
                    int at = j * all + c * outputs + o;
                    float s0 = sums[at];
                    float s1 = sums[at + 4 * all];
                    float s2 = sums[at + 8 * all];
                    float s3 = sums[at + 12 * all];
                    float half = (s1 + s2) * 0.5f;
                    t[j] = s0 + half;
                    t[4 + j] = (s1 - s2) * 0.5f;
                    t[8 + j] = half + s3;
                }
                for (int i = 0; i < 3; i++) { // times G
                    int to = (o * 9 + 3 * i) * channels + c;
                    float half = (t[4 * i + 1] + t[4 * i + 2]) * 0.5f;
                    dW[to] += t[4 * i] + half;
                    dW[to + channels] += (t[4 * i + 1] - t[4 * i + 2]) * 0.5f;
                    dW[to + 2 * channels] += half + t[4 * i + 3];
                }
            }
        }
    }
}
