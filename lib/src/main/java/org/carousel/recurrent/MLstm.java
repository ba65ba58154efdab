package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.exp;
import static org.carousel.tensor.Tensor.relu;
import static org.carousel.tensor.Tensor.sigmoid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The mLSTM of xLSTM: the cell state is a matrix that stores values under keys.
 *
 * <pre>
 * q_t = W_q x_t + b_q    k_t = (W_k x_t + b_k) / √H    v_t = W_v x_t + b_v
 * i_t = exp(w_i x_t + b_i)   f_t = σ(w_f x_t + b_f)   o_t = σ(W_o x_t + b_o)     i and f are single numbers
 * C_t = f_t C_{t-1} + i_t v_t k_tᵀ      n_t = f_t n_{t-1} + i_t k_t
 * h_t = o_t ⊙ C_t q_t / max(|n_tᵀ q_t|, 1)
 * </pre>
 *
 * <p>Nothing depends on h_{t-1}. As in {@link SLstm}, C and n are kept divided by exp(m_t).
 *
 * <p>Source: Beck et al.: xLSTM: Extended long short-term memory, NeurIPS 2024, arXiv:2405.04517, eqs. (19)-(27). Differs
 * from the paper in: one head, no block around the cell.
 *
 * @param q query, k key, v value, o output gate: H outputs each
 * @param gates i and f before their functions: 2 outputs
 */
public record MLstm(Affine q, Affine k, Affine v, Affine o, Affine gates) implements InspectedCell<MLstm.State> {

    /**
     * What is carried from step to step.
     *
     * @param C the memory, divided by exp(m) [B×H×H]
     * @param n the normaliser, divided by exp(m) [B×H]
     * @param m the stabiliser [B×1]
     * @param h the output [B×H]
     */
    public record State(Tensor C, Tensor n, Tensor m, Tensor h) {}

    /** Glorot weights; the forget gate begins at a bias of 3. */
    public static MLstm of(int inputSize, int hiddenSize, RandomStream random) {
        Affine gates = Affine.of(inputSize, 2, random.split("gates"));
        gates.b().update(values -> values[1] = 3);
        return new MLstm(
                Affine.of(inputSize, hiddenSize, random.split("q")),
                Affine.of(inputSize, hiddenSize, random.split("k")),
                Affine.of(inputSize, hiddenSize, random.split("v")),
                Affine.of(inputSize, hiddenSize, random.split("o")),
                gates);
    }

    @Override
    public List<String> carried() {
        return List.of("C", "n", "m", "h");
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State s) {
        int batch = x.size(0);
        int size = hiddenSize();
        Tensor query = q.apply(x);
        Tensor key = k.apply(x).dividedBy(StrictMath.sqrt(size));
        Tensor net = gates.apply(x);
        Tensor logI = net.slice(1, 0, 1);
        Tensor logF = SLstm.logSigmoid(net.slice(1, 1, 2));
        Tensor m = SLstm.maximum(logF.plus(s.m), logI);
        Tensor i = exp(logI.minus(m));
        Tensor f = exp(logF.plus(s.m).minus(m));
        Tensor outer = v.apply(x).reshape(batch, size, 1).times(key.reshape(batch, 1, size));
        Tensor C = f.reshape(batch, 1, 1).times(s.C).plus(i.reshape(batch, 1, 1).times(outer));
        Tensor n = f.times(s.n).plus(i.times(key));
        Tensor product = n.times(query).sum(1).reshape(batch, 1);
        Tensor weight = relu(product).plus(relu(product.negate())); // |n q|, also divided by exp(m)
        Tensor read = C.matmul(query.reshape(batch, size, 1)).reshape(batch, size);
        Tensor open = sigmoid(o.apply(x));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("i", i);
        all.put("f", f);
        all.put("o", open);
        all.put("C", C);
        all.put("n", n);
        all.put("m", m);
        all.put("h", open.times(read.dividedBy(SLstm.maximum(weight, exp(m.negate())))));
        return all;
    }

    /**
     * In chunks of 64 steps instead of step by step: all outputs of a chunk are two products, as in attention, and the
     * memory is written once per chunk.
     */
    @Override
    public Sequence<State> run(Tensor x, State initial, int... lengths) {
        requireSequence(x);
        requireStep(x.select(1, 0), initial);
        return FusedMLstm.run(this, x, initial, lengths);
    }

    @Override
    public int inputSize() {
        return q.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return q.b().size();
    }

    @Override
    public State initial(int batch) {
        int size = hiddenSize();
        return new State(
                Tensor.zeros(batch, size, size),
                Tensor.zeros(batch, size),
                Tensor.full(Ragged.NEVER, batch, 1),
                Tensor.zeros(batch, size));
    }

    @Override
    public Tensor output(State state) {
        return state.h;
    }

    @Override
    public List<Tensor> tensors(State state) {
        return List.of(state.C, state.n, state.m, state.h);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1), tensors.get(2), tensors.get(3));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("q", q).and("k", k).and("v", v).and("o", o).and("gates", gates);
    }
}
