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
 * The GRU reduced to what can be computed in parallel: its gate and its candidate see x_t only.
 *
 * <pre>
 * z_t = σ(W_z x_t + b_z)
 * n_t = W_n x_t + b_n
 * h_t = (1 - z_t) ⊙ h_{t-1} + z_t ⊙ n_t
 * </pre>
 *
 * <p>Source: Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: Were RNNs all we needed?, 2024, arXiv:2410.01201, section 3.1.
 *
 * @param z update gate: H outputs
 * @param n candidate: H outputs
 */
public record MinGru(Affine z, Affine n) implements TensorCell, InspectedCell<Tensor> {
    /** Glorot weights, biases 0. */
    public static MinGru of(int inputSize, int hiddenSize, RandomStream random) {
        return new MinGru(
                Affine.of(inputSize, hiddenSize, random.split("z")),
                Affine.of(inputSize, hiddenSize, random.split("n")));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Tensor z_t = sigmoid(z.apply(x));
        Tensor n_t = n.apply(x);
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("z", z_t);
        all.put("n", n_t);
        all.put("h", z_t.oneMinus().times(h).plus(z_t.times(n_t)));
        return all;
    }

    /** The parallel form: gates and candidates of all steps in one product each, then {@link Scan#run}. */
    @Override
    public Sequence<Tensor> run(Tensor sequences, Tensor initial, int... lengths) {
        requireSequence(sequences);
        Tensor x = Ragged.mask(sequences, lengths);
        Tensor gate = sigmoid(z.apply(x));
        return Scan.run(gate.oneMinus(), gate.times(n.apply(x)), initial, lengths);
    }

    @Override
    public int inputSize() {
        return z.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return z.W().size(0);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("z", z).and("n", n);
    }
}
