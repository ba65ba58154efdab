package org.carousel.training;

import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;

/** The gradient of all parameters seen as one long vector. */
public final class Gradient {
    private Gradient() {}

    /** ‖g‖ = √(Σ g²) over all parameters that have a gradient, summed in double. */
    public static double norm(Parameters parameters) {
        double squares = 0;
        for (Tensor p : parameters.tensors()) {
            if (p.hasGradient()) {
                squares += Elementwise.sumOfSquares(p.size(), Fused.gradientBuffer(p), 0);
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * g ← g · largest/‖g‖ when ‖g‖ is above {@code largest}: the direction stays, the length is limited.
     *
     * <p>Source: Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013,
     * arXiv:1211.5063, algorithm 1.
     *
     * @param norm ‖g‖, from {@link #norm}
     */
    public static void clip(Parameters parameters, double norm, double largest) {
        if (norm > largest) {
            float factor = (float) (largest / norm);
            for (Tensor p : parameters.tensors()) {
                if (p.hasGradient()) {
                    Elementwise.scale(p.size(), factor, Fused.gradientBuffer(p), 0);
                }
            }
        }
    }
}
