package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The gated recurrent unit, in both of its conventions.
 *
 * <pre>
 * r_t = σ(W_r x_t + R_r h_{t-1} + b_r)                      reset gate
 * z_t = σ(W_z x_t + R_z h_{t-1} + b_z)                      update gate: z keeps
 * n_t = tanh(W_n x_t + b_n + r_t ⊙ (R_n h_{t-1} + a_n))     reset after the product (PyTorch, cuDNN)
 * n_t = tanh(W_n x_t + b_n + R_n (r_t ⊙ h_{t-1}))           reset before the product (the paper)
 * h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{t-1}
 * </pre>
 *
 * <p>z keeps the old state, as in Cho et al. and PyTorch; in Chung et al. (2014, arXiv:1412.3555) it lets the new one
 * in.
 *
 * <p>Source: Cho et al.: Learning phrase representations using RNN encoder-decoder, EMNLP 2014, arXiv:1406.1078, eqs.
 * (5)-(8).
 *
 * <p>Kept for the backward pass by {@link #run}: 5 floats per step and unit, and a copy of the input.
 */
public final class Gru extends MatrixCell<Tensor> implements TensorCell, InspectedCell<Tensor> {
    private final Tensor b;
    private final @Nullable Tensor a;
    private final FusedGru fused = new FusedGru();

    /**
     * A cell over given weights, gates in PyTorch's order r z n.
     *
     * @param W input weights [3H×I]
     * @param R recurrent weights [3H×H]
     * @param b bias [3H]; of PyTorch's two the sum for r and z, and b_in for n
     * @param a bias inside the reset [H], PyTorch's b_hn; null for the reset before the product
     */
    public Gru(Tensor W, Tensor R, Tensor b, @Nullable Tensor a) {
        super(W, R);
        if (W.rank() != 2
                || R.rank() != 2
                || R.size(0) != 3 * R.size(1)
                || W.size(0) != R.size(0)
                || b.rank() != 1
                || b.size() != R.size(0)
                || (a != null && (a.rank() != 1 || a.size() != R.size(1)))) {
            throw new IllegalArgumentException("gru: W " + W.shapeText() + ", R " + R.shapeText() + ", b "
                    + b.shapeText() + (a == null ? "" : ", a " + a.shapeText())
                    + " must be [3H×I], [3H×H], [3H] and [H]");
        }
        W.requiresGradient();
        R.requiresGradient();
        this.b = b.requiresGradient();
        this.a = a == null ? null : a.requiresGradient();
    }

    /** Reset after the product; Glorot input weights, orthogonal recurrent weights, biases 0. */
    public static Gru of(int inputSize, int hiddenSize, RandomStream random) {
        return of(inputSize, hiddenSize, true, random);
    }

    /** Either convention; Glorot input weights, orthogonal recurrent weights, biases 0. */
    public static Gru of(int inputSize, int hiddenSize, boolean resetAfter, RandomStream random) {
        Tensor[] W = new Tensor[3];
        Tensor[] R = new Tensor[3];
        for (int gate = 0; gate < 3; gate++) {
            W[gate] = Initializer.glorot()
                    .matrix(hiddenSize, inputSize, random.split("W").split(gate));
            R[gate] = Initializer.orthogonal()
                    .matrix(hiddenSize, hiddenSize, random.split("R").split(gate));
        }
        return new Gru(
                Tensor.concat(0, W),
                Tensor.concat(0, R),
                Tensor.zeros(3 * hiddenSize),
                resetAfter ? Tensor.zeros(hiddenSize) : null);
    }

    /** Whether the reset gate multiplies after the product. */
    public boolean resetsAfter() {
        return a != null;
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Tensor r = sigmoid(input(0, x).plus(recurrent(0, h)));
        Tensor z = sigmoid(input(1, x).plus(recurrent(1, h)));
        Tensor n = a == null
                ? tanh(input(2, x).plus(recurrent(2, r.times(h))))
                : tanh(input(2, x).plus(r.times(recurrent(2, h).plus(a))));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("r", r);
        all.put("z", z);
        all.put("n", n);
        all.put("h", z.oneMinus().times(n).plus(z.times(h)));
        return all;
    }

    private Tensor input(int gate, Tensor x) {
        int from = gate * hiddenSize();
        int to = from + hiddenSize();
        return linear(x, W.slice(0, from, to)).plus(b.slice(0, from, to));
    }

    private Tensor recurrent(int gate, Tensor h) {
        int from = gate * hiddenSize();
        return linear(h, R.slice(0, from, from + hiddenSize()));
    }

    @Override
    public Sequence<Tensor> run(Tensor x, Tensor initial, int... lengths) {
        requireSequence(x);
        Ragged.require("gru", x, lengths);
        return fused.run(W, R, b, a, x, initial, lengths);
    }

    /** {@link #run} with other weights in place of W and R. */
    Sequence<Tensor> run(Tensor inputWeights, Tensor recurrentWeights, Tensor x, Tensor initial, int... lengths) {
        requireSequence(x);
        Ragged.require("gru", x, lengths);
        return fused.run(inputWeights, recurrentWeights, b, a, x, initial, lengths);
    }

    /** The equations with a factor for the candidate n [B×H]. */
    Tensor step(Tensor x, Tensor h, Tensor candidate) {
        requireStep(x, h);
        Map<String, Tensor> all = inspectStep(x, h);
        Tensor z = java.util.Objects.requireNonNull(all.get("z"));
        Tensor n = java.util.Objects.requireNonNull(all.get("n"));
        return z.oneMinus().times(n.times(candidate)).plus(z.times(h));
    }

    /** A stream that makes no tensors. */
    @Override
    public CellStream<Tensor> stream(Tensor initial) {
        return fused.stream(W, R, b, a, initial);
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("weight_ih_l0", W).and("weight_hh_l0", R).and("bias_ih_l0", b);
        return a == null ? all : all.and("bias_hn_l0", a);
    }
}
