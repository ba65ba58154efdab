package org.carousel.training.learning;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * The learning algorithm of 1997: the truncated gradient of memory blocks, computed forward in time, one step after the
 * other, with nothing kept of the past but the derivatives of c.
 *
 * <pre>
 * y = σ(V h (+ b))                                        output units,  E = ½ Σ_t Σ_k (d_k - y_k)²
 * ∂c/∂W_c ← ∂c/∂W_c + i g'(a_c) s                         s the sources of this step, with a 1 for the biases
 * ∂c/∂W_i ← ∂c/∂W_i + g i (1-i) s
 * e_k = (d_k - y_k) y_k (1-y_k)     ε = Vᵀ e              errors of the output units and, through V, of the cells
 * ΔV += e hᵀ     ΔW_o += (Σ_block h(c) ε) o (1-o) sᵀ
 * ΔW_c += o h'(c) ε ∂c/∂W_c         ΔW_i += Σ_block o h'(c) ε ∂c/∂W_i
 * θ ← θ + η Δθ                                            {@link #update}
 * </pre>
 *
 * <p>The derivatives of c need no more memory than the weights, however long the sequence is, and a step costs a few
 * operations per weight. What comes out is the gradient that backpropagation through {@link MemoryBlocks} gives.
 *
 * <pre>{@code
 * learner.begin();
 * for (int t = 0; t < steps; t++) {
 *     learner.read(x[t]);
 *     learner.teach(target[t]);
 * }
 * learner.update(0.5);
 * }</pre>
 *
 * <p>The learner holds copies of the weights; {@link #update} writes them back into the tensors. Not for several threads
 * at once.
 *
 * <p>Source: Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 9(8), 1997,
 * doi:10.1162/neco.1997.9.8.1735, appendix A.1, equations (19) to (28). Differs from the paper in: none known; the
 * paper's E has no factor ½, its equation (19) counts as if it had.
 */
public final class MemoryBlockLearner {
    private final MemoryBlocks cell;
    private final int inputs;
    private final int blocks;
    private final int cells;
    private final int[] block; // of each cell
    private final int outputs;
    private final int rows; // what the sources feed: cells, input gates, output gates
    private final int sources; // the last one is the constant 1
    private final Tensor V;
    private final @Nullable Tensor b;

    private final float[] w; // [sources×rows]: rows side by side, so that inner loops run over them
    private final float[] dw;
    private final float[] v; // [(cells+1)×outputs], the last row is the bias
    private final float[] dv;
    private final float[] toCell; // ∂c_j/∂W_c [sources×cells]
    private final float[] toGate; // ∂c_j/∂W_i [sources×cells]

    private final float[] s;
    private final float[] a; // sums, then σ of them: cells, i, o
    private final float[] c;
    private final float[] squashed; // h(c)
    private final float[] h; // with a 1 for the bias of the output units
    private final float[] y;
    private final float[] change; // what a step changes in ∂c/∂W_c and ∂c/∂W_i, apart from s
    private final float[] error;
    private int copied; // version of the tensors that w and v were copied from

    private MemoryBlockLearner(MemoryBlocks cell, Tensor V, @Nullable Tensor b) {
        this.cell = cell;
        this.V = V;
        this.b = b;
        this.inputs = cell.inputSize();
        this.blocks = cell.blocks();
        this.cells = cell.hiddenSize();
        this.block = IntStream.range(0, cells).map(j -> j / cell.size()).toArray(); // a division per use would be slow
        this.outputs = V.size(0);
        this.rows = cells + 2 * blocks;
        this.sources = cell.W_c().size(1) + 1;
        this.w = new float[sources * rows];
        this.dw = new float[sources * rows];
        this.v = new float[(cells + 1) * outputs];
        this.dv = new float[(cells + 1) * outputs];
        this.toCell = new float[sources * cells];
        this.toGate = new float[sources * cells];
        this.s = new float[sources];
        this.a = new float[rows];
        this.c = new float[cells];
        this.squashed = new float[cells];
        this.h = new float[cells + 1];
        this.y = new float[outputs];
        this.change = new float[2 * cells];
        this.error = new float[outputs + cells + blocks];
        s[sources - 1] = 1;
        h[cells] = 1;
    }

    /**
     * A learner of these weights.
     *
     * @param cell blocks without forget gate, truncated
     * @param V weights of the output units [K×cells]
     * @param b their bias [K], or null for none
     * @throws IllegalArgumentException when the cell is of another kind or the shapes do not fit
     */
    public static MemoryBlockLearner of(MemoryBlocks cell, Tensor V, @Nullable Tensor b) {
        if (cell.W_f() != null || !cell.truncated()) {
            throw new IllegalArgumentException("memory block learner: the cell has "
                    + (cell.W_f() != null ? "a forget gate" : "the full gradient")
                    + "; MemoryBlocks.of1997 makes one it can teach");
        }
        if (V.rank() != 2
                || V.size(1) != cell.hiddenSize()
                || (b != null && (b.rank() != 1 || b.size() != V.size(0)))) {
            throw new IllegalArgumentException("memory block learner: V " + V.shapeText() + " and b "
                    + (b == null ? "none" : b.shapeText()) + " must be [K×" + cell.hiddenSize() + "] and [K]");
        }
        MemoryBlockLearner learner = new MemoryBlockLearner(cell, V.requiresGradient(), b);
        learner.copyFromTensors();
        return learner;
    }

    /** A new sequence: all activations and derivatives are 0. What {@link #teach} has gathered stays. */
    public void begin() {
        Arrays.fill(a, 0);
        Arrays.fill(c, 0);
        Arrays.fill(h, 0, cells, 0);
        Arrays.fill(toCell, 0);
        Arrays.fill(toGate, 0);
    }

    /**
     * One step, with the derivatives that {@link #teach} needs.
     *
     * @param x [I]
     * @return y [K], in (0, 1); the same array each time
     */
    public float[] read(float... x) {
        step(x);
        for (int u = 0; u < sources; u++) {
            if (s[u] != 0) {
                for (int j = 0; j < cells; j++) {
                    toCell[u * cells + j] += change[j] * s[u];
                    toGate[u * cells + j] += change[cells + j] * s[u];
                }
            }
        }
        return y;
    }

    /** One step of a sequence that is only to be answered: as {@link #read}, faster, and {@link #teach} must not follow. */
    public float[] guess(float... x) {
        step(x);
        return y;
    }

    private void step(float[] x) {
        if (x.length != inputs) {
            throw new IllegalArgumentException(
                    "memory block learner: input of " + x.length + " values; the cell reads " + inputs);
        }
        System.arraycopy(x, 0, s, 0, inputs);
        System.arraycopy(h, 0, s, inputs, cells);
        if (cell.gatesAreSources()) {
            System.arraycopy(a, cells, s, inputs + cells, 2 * blocks);
        }
        product(sources, rows, s, w, a);
        Kernels.active().sigmoid(rows, a, 0, a, 0);
        for (int j = 0; j < cells; j++) {
            float i = a[cells + block[j]];
            float g = 4 * a[j] - 2;
            change[j] = i * 4 * a[j] * (1 - a[j]);
            change[cells + j] = g * i * (1 - i);
            c[j] += i * g;
        }
        Kernels.active().sigmoid(cells, c, 0, squashed, 0);
        for (int j = 0; j < cells; j++) {
            squashed[j] = 2 * squashed[j] - 1;
            h[j] = a[cells + blocks + block[j]] * squashed[j];
        }
        product(cells + 1, outputs, h, v, y);
        Kernels.active().sigmoid(outputs, y, 0, y, 0);
    }

    /** z = Σ_u x_u m_u, over the rows m_u of a matrix. */
    private static void product(int n, int width, float[] x, float[] m, float[] z) {
        Arrays.fill(z, 0);
        for (int u = 0; u < n; u++) {
            float xu = x[u];
            if (xu != 0) { // inputs are mostly one-hot
                for (int r = 0; r < width; r++) {
                    z[r] += xu * m[u * width + r];
                }
            }
        }
    }

    /**
     * Adds what the error of this step asks of the weights.
     *
     * @param target d [K], what y should have been
     * @return Σ_k (d_k - y_k)² of this step
     */
    public double teach(float... target) {
        if (target.length != outputs) {
            throw new IllegalArgumentException("memory block learner: target of " + target.length
                    + " values; there are " + outputs + " output units");
        }
        double squares = 0;
        Arrays.fill(error, 0);
        for (int k = 0; k < outputs; k++) {
            float miss = target[k] - y[k];
            squares += (double) miss * miss;
            error[k] = miss * y[k] * (1 - y[k]);
        }
        float[] epsilon = new float[cells];
        for (int j = 0; j < cells; j++) {
            for (int k = 0; k < outputs; k++) {
                epsilon[j] += v[j * outputs + k] * error[k];
            }
        }
        spread(epsilon);
        gather();
        return squares;
    }

    /** As {@link #teach} when the errors of the cells come from elsewhere: ε = -∂L/∂h [cells]. */
    void teachCells(float[] epsilon) {
        Arrays.fill(error, 0);
        spread(epsilon);
        gather();
    }

    /** From the cells to their states and output gates. */
    private void spread(float[] epsilon) {
        for (int j = 0; j < cells; j++) {
            float o = a[cells + blocks + block[j]];
            error[outputs + j] = o * 0.5f * (1 - squashed[j] * squashed[j]) * epsilon[j];
            error[outputs + cells + block[j]] += squashed[j] * epsilon[j] * o * (1 - o);
        }
    }

    private void gather() {
        for (int u = 0; u < sources; u++) {
            int to = u * rows;
            for (int j = 0; j < cells; j++) {
                dw[to + j] += error[outputs + j] * toCell[u * cells + j];
            }
            for (int j = 0; j < cells; j++) {
                dw[to + cells + block[j]] += error[outputs + j] * toGate[u * cells + j];
            }
            for (int k = 0; k < blocks; k++) {
                dw[to + cells + blocks + k] += error[outputs + cells + k] * s[u];
            }
        }
        for (int j = 0; j <= cells; j++) {
            for (int k = 0; k < outputs; k++) {
                dv[j * outputs + k] += error[k] * h[j];
            }
        }
    }

    /** θ ← θ + η Δθ with all that {@link #teach} has gathered since the last update. */
    public void update(double learningRate) {
        float eta = (float) learningRate;
        if (cell.b_c() == null) { // a bias that is not there does not learn
            Arrays.fill(dw, (sources - 1) * rows, (sources - 1) * rows + cells, 0);
        }
        if (b == null) {
            Arrays.fill(dv, cells * outputs, dv.length, 0);
        }
        add(eta, dw, w);
        add(eta, dv, v);
        forEachWeight(true, (tensor, own, in, width, first) -> {
            for (int k = 0, row = 0; k < tensor.length; row++) {
                for (int u = 0; u < in; u++) {
                    tensor[k++] = own[u * width + first + row];
                }
            }
        });
        copied = version();
    }

    private static void add(float eta, float[] delta, float[] theta) {
        for (int k = 0; k < theta.length; k++) {
            theta[k] += eta * delta[k];
            delta[k] = 0;
        }
    }

    private void copyFromTensors() {
        forEachWeight(false, (tensor, own, in, width, first) -> {
            for (int k = 0, row = 0; k < tensor.length; row++) {
                for (int u = 0; u < in; u++) {
                    own[u * width + first + row] = tensor[k++];
                }
            }
        });
        copied = version();
    }

    private interface Copy {
        /** The [rows×in] values of a tensor and their places in our own array, column by column from {@code first}. */
        void between(float[] tensor, float[] own, int in, int width, int first);
    }

    private void forEachWeight(boolean change, Copy copy) {
        each(change, cell.W_c(), cell.b_c(), w, rows, 0, copy);
        each(change, cell.W_i(), cell.b_i(), w, rows, cells, copy);
        each(change, cell.W_o(), cell.b_o(), w, rows, cells + blocks, copy);
        each(change, V, b, v, outputs, 0, copy);
    }

    private static void each(
            boolean change, Tensor weights, @Nullable Tensor bias, float[] own, int width, int first, Copy copy) {
        int in = weights.size(1);
        one(change, weights, values -> copy.between(values, own, in, width, first));
        if (bias != null) {
            one(change, bias, values -> copy.between(values, own, 1, width, in * width + first));
        }
    }

    private static void one(boolean change, Tensor tensor, Consumer<float[]> copy) {
        if (change) {
            tensor.update(copy);
        } else {
            copy.accept(Fused.array(tensor));
        }
    }

    /** Adds -Δθ, the gradient, to the gradients of the cell's tensors and forgets it. */
    void collect() {
        addGradient(cell.W_c(), cell.b_c(), 0);
        addGradient(cell.W_i(), cell.b_i(), cells);
        addGradient(cell.W_o(), cell.b_o(), cells + blocks);
        Arrays.fill(dw, 0);
    }

    private void addGradient(Tensor weights, @Nullable Tensor bias, int first) {
        int in = weights.size(1);
        float[] g = Fused.gradientBuffer(weights);
        for (int k = 0, row = first; k < g.length; row++) {
            for (int u = 0; u < in; u++) {
                g[k++] -= dw[u * rows + row];
            }
        }
        if (bias != null) {
            float[] db = Fused.gradientBuffer(bias);
            for (int row = 0; row < db.length; row++) {
                db[row] -= dw[in * rows + first + row];
            }
        }
    }

    /** Takes over the tensors' weights where somebody else has changed them. */
    void refresh() {
        if (version() != copied) {
            copyFromTensors();
        }
    }

    private int version() {
        int sum = Fused.version(V);
        for (Tensor t : cell.parameters().tensors()) {
            sum += Fused.version(t);
        }
        return sum;
    }

    /** h [cells] after the last step, into {@code to} from {@code offset} on. */
    void output(float[] to, int offset) {
        System.arraycopy(h, 0, to, offset, cells);
    }

    /** States, gates and the derivatives of c. */
    long kept() {
        return 2L * cells + 2L * blocks + toCell.length + toGate.length;
    }

    /** c [cells] after the last step, for a look inside. */
    public float[] state() {
        return c.clone();
    }
}
