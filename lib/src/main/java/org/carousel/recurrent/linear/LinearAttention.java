package org.carousel.recurrent.linear;

import static org.carousel.tensor.Tensor.exp;
import static org.carousel.tensor.Tensor.relu;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Self-attention without the exponential of a softmax, and so a recurrent network: what all earlier positions would be asked
 * for fits into one matrix, to which every step adds a value under a key (the fast weights of Schmidhuber 1992).
 *
 * <pre>
 * q_t, k_t = φ(W_q x_t + b_q), φ(W_k x_t + b_k),   v_t = W_v x_t + b_v,   φ(a) = elu(a) + 1
 * S_t = S_{t-1} + k_t v_tᵀ                 [H×H]
 * n_t = n_{t-1} + k_t                      [H]
 * h_t = S_tᵀ q_t / (n_tᵀ q_t)              the recurrent form
 * h_t = Σ_{u ≤ t} (q_tᵀ k_u) v_u / Σ_{u ≤ t} q_tᵀ k_u      the parallel form
 * </pre>
 *
 * <p>Cost over T steps: T H² step by step, T² H in parallel; {@link #run} takes pieces of 64 steps, parallel within, recurrent
 * between: T (64 + H) H.
 *
 * <p>Source: Katharopoulos, Vyas, Pappas, Fleuret: Transformers are RNNs, ICML 2020, arXiv:2006.16236, eqs. (8)-(20). Differs
 * from the paper in: one head.
 *
 * @param q query: H outputs
 * @param k key: H outputs
 * @param v value: H outputs
 */
public record LinearAttention(Affine q, Affine k, Affine v) implements InspectedCell<LinearAttention.State> {
    private static final int PIECE = 64;

    /**
     * What is carried from step to step.
     *
     * @param S the memory [B×H×H], keys by values
     * @param n the sum of the keys [B×H]
     * @param h the output [B×H]
     */
    public record State(Tensor S, Tensor n, Tensor h) {}

    /** Glorot weights, biases 0. */
    public static LinearAttention of(int inputSize, int hiddenSize, RandomStream random) {
        return new LinearAttention(
                Affine.of(inputSize, hiddenSize, random.split("q")),
                Affine.of(inputSize, hiddenSize, random.split("k")),
                Affine.of(inputSize, hiddenSize, random.split("v")));
    }

    /** elu(a) + 1 = max(a, 0) + exp(min(a, 0)), above 0. */
    private static Tensor phi(Tensor a) {
        return relu(a).plus(exp(relu(a.negate()).negate()));
    }

    @Override
    public List<String> carried() {
        return List.of("S", "n", "h");
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State s) {
        int batch = x.size(0);
        int size = hiddenSize();
        Tensor query = phi(q.apply(x));
        Tensor key = phi(k.apply(x));
        Tensor value = v.apply(x);
        Tensor S = s.S.plus(key.reshape(batch, size, 1).times(value.reshape(batch, 1, size)));
        Tensor n = s.n.plus(key);
        Tensor read = query.reshape(batch, 1, size).matmul(S).reshape(batch, size);
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("q", query);
        all.put("k", key);
        all.put("v", value);
        all.put("S", S);
        all.put("n", n);
        all.put("h", read.dividedBy(n.times(query).sum(1).reshape(batch, 1)));
        return all;
    }

    /** Pieces of 64 steps, each in the parallel form upon the memory of what came before. */
    @Override
    public Sequence<State> run(Tensor sequences, State initial, int... lengths) {
        requireSequence(sequences);
        Tensor x = Ragged.mask(sequences, lengths);
        int batch = x.size(0);
        int steps = x.size(1);
        int size = hiddenSize();
        Tensor query = phi(q.apply(x));
        Tensor key = Ragged.mask(phi(k.apply(x)), lengths);
        Tensor value = v.apply(x);
        Tensor padding = padding(steps, lengths);
        Tensor[] h = new Tensor[(steps + PIECE - 1) / PIECE];
        Tensor S = initial.S;
        Tensor n = initial.n;
        for (int piece = 0; piece < h.length; piece++) {
            int from = piece * PIECE;
            int to = Math.min(steps, from + PIECE);
            Tensor Q = query.slice(1, from, to);
            Tensor K = key.slice(1, from, to);
            Tensor V = value.slice(1, from, to);
            Tensor weights = Q.matmul(K.permute(0, 2, 1)).times(lowerTriangle(to - from));
            Tensor read = Q.matmul(S).plus(weights.matmul(V));
            Tensor all = Q.matmul(n.reshape(batch, size, 1)).plus(weights.sum(2).reshape(batch, to - from, 1));
            h[piece] = read.dividedBy(all.plus(padding.slice(1, from, to)));
            S = S.plus(K.permute(0, 2, 1).matmul(V));
            n = n.plus(K.sum(1));
        }
        Tensor y = Ragged.mask(Tensor.concat(1, h), lengths);
        return new Sequence<>(y, new State(S, n, Ragged.lastOr(initial.h, y, lengths)));
    }

    /** 1 after the end of a sequence, where a sum of no keys may stand below the line [B×T×1]. */
    private static Tensor padding(int steps, int[] lengths) {
        float[] ones = new float[lengths.length * steps];
        for (int b = 0; b < lengths.length; b++) {
            Arrays.fill(ones, b * steps + lengths[b], (b + 1) * steps, 1);
        }
        return Tensor.wrap(ones, lengths.length, steps, 1);
    }

    /** 1 where u ≤ t. */
    private static Tensor lowerTriangle(int steps) {
        float[] ones = new float[steps * steps];
        for (int t = 0; t < steps; t++) {
            Arrays.fill(ones, t * steps, t * steps + t + 1, 1);
        }
        return Tensor.wrap(ones, steps, steps);
    }

    @Override
    public int inputSize() {
        return q.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return q.W().size(0);
    }

    @Override
    public State initial(int batch) {
        int size = hiddenSize();
        return new State(Tensor.zeros(batch, size, size), Tensor.zeros(batch, size), Tensor.zeros(batch, size));
    }

    @Override
    public Tensor output(State state) {
        return state.h;
    }

    @Override
    public List<Tensor> tensors(State state) {
        return List.of(state.S, state.n, state.h);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1), tensors.get(2));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("q", q).and("k", k).and("v", v);
    }
}
