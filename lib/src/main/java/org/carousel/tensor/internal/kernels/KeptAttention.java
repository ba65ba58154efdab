package org.carousel.tensor.internal.kernels;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.functions.Windows;

/**
 * Attention of one query for each head, over keys and values that are kept from step to step: the bits of {@link
 * AttentionCore}.
 *
 * <pre>
 * s_u = q · k_u     α = softmax(s / √d)     o = Σ_u α_u v_u
 * </pre>
 *
 * <p>Keys lie side by side, as the columns of a matrix for each head, so that a step packs nothing. The arrays grow by
 * doubling, up to a limit; but for that, nothing is allocated as long as one thread does the work.
 */
public final class KeptAttention {
    private static final int PLANE = Kernels.K_BLOCK; // sums of a softmax are joined as AttentionCore does it

    private final int batch;
    private final int heads; // of all sequences
    private final int size;
    private final int longest;
    private int capacity;
    private int keys;
    private float[] k; // [heads×d×capacity]
    private float[] v; // [heads×capacity×d]
    private float[] scores; // [heads×capacity]
    private float[] row;

    /**
     * Without keys.
     *
     * @param batch B
     * @param heads N, of each sequence
     * @param size d
     * @param capacity for how many keys there is room at first, 1..longest
     * @param longest how many keys there may be
     */
    public KeptAttention(int batch, int heads, int size, int capacity, int longest) {
        this.batch = batch;
        this.heads = batch * heads;
        this.size = size;
        this.capacity = capacity;
        this.longest = longest;
        k = new float[product(this.heads, size, capacity)];
        v = new float[k.length];
        scores = new float[product(this.heads, 1, capacity)];
        row = new float[capacity];
    }

    private static int product(int a, int b, int c) {
        return Math.multiplyExact(Math.multiplyExact(a, b), c);
    }

    /** U, how many keys each head has. */
    public int keys() {
        return keys;
    }

    /**
     * One key and one value more for every head: those of head n of sequence b begin {@code b·stride + n·headStride}
     * behind the offsets.
     *
     * @throws IllegalStateException when there are as many as there may be
     */
    public void append(float[] from, int ko, float[] values, int vo, int stride, int headStride) {
        if (keys == longest) {
            throw new IllegalStateException("attention: a key more than the " + longest + " there may be");
        }
        if (keys == capacity) {
            grow();
        }
        int each = heads / batch;
        for (int h = 0; h < heads; h++) {
            int at = h / each * stride + h % each * headStride;
            for (int i = 0; i < size; i++) {
                k[(h * size + i) * capacity + keys] = from[ko + at + i];
            }
            System.arraycopy(values, vo + at, v, (h * capacity + keys) * size, size);
        }
        keys++;
    }

    private void grow() {
        int more = (int) Math.min(longest, 2L * capacity);
        float[] wider = new float[product(heads, size, more)];
        float[] longer = new float[wider.length];
        Strided.copyRows(heads * size, keys, k, 0, capacity, wider, 0, more);
        Strided.copyRows(heads, keys * size, v, 0, capacity * size, longer, 0, more * size);
        k = wider;
        v = longer;
        scores = new float[product(heads, 1, more)];
        row = new float[more];
        capacity = more;
    }

    /** A copy of the keys [B×N×U×d]. */
    public float[] copyOfKeys() {
        float[] all = new float[heads * keys * size];
        for (int at = 0; at < all.length; at++) {
            int u = at / size % keys;
            all[at] = k[(at / size / keys * size + at % size) * capacity + u];
        }
        return all;
    }

    /** A copy of the values [B×N×U×d]. */
    public float[] copyOfValues() {
        float[] all = new float[heads * keys * size];
        Strided.copyRows(heads, keys * size, v, 0, capacity * size, all, 0, keys * size);
        return all;
    }

    /** s of a query for every head, which {@link #weights} and {@link #read} go on from; q [B×(N·d)], rows apart. */
    public void ask(float[] q, int stride) {
        long work = work();
        if (Parallel.worthwhile(work)) {
            Parallel.over(heads, work, (from, to) -> ask(from, to, q, stride));
        } else { // without a lambda: a step allocates nothing
            ask(0, heads, q, stride);
        }
    }

    private long work() {
        return 8L * heads * keys * size;
    }

    private void ask(int from, int to, float[] q, int stride) {
        Kernels kernels = Kernels.active();
        int each = heads / batch;
        for (int h = from; h < to; h++) {
            int at = h / each * stride + h % each * size;
            int s = h * capacity;
            Arrays.fill(scores, s, s + keys, 0);
            for (int i = 0; i < size; i++) {
                kernels.addScaled(keys, q[at + i], k, (h * size + i) * capacity, scores, s);
            }
        }
    }

    /**
     * The mean of α over the heads of each sequence, by the equation. To be called before {@link #read}. Modified:
     * {@code mean}.
     *
     * @param hidden what is added to the scores, 0 or a large negative number [B×U]
     * @param mean [B×U]
     */
    public void weights(float[] hidden, float[] mean) {
        Kernels kernels = Kernels.active();
        int each = heads / batch;
        float root = (float) StrictMath.sqrt(size);
        Arrays.fill(mean, 0);
        for (int h = 0; h < heads; h++) {
            int to = h / each * keys;
            if (hidden[to] == Windows.NEVER) {
                continue; // nothing to look at
            }
            for (int u = 0; u < keys; u++) {
                row[u] = scores[h * capacity + u] / root + hidden[to + u];
            }
            kernels.softmaxRows(1, keys, row, 0, keys, row, 0, keys);
            kernels.add(keys, row, 0, mean, to);
        }
        Elementwise.divide(mean.length, each, mean, 0);
    }

    /** o of every head [B×(N·d)] over the first so many keys of each sequence; zeros over none. Modified: {@code o}. */
    public void read(int[] lengths, float[] o) {
        long work = work();
        if (Parallel.worthwhile(work)) {
            Parallel.over(heads, work, (from, to) -> read(from, to, lengths, o));
        } else {
            read(0, heads, lengths, o);
        }
    }

    private void read(int from, int to, int[] lengths, float[] o) {
        Kernels kernels = Kernels.active();
        for (int h = from; h < to; h++) {
            int seen = lengths[h / (heads / batch)];
            Arrays.fill(o, h * size, (h + 1) * size, 0);
            if (seen > 0) {
                float sum = exponentials(kernels, h * capacity, seen);
                for (int u = 0; u < seen; u++) {
                    kernels.addScaled(size, scores[h * capacity + u], v, (h * capacity + u) * size, o, h * size);
                }
                Elementwise.scale(size, 1 / sum, o, h * size);
            }
        }
    }

    /** Turns n scores into exponentials and returns their sum. */
    private float exponentials(Kernels kernels, int at, int n) {
        float scale = (float) (1 / StrictMath.sqrt(size));
        float most = Float.NEGATIVE_INFINITY;
        for (int u = 0; u < n; u += PLANE) {
            most = Math.max(most, kernels.rowMax(Math.min(PLANE, n - u), scores, at + u) * scale);
        }
        float sum = 0;
        for (int u = 0; u < n; u += PLANE) {
            int count = Math.min(PLANE, n - u);
            kernels.exp(count, scale, -most, scores, at + u, scores, at + u);
            sum += kernels.rowSum(count, scores, at + u);
        }
        return sum;
    }
}
