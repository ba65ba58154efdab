package org.carousel.recurrent.linear;

import static org.carousel.tensor.Tensor.sigmoid;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.TensorCell;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The LSTM reduced to what can be computed in parallel: gates that see x_t only and share one unit between them.
 *
 * <pre>
 * f_t = σ(W_f x_t + b_f),   i_t = σ(W_i x_t + b_i),   z_t = W_z x_t + b_z
 * f'_t = f_t / (f_t + i_t),   i'_t = i_t / (f_t + i_t)
 * h_t = f'_t ⊙ h_{t-1} + i'_t ⊙ z_t
 * </pre>
 *
 * <p>Source: Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: Were RNNs all we needed?, 2024, arXiv:2410.01201, section 3.2.
 * Differs from the paper in: the forget bias begins at 1.
 *
 * @param f forget gate: H outputs
 * @param i input gate: H outputs
 * @param z candidate: H outputs
 */
public record MinLstm(Affine f, Affine i, Affine z) implements TensorCell, InspectedCell<Tensor> {
    /** Glorot weights, biases 0 but for the forget gate's 1. */
    public static MinLstm of(int inputSize, int hiddenSize, RandomStream random) {
        Affine forget = Affine.of(inputSize, hiddenSize, random.split("f"));
        forget.b().update(bias -> java.util.Arrays.fill(bias, 1));
        return new MinLstm(
                forget,
                Affine.of(inputSize, hiddenSize, random.split("i")),
                Affine.of(inputSize, hiddenSize, random.split("z")));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Tensor f_t = sigmoid(f.apply(x));
        Tensor i_t = sigmoid(i.apply(x));
        Tensor both = f_t.plus(i_t);
        Tensor z_t = z.apply(x);
        all.put("f", f_t.dividedBy(both));
        all.put("i", i_t.dividedBy(both));
        all.put("z", z_t);
        all.put("h", f_t.dividedBy(both).times(h).plus(i_t.dividedBy(both).times(z_t)));
        return all;
    }

    /** The parallel form: gates and candidates of all steps in one product each, then {@link Scan#run}. */
    @Override
    public Sequence<Tensor> run(Tensor sequences, Tensor initial, int... lengths) {
        requireSequence(sequences);
        Tensor x = Ragged.mask(sequences, lengths);
        Tensor f_t = sigmoid(f.apply(x));
        Tensor i_t = sigmoid(i.apply(x));
        Tensor both = f_t.plus(i_t);
        return Scan.run(f_t.dividedBy(both), i_t.dividedBy(both).times(z.apply(x)), initial, lengths);
    }

    @Override
    public int inputSize() {
        return f.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return f.W().size(0);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("f", f).and("i", i).and("z", z);
    }
}
