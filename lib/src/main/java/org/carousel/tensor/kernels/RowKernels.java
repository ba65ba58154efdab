package org.carousel.tensor.kernels;

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
     * Modified: the row of the base, and {@code work}.
     *
     * @param work of the size {@link #joinRoom}
     */
    public final void join(int m, RowTable[] tables, int[] rows, RowTable base, int row, float[] work) {
        if (m == 1) {
            base.copy(row, tables[0], rows[0]);
            return;
        }
        Kernels kernels = Kernels.active();
        int n = base.stride;
        int at = base.offset(row);
        java.util.Arrays.fill(work, 0, n, 0);
        for (int t = 0; t < m; t++) {
            float[] moved = tables[t].values;
            int movedAt = tables[t].offset(rows[t]);
            float ofSum = 1;
            float ofNext = 1;
            if (t > 0) {
                moveDots(n, work, moved, movedAt, base.values, at);
                float dot = Elementwise.joinTree(work, n);
                float sumSquared = Elementwise.joinTree(work, n + Kernels.ROW_LANES);
                float nextSquared = Elementwise.joinTree(work, n + 2 * Kernels.ROW_LANES);
                if (dot > 0 && sumSquared >= nextSquared) {
                    ofSum = 1 - dot / sumSquared;
                } else if (dot > 0) {
                    ofNext = 1 - dot / nextSquared;
                }
            }
            addMove(n, ofSum, work, ofNext, moved, movedAt, base.values, at);
        }
        kernels.add(n, work, 0, base.values, at);
    }

    /** The numbers {@link #join} needs to work with. */
    public static int joinRoom(RowTable table) {
        return table.stride + 3 * Kernels.ROW_LANES;
    }

    /**
     * With g the first n numbers of {@code work} and h = moved - base: the 16 partial sums each of g · h, g · g and h · h,
     * behind g.
     */
    abstract void moveDots(int n, float[] work, float[] moved, int movedAt, float[] base, int at);

    /** g ← ofSum · g + ofNext · (moved - base). Modified: g. */
    abstract void addMove(
            int n, float ofSum, float[] g, float ofNext, float[] moved, int movedAt, float[] base, int at);

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
