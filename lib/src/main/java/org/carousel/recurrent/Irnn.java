package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.relu;

import org.carousel.layers.Initializer;
import org.carousel.recurrent.internal.SimpleCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A recurrent network of rectified linear units whose recurrent weights begin as the identity.
 *
 * <pre>
 * h_t = max(0, W x_t + R h_{t-1} + b),   R = 1 and b = 0 at first
 * </pre>
 *
 * <p>At first every unit copies itself: gradients neither vanish nor explode until training moves R away.
 *
 * <p>Source: Le, Jaitly, Hinton: A simple way to initialize recurrent networks of rectified linear units, 2015,
 * arXiv:1504.00941.
 *
 * @param W input weights [H×I]
 * @param R recurrent weights [H×H]
 * @param b bias [H]
 */
public record Irnn(Tensor W, Tensor R, Tensor b) implements SimpleCell {
    /** Checks that the shapes belong together. */
    public Irnn {
        SimpleCell.prepare("irnn", W, R, b);
    }

    /** The paper's beginning: normal input weights of standard deviation 0.001, the identity, bias 0. */
    public static Irnn of(int inputSize, int hiddenSize, RandomStream random) {
        return of(inputSize, hiddenSize, Initializer.normal(0.001), random);
    }

    /** The identity, bias 0 and chosen input weights. */
    public static Irnn of(int inputSize, int hiddenSize, Initializer input, RandomStream random) {
        int[] diagonal = new int[hiddenSize];
        java.util.Arrays.setAll(diagonal, j -> j);
        return new Irnn(
                input.matrix(hiddenSize, inputSize, random),
                Tensor.oneHot(diagonal, hiddenSize),
                Tensor.zeros(hiddenSize));
    }

    @Override
    public Tensor step(Tensor x, Tensor h) {
        requireStep(x, h);
        return relu(linear(x, W).plus(linear(h, R)).plus(b));
    }
}
