package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Map;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.internal.LstmCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The LSTM with layer normalisation of its three sums.
 *
 * <pre>
 * (i, f, z, o) = LN(W x_t; γ_x) + LN(R h_{t-1}; γ_h) + b      each LN over all four gates of one sequence
 * c_t = σ(f) ⊙ c_{t-1} + σ(i) ⊙ tanh(z)
 * h_t = σ(o) ⊙ tanh(LN(c_t; γ_c, β_c))
 * </pre>
 *
 * <p>Source: Ba, Kiros, Hinton: Layer normalization, 2016, arXiv:1607.06450, eqs. (20)-(22). Differs from the paper in:
 * one bias for the two sums of the gates, since two would be the same; gates in the order i f z o.
 *
 * @param W input weights [4H×I]
 * @param R recurrent weights [4H×H]
 * @param b bias [4H]
 * @param gammaX gain of W x [4H]
 * @param gammaH gain of R h [4H]
 * @param norm gain and bias of the cell state
 */
public record LayerNormLstm(Tensor W, Tensor R, Tensor b, Tensor gammaX, Tensor gammaH, LayerNorm norm)
        implements LstmCell {
    /** Marks the parameters. */
    public LayerNormLstm {
        for (Tensor parameter : new Tensor[] {W, R, b, gammaX, gammaH}) {
            parameter.requiresGradient();
        }
    }

    /** First weights as {@link GateInitializers#standard}; gains 1. */
    public static LayerNormLstm of(int inputSize, int hiddenSize, RandomStream random) {
        Parameters plain = Lstm.of(inputSize, hiddenSize, random).parameters();
        return new LayerNormLstm(
                plain.get("weight_ih_l0"),
                plain.get("weight_hh_l0"),
                plain.get("bias_ih_l0"),
                Tensor.ones(4 * hiddenSize),
                Tensor.ones(4 * hiddenSize),
                LayerNorm.of(hiddenSize));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Lstm.State previous) {
        int n = hiddenSize();
        Tensor net = LayerNorm.standardize(linear(x, W))
                .times(gammaX)
                .plus(LayerNorm.standardize(linear(previous.h(), R)).times(gammaH))
                .plus(b);
        Tensor i = sigmoid(net.slice(1, 0, n));
        Tensor f = sigmoid(net.slice(1, n, 2 * n));
        Tensor z = tanh(net.slice(1, 2 * n, 3 * n));
        Tensor o = sigmoid(net.slice(1, 3 * n, 4 * n));
        Tensor c = f.times(previous.c()).plus(i.times(z));
        return new Lstm.Activations(i, f, z, o, c, o.times(tanh(norm.apply(c)))).byName();
    }

    /** As one operation; what depends on the inputs alone is computed for all steps at once. */
    @Override
    public Sequence<Lstm.State> run(Tensor x, Lstm.State initial, int... lengths) {
        requireSequence(x);
        requireStep(x.select(1, 0), initial);
        Tensor p = LayerNorm.normalize(linear(Ragged.mask(x, lengths), W), gammaX, b);
        return FusedCells.layerNorm(this, p, initial, lengths);
    }

    @Override
    public int inputSize() {
        return W.size(1);
    }

    @Override
    public int hiddenSize() {
        return R.size(1);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W)
                .and("R", R)
                .and("b", b)
                .and("gamma_x", gammaX)
                .and("gamma_h", gammaH)
                .and("norm", norm);
    }
}
