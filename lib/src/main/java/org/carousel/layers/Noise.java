package org.carousel.layers;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Noise from N(0, σ²) on every element while training: of inputs, or of weights.
 *
 * <p>Source: Jim, Giles, Horne: An analysis of noise in recurrent neural networks, IEEE Transactions on Neural Networks
 * 7(6), 1996.
 *
 * @param standardDeviation σ, 0 or more
 */
public record Noise(double standardDeviation) {
    /** Checks the range. */
    public Noise {
        if (!(standardDeviation >= 0) || Double.isInfinite(standardDeviation)) {
            throw new IllegalArgumentException("noise: standard deviation " + standardDeviation + " must be 0 or more");
        }
    }

    /** x + ε. */
    public Tensor apply(Tensor x, RandomStream random) {
        return standardDeviation == 0 ? x : x.plus(Tensor.normal(random, standardDeviation, x.shape()));
    }
}
