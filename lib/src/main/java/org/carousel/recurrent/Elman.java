package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
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
public record Elman(Tensor W, Tensor R, Tensor b) implements TensorCell {
    /** Checks that the shapes belong together. */
    public Elman {
        prepare("elman", W, R, b);
    }

    /** Parameters W [H×I], R [H×H] and b [H]. Throws when the shapes do not belong together. */
    static void prepare(String cell, Tensor W, Tensor R, Tensor b) {
        if (W.rank() != 2
                || R.rank() != 2
                || R.size(0) != R.size(1)
                || W.size(0) != R.size(0)
                || b.rank() != 1
                || b.size() != R.size(0)) {
            throw new IllegalArgumentException(cell + ": W " + W.shapeText() + ", R " + R.shapeText() + ", b "
                    + b.shapeText() + " must be [H×I], [H×H] and [H]");
        }
        W.requiresGradient();
        R.requiresGradient();
        b.requiresGradient();
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

    @Override
    public int inputSize() {
        return W.size(1);
    }

    @Override
    public int hiddenSize() {
        return R.size(0);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight_ih_l0", W).and("weight_hh_l0", R).and("bias_ih_l0", b);
    }
}
