package org.carousel.tensor.internal.kernels;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Checksum;
import org.carousel.tensor.RandomStream;

/**
 * The parameters of GloVe and their steps: two vectors and two biases per word, each with the sum of its squared steps.
 *
 * <pre>
 * e = w_i·c_j + b_i + d_j - ln x_ij      loss ½ f e²      step of AdaGrad with the gradient f e of each term
 * </pre>
 *
 * <p>The sums of squares begin at 1 and hold the steps times the learning rate, as in the program of the authors.
 */
public final class GloveFactors {
    private final int n;
    private final float[] w;
    private final float[] c;
    private final float[] b;
    private final float[] d;
    private final float[] wSquares;
    private final float[] cSquares;
    private final float[] bSquares;
    private final float[] dSquares;

    /**
     * Random parameters, evenly from ±1/2D.
     *
     * @param rows V of w and b
     * @param columns V of c and d
     * @param n D
     */
    public GloveFactors(int rows, int columns, int n, RandomStream random) {
        this.n = n;
        w = uniform(Math.multiplyExact(rows, n), random);
        c = uniform(Math.multiplyExact(columns, n), random);
        b = uniform(rows, random);
        d = uniform(columns, random);
        wSquares = ones(w.length);
        cSquares = ones(c.length);
        bSquares = ones(rows);
        dSquares = ones(columns);
    }

    private float[] uniform(int length, RandomStream random) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (random.nextFloat() - 0.5f) / n;
        }
        return values;
    }

    private static float[] ones(int length) {
        float[] values = new float[length];
        Arrays.fill(values, 1);
        return values;
    }

    /** A part of the counts: rows and columns that are equal modulo {@code blocks}. */
    public static final class Cell {
        final int blocks;
        final int rowBlock;
        final int columnBlock;
        final char[] rows; // divided by the number of blocks
        final char[] columns;
        final float[] logs;
        final float[] weights;
        private int used;

        /** Room for so many counts. */
        public Cell(int blocks, int rowBlock, int columnBlock, int size) {
            this.blocks = blocks;
            this.rowBlock = rowBlock;
            this.columnBlock = columnBlock;
            rows = new char[size];
            columns = new char[size];
            logs = new float[size];
            weights = new float[size];
        }

        /** How many counts there are. */
        public int size() {
            return used;
        }

        /** Adds ln x and f(x) of a pair. */
        public void add(int row, int column, float log, float weight) {
            rows[used] = (char) (row / blocks);
            columns[used] = (char) (column / blocks);
            logs[used] = log;
            weights[used++] = weight;
        }

        /** Adds the counts in their order to a checksum. */
        public void addTo(Checksum sum) {
            ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES);
            for (int n = 0; n < used; n++) {
                bytes.clear();
                bytes.putInt(rows[n] << 16 | columns[n]).putFloat(logs[n]).putFloat(weights[n]);
                sum.update(bytes.array(), 0, bytes.capacity());
            }
        }

        /** Brings the counts into random order. */
        public void shuffle(RandomStream random) {
            for (int i = used - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                swap(rows, i, j);
                swap(columns, i, j);
                swap(logs, i, j);
                swap(weights, i, j);
            }
        }

        private static void swap(char[] a, int i, int j) {
            char kept = a[i];
            a[i] = a[j];
            a[j] = kept;
        }

        private static void swap(float[] a, int i, int j) {
            float kept = a[i];
            a[i] = a[j];
            a[j] = kept;
        }
    }

    /**
     * One step for each count of a cell, in order.
     *
     * @param rate the learning rate; with 0 nothing changes
     * @return Σ ½ f e², each before its step
     */
    public double steps(Cell cell, float rate) {
        Kernels kernels = Kernels.active();
        double loss = 0;
        for (int k = 0; k < cell.used; k++) {
            int i = cell.rows[k] * cell.blocks + cell.rowBlock;
            int j = cell.columns[k] * cell.blocks + cell.columnBlock;
            float e = kernels.rowDot(n, w, i * n, c, j * n) + b[i] + d[j] - cell.logs[k];
            float g = cell.weights[k] * e;
            loss += 0.5 * g * e;
            if (rate != 0) {
                float s = rate * g;
                kernels.adaGradPair(n, s, w, i * n, wSquares, c, j * n, cSquares);
                b[i] -= s / (float) Math.sqrt(bSquares[i]);
                d[j] -= s / (float) Math.sqrt(dSquares[j]);
                bSquares[i] = Math.fma(s, s, bSquares[i]);
                dSquares[j] = Math.fma(s, s, dSquares[j]);
            }
        }
        return loss;
    }

    /** w [V×D], not copied. */
    public float[] words() {
        return w;
    }

    /** c [V×D], not copied. */
    public float[] contexts() {
        return c;
    }

    /** b [V], not copied. */
    public float[] wordBiases() {
        return b;
    }

    /** d [V], not copied. */
    public float[] contextBiases() {
        return d;
    }

    /** Everything that training changes, not copied: w, c, b, d and their sums of squares, in this order. */
    public List<float[]> state() {
        return List.of(w, c, b, d, wSquares, cSquares, bSquares, dSquares);
    }
}
