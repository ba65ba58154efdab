package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.recurrent.internal.SimpleCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The simple recurrent network of Elman: the hidden layer sees its own last output.
 *
 * <pre>
 * h_t = tanh(W x_t + R h_{t-1} + b)
 * </pre>
 *
 * <p>Source: Elman: Finding structure in time, Cognitive Science 14, 1990, doi:10.1207/s15516709cog1402_1. Differs from
 * the paper in: tanh instead of the logistic function.
 *
 * <p>Kept for the backward pass: 6 floats per step and unit, and a copy of the input.
 *
 * @param W input weights [H×I], PyTorch's {@code weight_ih_l0}
 * @param R recurrent weights [H×H], PyTorch's {@code weight_hh_l0}
 * @param b bias [H], the sum of PyTorch's {@code bias_ih_l0} and {@code bias_hh_l0}
 */
public record Elman(Tensor W, Tensor R, Tensor b) implements SimpleCell {
    /** Checks that the shapes belong together. */
    public Elman {
        SimpleCell.prepare("elman", W, R, b);
    }

    /** Glorot input weights, orthogonal recurrent weights, bias 0. */
    public static Elman of(int inputSize, int hiddenSize, RandomStream random) {
        Tensor W = Initializer.glorot().matrix(hiddenSize, inputSize, random.split("W"));
        Tensor R = Initializer.orthogonal().matrix(hiddenSize, hiddenSize, random.split("R"));
        return new Elman(W, R, Tensor.zeros(hiddenSize));
    }

    @Override
    public Tensor step(Tensor x, Tensor h) {
        requireStep(x, h);
        return tanh(linear(x, W).plus(linear(h, R)).plus(b));
    }
}
