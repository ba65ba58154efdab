package org.carousel.tensor.internal.kernels;

/**
 * Small products among scattered rows, the innermost loops of word embeddings: m rows of one table meet n of another.
 *
 * <p>Rows are given by their numbers; a row may appear several times. All tables of a call have
 * the same dimension. The arithmetic is that of the package: a dot product is 16 interleaved partial sums joined by a
 * fixed tree, every other sum a chain of fused multiply-adds in order.
 */
public abstract class RowKernels {
    RowKernels() {}

    /** The kernels of this virtual machine. */
    public static RowKernels active() {
        return Kernels.active().rowKernels();
    }

    /** Numbers that an array of m·n scores or errors needs: the kernels write whole vectors. */
    public static int room(int count) {
        return (count + 2 * Kernels.ROW_LANES - 1) / Kernels.ROW_LANES * Kernels.ROW_LANES;
    }

    /**
     * s[i·n+j] = x_i · y_j. Modified: s, which has {@link #room} for m·n; what lies behind them is undefined.
     */
    public abstract void dots(int m, RowTable x, int[] xRows, int n, RowTable y, int[] yRows, float[] s);

    /**
     * z_i += Σ_j e[i·rowStep + j·columnStep] y_j, for i in order. Modified: z, another table than y.
     *
     * @param m rows of z
     * @param n terms of each sum
     */
    public abstract void add(
            int m, int[] zRows, RowTable z, int n, float[] e, int rowStep, int columnStep, RowTable y, int[] yRows);

    /** z_i = y_i. Modified: z, another table than y. */
    public final void copy(int m, RowTable z, int[] zRows, RowTable y, int[] yRows) {
        for (int i = 0; i < m; i++) {
            System.arraycopy(y.values, y.offset(yRows[i]), z.values, z.offset(zRows[i]), z.stride);
        }
    }

    /** z_i = 0. Modified: z. */
    public final void clear(int m, RowTable z, int[] zRows) {
        for (int i = 0; i < m; i++) {
            int from = z.offset(zRows[i]);
            java.util.Arrays.fill(z.values, from, from + z.stride, 0);
        }
    }

    /**
     * Makes one of m copies of a row that moved apart, b + g_t in row t of table t: the larger of two moves and, where they
     * point the same way, the part of the smaller at right angles to it.
     *
     * <pre>
     * g ← g + g_t - max(0, g · g_t) / |l|² l        l the larger of g and g_t; then b ← b + g
     * </pre>
     *
     * Modified: the row of the base and its copies, which all become the same, and {@code work}.
     *
     * @param work of the size {@link #JOIN_ROOM}
     */
    public final void join(int m, RowTable[] tables, int[] rows, RowTable base, int row, float[] work) {
        int n = base.stride;
        int at = base.offset(row);
        float[] first = tables[0].values;
        int firstAt = tables[0].offset(rows[0]);
        for (int t = 1; t < m; t++) {
            float[] next = tables[t].values;
            int nextAt = tables[t].offset(rows[t]);
            moveDots(n, first, firstAt, next, nextAt, base.values, at, work);
            float dot = Elementwise.joinTree(work, 0);
            float firstSquared = Elementwise.joinTree(work, Kernels.ROW_LANES);
            float nextSquared = Elementwise.joinTree(work, 2 * Kernels.ROW_LANES);
            float ofFirst = 1;
            float ofNext = 1;
            if (dot > 0 && firstSquared >= nextSquared) {
                ofFirst = 1 - dot / firstSquared;
            } else if (dot > 0) {
                ofNext = 1 - dot / nextSquared;
            }
            moveBoth(n, ofFirst, first, firstAt, ofNext, next, nextAt, base.values, at);
        }
        base.copy(row, tables[0], rows[0]);
        for (int t = 1; t < m - 1; t++) { // the last one has it already
            tables[t].copy(rows[t], base, row);
        }
    }

    /** The numbers {@link #join} needs to work with. */
    public static final int JOIN_ROOM = 3 * Kernels.ROW_LANES;

    /** With g = x - base and h = y - base: the 16 partial sums each of g · h, g · g and h · h. Modified: sums. */
    abstract void moveDots(int n, float[] x, int xo, float[] y, int yo, float[] base, int at, float[] sums);

    /** x, y ← base + (ofX · (x - base) + ofY · (y - base)). Modified: x and y. */
    abstract void moveBoth(int n, float ofX, float[] x, int xo, float ofY, float[] y, int yo, float[] base, int at);

    /**
     * The errors of logistic regressions, e = rate · (d - σ(s)), and their losses -d ln σ(s) - (1-d) ln(1 - σ(s)).
     * Modified: s behind its count, e, which may be s, and the loss.
     *
     * @param s scores, with {@link #room} for {@code count}
     * @param d 0 or 1, and 0 in the room behind {@code count}
     */
    public final void errors(int count, float[] s, float[] d, float rate, float[] e, LogisticLoss loss) {
        int whole = (count + Kernels.ROW_LANES - 1) / Kernels.ROW_LANES * Kernels.ROW_LANES;
        for (int i = count; i < whole; i++) {
            s[i] = -LARGEST; // with d = 0: no error and no loss
        }
        int most = LogisticLoss.MOST_FACTORS * Kernels.ROW_LANES;
        for (int from = 0; from < whole; from += most) {
            int to = Math.min(whole, from + most);
            errorsOfLanes(from, to, s, d, rate, e, loss);
            loss.added((to - from) / Kernels.ROW_LANES);
        }
    }

    /** Beyond it e⁻ˢ is beyond the range of a float. */
    static final float LARGEST = 87;

    /** {@link #errors} from one multiple of 16 to another; lane j of the loss takes the scores j, j+16, ... */
    abstract void errorsOfLanes(int from, int to, float[] s, float[] d, float rate, float[] e, LogisticLoss loss);
}
