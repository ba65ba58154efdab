package org.carousel.tensor.internal.kernels;

import java.lang.module.ModuleFinder;
import org.carousel.tensor.internal.kernels.images.Tiles;

/**
 * The operations that a choice of instructions decides the speed of. All arrays are row-major float32; {@code offset} is
 * the first element, {@code stride} the distance of two rows.
 *
 * <p>{@link #active} is chosen once: the Vector API where {@code jdk.incubator.vector} is resolved ({@code
 * --add-modules jdk.incubator.vector}), plain Java elsewhere; {@code -Dcarousel.kernels=vector|plain} forces one. The
 * results are the same to the last bit; see the package description for the arithmetic they keep to.
 */
public abstract class Kernels extends Products {
    Kernels() {}

    /** The kernels of this virtual machine. */
    public static Kernels active() {
        return Choice.ACTIVE;
    }

    /** The kernels in plain Java. */
    public static Kernels plain() {
        return Choice.PLAIN;
    }

    /** One line for people: which kernels, why, and how many threads. */
    public static String report() {
        return active().describe() + Choice.REASON + ", " + Parallel.threads()
                + (Parallel.threads() == 1 ? " thread" : " threads");
    }

    /** Room for activations, kept from call to call. */
    private final ThreadLocal<Room> activated = ThreadLocal.withInitial(Room::new);

    private static final class Room {
        private float[] values = {};

        /** Room for n values. */
        float[] of(int n) {
            if (values.length < n) {
                values = new float[n];
            }
            return values;
        }
    }

    /** What these kernels are. */
    public abstract String describe();

    // ------------------------------------------------------------------ activations

    /** y = σ(x) with absolute error about 2e-7. Modified: y, which may be x. */
    public final void sigmoid(int n, float[] x, int xo, float[] y, int yo) {
        squash(n, Activations.SIGMOID, x, xo, y, yo);
    }

    /** y = tanh(x) with absolute error about 3e-7. Modified: y, which may be x. */
    public final void tanh(int n, float[] x, int xo, float[] y, int yo) {
        squash(n, Activations.TANH, x, xo, y, yo);
    }

    /** {@link Activations#squash} of n elements. */
    abstract void squash(int n, float s, float[] x, int xo, float[] y, int yo);

    /** y = eˣ; 0 below -87.3, infinity above 88.7. Modified: y, which may be x. */
    public final void exp(int n, float[] x, int xo, float[] y, int yo) {
        exp(n, 1, 0, x, xo, y, yo);
    }

    /** y = exp(scale · x + shift), the sum with one rounding. */
    abstract void exp(int n, float scale, float shift, float[] x, int xo, float[] y, int yo);

    // ------------------------------------------------------------------ element by element

    /**
     * z = x ∘ y.
     *
     * @param xStep 1, or 0 to use one element of x for all; as yStep
     */
    public abstract void combine(
            Broadcast.Operation operation,
            int n,
            float[] x,
            int xo,
            int xStep,
            float[] y,
            int yo,
            int yStep,
            float[] z,
            int zo);

    /** z = x ⊙ y. */
    public final void multiply(int n, float[] x, int xo, float[] y, int yo, float[] z, int zo) {
        combine(Broadcast.Operation.MULTIPLY, n, x, xo, 1, y, yo, 1, z, zo);
    }

    /** z += x ⊙ y, each with one rounding. */
    public abstract void multiplyAdd(int n, float[] x, int xo, float[] y, int yo, float[] z, int zo);

    /** y = k ⊙ x + (1-k) ⊙ y, the second product rounded before the sum. */
    public abstract void mix(int n, float[] k, int ko, float[] x, int xo, float[] y, int yo);

    /** y += x. */
    public final void add(int n, float[] x, int xo, float[] y, int yo) {
        addScaled(n, 1, x, xo, y, yo);
    }

    /** sums += the rows of x, in order. */
    public final void columnSums(int rows, int n, float[] x, int xo, int xStride, float[] sums, int so) {
        int unit = 4 * ROW_LANES;
        Parallel.over((n + unit - 1) / unit, Costs.ADD * rows * n, (from, to) -> {
            int first = from * unit;
            someColumnSums(rows, Math.min(n, to * unit) - first, x, xo + first, xStride, sums, so + first);
        });
    }

    /** {@link #columnSums} on one thread. */
    void someColumnSums(int rows, int n, float[] x, int xo, int xStride, float[] sums, int so) {
        for (int r = 0; r < rows; r++) {
            add(n, x, xo + r * xStride, sums, so);
        }
    }

    /**
     * Elements [from, to): m and v follow g and g²; θ -= stepSize · m / (√v · correction + epsilon). Each array is read
     * and written once.
     *
     * @param correction 1/√(1-β₂ᵗ)
     */
    public abstract void adam(
            int from,
            int to,
            float stepSize,
            float beta1,
            float beta2,
            float correction,
            float epsilon,
            float[] g,
            float[] m,
            float[] v,
            float[] theta);

    // ------------------------------------------------------------------ rows

    /** Every row of y is the softmax of that row of x. */
    public final void softmaxRows(int rows, int n, float[] x, int xo, int xStride, float[] y, int yo, int yStride) {
        for (int r = 0; r < rows; r++) {
            int to = yo + r * yStride;
            expOfShifted(n, x, xo + r * xStride, y, to);
            float sum = rowSum(n, y, to);
            for (int i = 0; i < n; i++) {
                y[to + i] /= sum;
            }
        }
    }

    /** dx += y ⊙ (g - Σ g ⊙ y), row by row. */
    public final void softmaxRowsBackward(int rows, int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        for (int r = 0; r < rows; r++) {
            float dot = rowDot(n, g, go + r * n, y, yo + r * n);
            for (int i = r * n; i < (r + 1) * n; i++) {
                dx[dxo + i] = Math.fma(y[yo + i], g[go + i] - dot, dx[dxo + i]);
            }
        }
    }

    /** Every row of y is ln softmax of that row of x. */
    public final void logSoftmaxRows(int rows, int n, float[] x, int xo, int xStride, float[] y, int yo, int yStride) {
        float[] e = new float[n];
        for (int r = 0; r < rows; r++) {
            int from = xo + r * xStride;
            int to = yo + r * yStride;
            float max = expOfShifted(n, x, from, e, 0);
            for (int i = 0; i < n; i++) {
                y[to + i] = x[from + i] - max;
            }
            float logSum = (float) StrictMath.log(rowSum(n, e, 0));
            for (int i = 0; i < n; i++) {
                y[to + i] -= logSum;
            }
        }
    }

    /** dx += g - eʸ Σ g, row by row. */
    public final void logSoftmaxRowsBackward(
            int rows, int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        float[] e = new float[n];
        for (int r = 0; r < rows; r++) {
            exp(n, y, yo + r * n, e, 0);
            float sum = rowSum(n, g, go + r * n);
            for (int i = 0; i < n; i++) {
                int at = r * n + i;
                dx[dxo + at] += Math.fma(-e[i], sum, g[go + at]);
            }
        }
    }

    /**
     * Cross-entropy of softmax(x) with the target of each row; a negative target leaves the row out.
     *
     * @param gradient receives (softmax(x) - onehot) · scale
     * @return Σ -ln softmax(x)[target] in double, rows in order
     */
    public final double softmaxCrossEntropy(
            int rows, int n, float[] x, int xo, int[] targets, float scale, float[] gradient, int go) {
        double[] losses = new double[rows];
        Parallel.over(rows, Costs.CROSS_ENTROPY * rows * n, (from, to) -> {
            for (int r = from; r < to; r++) {
                int at = go + r * n;
                if (targets[r] < 0) {
                    java.util.Arrays.fill(gradient, at, at + n, 0);
                    continue;
                }
                int row = xo + r * n;
                float of = x[row + targets[r]];
                float shifted = of - expOfShifted(n, x, row, gradient, at);
                float sum = rowSum(n, gradient, at);
                losses[r] = StrictMath.log(sum) - shifted;
                Elementwise.scale(n, scale / sum, gradient, at);
                gradient[at + targets[r]] -= scale;
            }
        });
        double total = 0;
        for (double loss : losses) {
            total += loss;
        }
        return total;
    }

    /**
     * Binary cross-entropy of rows of n logits with targets d from 0 to 1: gradient = scale (σ(x) - d), 0 for the rows
     * that do not count. Modified: {@code gradient}, not added to.
     *
     * @param counts which rows count
     * @return Σ ln(1 + eˣ) - d x, not scaled; finite for every finite x
     */
    public final double binaryCrossEntropy(
            int rows,
            int n,
            float[] x,
            int xo,
            float[] d,
            int dOffset,
            boolean[] counts,
            float scale,
            float[] gradient,
            int go) {
        double[] losses = new double[rows];
        Parallel.over(rows, Costs.CROSS_ENTROPY_GRADIENT * rows * n, (from, to) -> {
            for (int r = from; r < to; r++) {
                if (counts[r]) {
                    losses[r] = binaryRow(n, x, xo + r * n, d, dOffset + r * n, scale, gradient, go + r * n);
                } else {
                    java.util.Arrays.fill(gradient, go + r * n, go + (r + 1) * n, 0);
                }
            }
        });
        double total = 0;
        for (double loss : losses) {
            total += loss;
        }
        return total;
    }

    /** One row: ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|x|), and the logarithms of many factors as one of their product. */
    private double binaryRow(int n, float[] x, int xo, float[] d, int dOffset, float scale, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = -Math.abs(x[xo + i]);
        }
        exp(n, y, yo, y, yo);
        double loss = 0;
        double product = 1; // each factor is at most 2, so that 512 of them are far from overflow
        for (int i = 0; i < n; i++) {
            float a = x[xo + i];
            float e = y[yo + i];
            loss += Math.max(a, 0) - (double) d[dOffset + i] * a;
            product *= 1.0 + e;
            if (i % 512 == 511) {
                loss += StrictMath.log(product);
                product = 1;
            }
            y[yo + i] = scale * ((a < 0 ? e : 1) / (1 + e) - d[dOffset + i]);
        }
        return loss + StrictMath.log(product);
    }

    /** y = e^(x - max x); returns the maximum. */
    private float expOfShifted(int n, float[] x, int xo, float[] y, int yo) {
        float max = rowMax(n, x, xo);
        exp(n, 1, -max, x, xo, y, yo);
        return max;
    }

    /** The largest of n elements; NaN when there is one. */
    abstract float rowMax(int n, float[] x, int xo);

    /** The sum of n elements as {@link #ROW_LANES} interleaved partial sums. */
    abstract float rowSum(int n, float[] x, int xo);

    /** The sum of n products as {@link #ROW_LANES} interleaved partial sums. */
    abstract float rowDot(int n, float[] x, int xo, float[] y, int yo);

    /** d = (d - dot) p · scale: through the softmax of a row of attention. */
    abstract void weightErrors(int n, float[] p, int po, float dot, float scale, float[] d, int dOffset);

    /** max(0, x) and its kin. */
    abstract Rectifiers rectifiers();

    private static final Tiles TILES = new Tiles();

    /** The transforms of convolutions by tiles. */
    public Tiles tiles() {
        return TILES;
    }

    /** The kernels for scattered rows. */
    abstract RowKernels rowKernels();

    // ------------------------------------------------------------------ additive attention

    /** v · tanh(k + s) of n elements, the sum as {@link #rowDot}. */
    final float additiveScore(int n, float[] k, int ko, float[] s, int so, float[] v, int vo) {
        return rowDot(n, activated(n, k, ko, s, so), 0, v, vo);
    }

    /**
     * What {@link #additiveScore} hands back for a gradient g.
     *
     * <pre>
     * t = tanh(k + s)      δ = g v (1 - t²)      dk += δ      ds += δ      dv += g t
     * </pre>
     */
    final void additiveErrors(
            int n,
            float g,
            float[] k,
            int ko,
            float[] s,
            int so,
            float[] v,
            int vo,
            float[] dk,
            int dko,
            float[] ds,
            int dso,
            float[] dv,
            int dvo) {
        additiveErrors(n, g, activated(n, k, ko, s, so), v, vo, dk, dko, ds, dso, dv, dvo);
    }

    /** tanh(k + s), in an array of this thread that the next call overwrites. */
    private float[] activated(int n, float[] k, int ko, float[] s, int so) {
        float[] t = activated.get().of(n);
        combine(Broadcast.Operation.ADD, n, k, ko, 1, s, so, 1, t, 0);
        tanh(n, t, 0, t, 0);
        return t;
    }

    /** {@link #additiveErrors} with t given. */
    abstract void additiveErrors(
            int n,
            float g,
            float[] tanh,
            float[] v,
            int vo,
            float[] dk,
            int dko,
            float[] ds,
            int dso,
            float[] dv,
            int dvo);

    // ------------------------------------------------------------------ gated recurrent unit

    /**
     * The errors of the gates of a GRU, one sequence; see {@link GruSequence}.
     *
     * @param gates n r z [m], H each, activations in and errors out; with {@code resetAfter} those of r and m, too
     * @param previous h'
     * @param dh ∂L/∂h from the step after in, what h' gets directly out
     */
    abstract void gruBackward(
            int hiddenSize,
            boolean resetAfter,
            float[] gates,
            int row,
            float[] previous,
            int po,
            float[] dy,
            int dyo,
            float[] dh,
            int dho);

    /** h = (1 - z) n + z h' of one sequence, for gates in the order n r z. */
    abstract void gruBlend(int hiddenSize, float[] gates, int row, float[] previous, int po, float[] h, int ho);

    // ------------------------------------------------------------------ LSTM gates

    /**
     * One step of the gates of {@code rows} sequences.
     *
     * <pre>
     * i, f, z, o = σ(a_i), σ(a_f), tanh(a_z), σ(a_o)     c = f c' + i z     h = o tanh(c)
     * </pre>
     *
     * @param gates [rows×4H]: a in, activations out
     * @param previous c' [rows×H], as c and tanhC without gaps between rows; another array than c
     * @param h rows {@code hStride} apart
     */
    public final void lstmForward(
            int rows,
            int hiddenSize,
            float[] gates,
            int gatesOffset,
            float[] previous,
            int previousOffset,
            float[] c,
            int cOffset,
            float[] tanhC,
            int tanhOffset,
            float[] h,
            int hOffset,
            int hStride) {
        int together = squashedTogether(hiddenSize);
        for (int r = 0; r < rows; r += together) {
            int count = Math.min(together, rows - r);
            int wide = 4 * hiddenSize;
            int first = gatesOffset + r * wide;
            int row = r * hiddenSize;
            squashRows(count, 2 * hiddenSize, Activations.SIGMOID, gates, first, wide);
            squashRows(count, hiddenSize, Activations.TANH, gates, first + 2 * hiddenSize, wide);
            squashRows(count, hiddenSize, Activations.SIGMOID, gates, first + 3 * hiddenSize, wide);
            for (int q = 0; q < count; q++) {
                int at = row + q * hiddenSize;
                blend(hiddenSize, gates, first + q * wide, previous, previousOffset + at, c, cOffset + at);
            }
            tanh(count * hiddenSize, c, cOffset + row, tanhC, tanhOffset + row);
            for (int q = 0; q < count; q++) {
                int o = first + q * wide + 3 * hiddenSize;
                multiply(
                        hiddenSize, gates, o, tanhC, tanhOffset + row + q * hiddenSize, h, hOffset + (r + q) * hStride);
            }
        }
    }

    /** How many rows of n values {@link #squashRows} turns best at a time. */
    int squashedTogether(int n) {
        return 1;
    }

    /** {@link Activations#squash} in place, of n values in each row. */
    void squashRows(int rows, int n, float s, float[] x, int xo, int stride) {
        for (int r = 0; r < rows; r++) {
            squash(n, s, x, xo + r * stride, x, xo + r * stride);
        }
    }

    /** c = f c' + i z of one sequence, for gates in the order i f z. */
    abstract void blend(int n, float[] gates, int g, float[] previous, int po, float[] c, int co);

    /**
     * The step backward.
     *
     * <pre>
     * δh = dh + dy    δc = dc + δh o (1 - tanh²c)    δo = δh tanh(c) o(1-o)
     * δi = δc z i(1-i)    δf = δc c' f(1-f)    δz = δc i (1-z²)    dc ← δc f
     * </pre>
     *
     * @param gates [rows×4H]: activations in, δ out
     * @param dy ∂L/∂h of this step from above, rows {@code dyStride} apart
     * @param dh ∂L/∂h from the step after, [rows×H] without gaps
     * @param dc ∂L/∂c from the step after in, for the step before out
     */
    public abstract void lstmBackward(
            int rows,
            int hiddenSize,
            float[] gates,
            int gatesOffset,
            float[] previous,
            int previousOffset,
            float[] tanhC,
            int tanhOffset,
            float[] dy,
            int dyOffset,
            int dyStride,
            float[] dh,
            int dhOffset,
            float[] dc,
            int dcOffset);

    // ------------------------------------------------------------------ word vectors

    /**
     * y_r = x_r · q for every row of a matrix, each a sum of {@link #ROW_LANES} interleaved partial sums. Modified: y.
     *
     * @param x [rows×n], rows {@code xStride} apart
     * @param q [n]
     * @param y [rows]
     */
    public final void rowDots(int rows, int n, float[] x, int xo, int xStride, float[] q, int qo, float[] y, int yo) {
        requireMatrix("rowDots: x", rows, n, x, xo, xStride);
        requireMatrix("rowDots: q", 1, n, q, qo, n);
        requireMatrix("rowDots: y", 1, rows, y, yo, rows);
        Parallel.over(
                rows,
                2L * rows * n,
                (from, to) -> someRowDots(to - from, n, x, xo + from * xStride, xStride, q, qo, y, yo + from));
    }

    /** {@link #rowDots} on one thread. */
    abstract void someRowDots(int rows, int n, float[] x, int xo, int xStride, float[] q, int qo, float[] y, int yo);

    /**
     * The step of AdaGrad for an error of a product of two vectors, with e already times the learning rate.
     *
     * <pre>
     * s = e y    t = e x    x -= s / √p    y -= t / √q    p += s²    q += t²
     * </pre>
     *
     * @param p sums of the squared steps of x, positive
     * @param q those of y
     */
    abstract void adaGradPair(int n, float e, float[] x, int xo, float[] p, float[] y, int yo, float[] q);

    // ------------------------------------------------------------------ the choice

    private static volatile boolean silent;

    /** No word when they are slow: a notebook's reader did not start this Java. Called before the first product. */
    public static void silence() {
        silent = true;
    }

    /** By name: this class must load where the module is missing. */
    static Kernels vectorKernels() {
        try {
            return Class.forName("org.carousel.tensor.internal.kernels.VectorKernels")
                    .asSubclass(Kernels.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the vector kernels cannot be loaded: " + e, e);
        }
    }

    private static final class Choice {
        private static final Kernels PLAIN = new PlainKernels();
        private static final Kernels ACTIVE;
        private static final String REASON;

        static {
            String wish = System.getProperty("carousel.kernels", "");
            if (!wish.isEmpty() && !wish.equals("vector") && !wish.equals("plain")) {
                throw new IllegalArgumentException("carousel.kernels=" + wish + " must be vector or plain");
            }
            boolean possible =
                    ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
            if (wish.equals("vector") && !possible) {
                throw new IllegalStateException(
                        "carousel.kernels=vector needs the JVM option " + "--add-modules jdk.incubator.vector");
            }
            boolean vector = possible && !wish.equals("plain");
            if (!vector
                    && wish.isEmpty()
                    && !silent
                    && ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
                System.getLogger("org.carousel")
                        .log(
                                System.Logger.Level.WARNING,
                                "plain kernels, about half as fast: start Java with --add-modules jdk.incubator.vector"
                                        + " (-Dcarousel.kernels=plain ends this message)");
            }
            ACTIVE = vector ? vectorKernels() : PLAIN;
            REASON = !wish.isEmpty()
                    ? " (carousel.kernels=" + wish + ")"
                    : vector ? "" : " (--add-modules jdk.incubator.vector is faster)";
        }
    }
}
