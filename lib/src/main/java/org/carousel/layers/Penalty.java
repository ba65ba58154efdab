package org.carousel.layers;

import org.carousel.tensor.Tensor;

/**
 * Terms that are added to a loss while training.
 *
 * <p>Source of the two on activations: Merity, McCann, Socher: Revisiting activation regularization for language RNNs, 2017,
 * arXiv:1708.01009; as in their code with means of squares over all elements.
 */
public final class Penalty {
    private Penalty() {}

    /** λ/2 Σ θ² over all parameters: classical weight decay. For Adam prefer the decoupled one of {@code adamW}. */
    public static Tensor weights(Parameters parameters, double lambda) {
        Tensor sum = Tensor.scalar(0);
        for (Tensor theta : parameters.tensors()) {
            sum = sum.plus(theta.squared().sum());
        }
        return sum.times(lambda / 2);
    }

    /** α · mean h²: activations stay small. */
    public static Tensor activation(Tensor h, double alpha) {
        return h.squared().mean().times(alpha);
    }

    /** β · mean (h_t - h_{t-1})² over h [B×T×H]: activations change slowly. */
    public static Tensor temporalActivation(Tensor h, double beta) {
        if (h.rank() != 3 || h.size(1) < 2) {
            throw new IllegalArgumentException(
                    "temporal activation penalty: h " + h.shapeText() + " must be [B×T×H] with at least two steps");
        }
        int steps = h.size(1);
        return h.slice(1, 1, steps)
                .minus(h.slice(1, 0, steps - 1))
                .squared()
                .mean()
                .times(beta);
    }
}
