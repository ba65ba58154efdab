package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.exp;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The sLSTM of xLSTM: exponential input gates, and a normaliser that keeps count of them.
 *
 * <pre>
 * i_t = exp(ĩ_t)   f_t = σ(f̃_t)   z_t = tanh(z̃_t)   o_t = σ(õ_t)        each ~ is W x_t + R h_{t-1} + b
 * c_t = f_t c_{t-1} + i_t z_t      n_t = f_t n_{t-1} + i_t      h_t = o_t c_t / n_t
 * </pre>
 *
 * <p>An exponential gate can make a new input outweigh everything before it, so that a stored value is replaced and not
 * only added to. In numbers, c and n are both kept divided by exp(m_t) with m_t = max(ln f_t + m_{t-1}, ĩ_t), which
 * cancels in c / n and keeps the exponentials below 1.
 *
 * <p>Source: Beck et al.: xLSTM: Extended long short-term memory, NeurIPS 2024, arXiv:2405.04517, eqs. (8)-(17). Differs
 * from the paper in: one head, no block around the cell.
 */
public final class SLstm extends MatrixCell<SLstm.State> implements InspectedCell<SLstm.State> {
    private final Tensor b;

    /**
     * What is carried from step to step, each [B×H].
     *
     * @param h the output
     * @param c the cell state, divided by exp(m)
     * @param n the normaliser, divided by exp(m)
     * @param m the stabiliser
     */
    public record State(Tensor h, Tensor c, Tensor n, Tensor m) {}

    private SLstm(Tensor W, Tensor R, Tensor b) {
        super(W, R);
        W.requiresGradient();
        R.requiresGradient();
        this.b = b.requiresGradient();
    }

    /** First weights as {@link GateInitializers#standard}. */
    public static SLstm of(int inputSize, int hiddenSize, RandomStream random) {
        Parameters plain = Lstm.of(inputSize, hiddenSize, random).parameters();
        return new SLstm(plain.get("weight_ih_l0"), plain.get("weight_hh_l0"), plain.get("bias_ih_l0"));
    }

    @Override
    public List<String> carried() {
        return List.of("h", "c", "n", "m");
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State s) {
        int n = hiddenSize();
        Tensor net = linear(x, W).plus(linear(s.h, R)).plus(b);
        Tensor logI = net.slice(1, 0, n);
        Tensor logF = logSigmoid(net.slice(1, n, 2 * n));
        Tensor z = tanh(net.slice(1, 2 * n, 3 * n));
        Tensor o = sigmoid(net.slice(1, 3 * n, 4 * n));
        Tensor m = maximum(logF.plus(s.m), logI);
        Tensor i = exp(logI.minus(m));
        Tensor f = exp(logF.plus(s.m).minus(m));
        Tensor c = f.times(s.c).plus(i.times(z));
        Tensor norm = f.times(s.n).plus(i);
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("i", i);
        all.put("f", f);
        all.put("z", z);
        all.put("o", o);
        all.put("c", c);
        all.put("n", norm);
        all.put("m", m);
        all.put("h", o.times(c.dividedBy(norm)));
        return all;
    }

    /** As one operation, with one product per step. */
    @Override
    public Sequence<State> run(Tensor x, State initial, int... lengths) {
        requireSequence(x);
        requireStep(x.select(1, 0), initial);
        return FusedCells.sLstm(linear(Ragged.mask(x, lengths), W, b), R, initial, lengths);
    }

    /** ln σ(a) = min(a, 0) - ln(1 + exp(-|a|)), finite for every a. */
    static Tensor logSigmoid(Tensor a) {
        Tensor below = Tensor.relu(a.negate());
        Tensor size = Tensor.relu(a).plus(below);
        return below.plus(Tensor.log(exp(size.negate()).plus(1))).negate();
    }

    static Tensor maximum(Tensor a, Tensor b) {
        return b.plus(Tensor.relu(a.minus(b)));
    }

    @Override
    public State initial(int batch) {
        Tensor zero = Tensor.zeros(batch, hiddenSize());
        return new State(zero, zero, zero, Tensor.full(Ragged.NEVER, batch, hiddenSize()));
    }

    @Override
    public Tensor output(State state) {
        return state.h;
    }

    @Override
    public List<Tensor> tensors(State state) {
        return List.of(state.h, state.c, state.n, state.m);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1), tensors.get(2), tensors.get(3));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W).and("R", R).and("b", b);
    }
}
