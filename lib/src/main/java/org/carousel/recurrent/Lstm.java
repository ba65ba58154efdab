package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.LstmCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.LstmMasks;
import org.jspecify.annotations.Nullable;

/**
 * Long short-term memory with forget gate, without peepholes: the cell of PyTorch and Keras.
 *
 * <pre>
 * i_t = σ(W_i x_t + R_i h_{t-1} + b_i)      input gate
 * f_t = σ(W_f x_t + R_f h_{t-1} + b_f)      forget gate
 * z_t = tanh(W_z x_t + R_z h_{t-1} + b_z)   block input (PyTorch's g, others' c̃)
 * o_t = σ(W_o x_t + R_o h_{t-1} + b_o)      output gate
 * c_t = f_t ⊙ c_{t-1} + i_t ⊙ z_t           cell state: the constant error carousel where f = 1
 * h_t = o_t ⊙ tanh(c_t)                     output
 * </pre>
 *
 * <p>The gates lie below each other in the matrices in the order i f z o of {@link Gate}.
 *
 * <p>Kept for the backward pass: 7 floats per step and unit by {@link #run}, 26 by {@link #unroll}, and a copy of the
 * input. Where sequences are long, {@link #detach} every so many steps bounds it: truncated backpropagation.
 *
 * <p>Sources: Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 9(8), 1997,
 * doi:10.1162/neco.1997.9.8.1735; the forget gate: Gers, Schmidhuber, Cummins, Neural Computation 12(10), 2000,
 * doi:10.1162/089976600300015015; letters: Greff et al. 2017, arXiv:1503.04069, the cell named NP there.
 */
public final class Lstm extends MatrixCell<Lstm.State> implements LstmCell {
    private final Tensor b;
    private final FusedLstm fused;

    /**
     * What is carried from step to step.
     *
     * @param h the output [B×H]
     * @param c the cell state [B×H]
     */
    public record State(Tensor h, Tensor c) {}

    /**
     * Everything that happens in the cell, for looking inside: of one step [B×H], of a sequence [B×T×H].
     *
     * @param i input gate, in (0, 1)
     * @param f forget gate, in (0, 1)
     * @param z block input, in (-1, 1)
     * @param o output gate, in (0, 1)
     * @param c cell state
     * @param h output, in (-1, 1)
     */
    public record Activations(Tensor i, Tensor f, Tensor z, Tensor o, Tensor c, Tensor h) {
        /** The same under the letters of the equations. */
        Map<String, Tensor> byName() {
            Map<String, Tensor> named = new LinkedHashMap<>();
            named.put("i", i);
            named.put("f", f);
            named.put("z", z);
            named.put("o", o);
            named.put("c", c);
            named.put("h", h);
            return named;
        }
    }

    /**
     * A cell over given weights.
     *
     * @param W input weights [4H×I], PyTorch's {@code weight_ih_l0}
     * @param R recurrent weights [4H×H], PyTorch's {@code weight_hh_l0}
     * @param b bias [4H], the sum of PyTorch's two
     */
    public Lstm(Tensor W, Tensor R, Tensor b) {
        super(W, R);
        if (W.rank() != 2
                || R.rank() != 2
                || R.size(0) != 4 * R.size(1)
                || W.size(0) != R.size(0)
                || b.rank() != 1
                || b.size() != R.size(0)) {
            throw new IllegalArgumentException("lstm: W " + W.shapeText() + ", R " + R.shapeText() + ", b "
                    + b.shapeText() + " must be [4H×I], [4H×H] and [4H]");
        }
        W.requiresGradient();
        R.requiresGradient();
        this.b = b.requiresGradient();
        this.fused = new FusedLstm();
    }

    /** First weights as {@link GateInitializers#standard}: a forget bias of 1. */
    public static Lstm of(int inputSize, int hiddenSize, RandomStream random) {
        return of(inputSize, hiddenSize, GateInitializers.standard(), random);
    }

    /** A cell with chosen first weights. Each gate is drawn by itself. */
    public static Lstm of(int inputSize, int hiddenSize, GateInitializers first, RandomStream random) {
        Tensor[] W = new Tensor[4];
        Tensor[] R = new Tensor[4];
        Tensor[] b = new Tensor[4];
        for (Gate gate : Gate.values()) {
            int k = gate.place();
            W[k] = first.input(gate, hiddenSize, inputSize, random.split("W").split(k));
            R[k] = first.recurrent(gate, hiddenSize, random.split("R").split(k));
            b[k] = first.biases(gate, hiddenSize);
        }
        return new Lstm(Tensor.concat(0, W), Tensor.concat(0, R), Tensor.concat(0, b));
    }

    @Override
    public State step(Tensor x, State previous) {
        requireStep(x, previous);
        Activations a = activations(x, previous);
        return new State(a.h, a.c);
    }

    /** The equations, with everything they compute. */
    private Activations activations(Tensor x, State previous) {
        Tensor h = previous.h();
        Tensor c = previous.c();
        Tensor i = sigmoid(net(Gate.INPUT, x, h));
        Tensor f = sigmoid(net(Gate.FORGET, x, h));
        Tensor z = tanh(net(Gate.BLOCK_INPUT, x, h));
        Tensor o = sigmoid(net(Gate.OUTPUT, x, h));
        c = f.times(c).plus(i.times(z));
        h = o.times(tanh(c));
        return new Activations(i, f, z, o, c, h);
    }

    /** W x + R h + b of one gate. */
    private Tensor net(Gate gate, Tensor x, Tensor h) {
        int from = gate.place() * hiddenSize();
        int to = from + hiddenSize();
        return linear(x, W.slice(0, from, to))
                .plus(linear(h, R.slice(0, from, to)))
                .plus(b.slice(0, from, to));
    }

    /** The equations of {@link #step} over the whole sequence as one operation. */
    @Override
    public Sequence<State> run(Tensor x, State initial, int... lengths) {
        requireSequence(x);
        Ragged.require("lstm", x, lengths);
        return fused.run(null, W, R, b, null, x, initial, lengths);
    }

    /** {@link #run} with masks, and with other weights in place of W and R. */
    Sequence<State> run(
            Tensor inputWeights,
            Tensor recurrentWeights,
            @Nullable LstmMasks masks,
            Tensor x,
            State initial,
            int... lengths) {
        requireSequence(x);
        Ragged.require("lstm", x, lengths);
        return fused.run(null, inputWeights, recurrentWeights, b, null, masks, x, initial, lengths);
    }

    /** The equations with a factor for the block input [B×H]. */
    State step(Tensor x, State previous, Tensor blockInput) {
        requireStep(x, previous);
        Activations a = activations(x, previous);
        Tensor c = a.f.times(previous.c()).plus(a.i.times(a.z.times(blockInput)));
        return new State(a.o.times(tanh(c)), c);
    }

    /** A stream that makes no tensors. */
    @Override
    public CellStream<State> stream(State initial) {
        return new LstmStream(W, R, b, initial);
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State previous) {
        return activations(x, previous).byName();
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight_ih_l0", W).and("weight_hh_l0", R).and("bias_ih_l0", b);
    }
}
