package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Mozer's context units: each remembers a decaying sum of what it was told and sees no other unit.
 *
 * <pre>
 * c_t = d ⊙ c_{t-1} + tanh(W x_t + b)
 * </pre>
 *
 * <p>With a decay of 1 a unit forgets nothing, with 0.5 its memory halves at every step. There are no weights between
 * units, so a learning algorithm need carry only one number per weight forward in time.
 *
 * <p>Source: Mozer: A focused back-propagation algorithm for temporal pattern recognition, Complex Systems 3, 1989.
 * Differs from the paper in: tanh instead of the logistic function; a decay is not kept within (0, 1).
 *
 * @param W input weights [H×I]
 * @param b bias [H]
 * @param d decay of each unit [H], learnt
 */
public record DecayingContext(Tensor W, Tensor b, Tensor d) implements TensorCell {
    /** Checks that the shapes belong together. */
    public DecayingContext {
        if (W.rank() != 2 || b.rank() != 1 || d.rank() != 1 || b.size() != W.size(0) || d.size() != W.size(0)) {
            throw new IllegalArgumentException("decaying context: W " + W.shapeText() + ", b " + b.shapeText() + ", d "
                    + d.shapeText() + " must be [H×I], [H] and [H]");
        }
        W.requiresGradient();
        b.requiresGradient();
        d.requiresGradient();
    }

    /** Glorot weights, bias 0 and the same decay for all units. */
    public static DecayingContext of(int inputSize, int hiddenSize, double decay, RandomStream random) {
        return new DecayingContext(
                Initializer.glorot().matrix(hiddenSize, inputSize, random),
                Tensor.zeros(hiddenSize),
                Tensor.full(decay, hiddenSize));
    }

    @Override
    public Tensor step(Tensor x, Tensor c) {
        requireStep(x, c);
        return d.times(c).plus(tanh(linear(x, W).plus(b)));
    }

    @Override
    public int inputSize() {
        return W.size(1);
    }

    @Override
    public int hiddenSize() {
        return W.size(0);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W).and("b", b).and("d", d);
    }
}
