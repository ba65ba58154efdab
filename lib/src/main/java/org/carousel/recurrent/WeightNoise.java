package org.carousel.recurrent;

import org.carousel.layers.Noise;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Weight noise: while training, every weight of W and R moves by a random number, the same one in all steps of a pass.
 *
 * <pre>
 * W' = W + E,  R' = R + E',   elements of E and E' from N(0, σ²)
 * </pre>
 *
 * <p>Source: Graves: Practical variational inference for neural networks, NIPS 2011.
 *
 * @param standardDeviation σ, 0 or more
 */
public record WeightNoise(double standardDeviation) {
    /** Checks the range. */
    public WeightNoise {
        if (!(standardDeviation >= 0 && standardDeviation < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "weight noise: standard deviation " + standardDeviation + " must be 0 or more, and finite");
        }
    }

    /** A training pass over x [B×T×I]. */
    public Sequence<Lstm.State> apply(Lstm cell, Tensor x, Lstm.State initial, RandomStream random, int... lengths) {
        Noise noise = new Noise(standardDeviation);
        Tensor W = noise.apply(cell.W, random.split("W"));
        Tensor R = noise.apply(cell.R, random.split("R"));
        return cell.run(W, R, null, x, initial, lengths.length == 0 ? Ragged.full(x) : lengths);
    }

    /** A training pass over x [B×T×I]. */
    public Sequence<Tensor> apply(Gru cell, Tensor x, Tensor initial, RandomStream random, int... lengths) {
        Noise noise = new Noise(standardDeviation);
        Tensor W = noise.apply(cell.W, random.split("W"));
        Tensor R = noise.apply(cell.R, random.split("R"));
        return cell.run(W, R, x, initial, lengths.length == 0 ? Ragged.full(x) : lengths);
    }
}
