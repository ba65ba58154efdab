package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.relu;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.TensorCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The independently recurrent network: every unit sees its own last output and no other unit's, so the error of a unit over
 * q steps is multiplied by u^q and nothing else, and u can be held where that neither vanishes nor explodes.
 *
 * <pre>
 * h_t = max(0, W x_t + u ⊙ h_{t-1} + b)
 * </pre>
 *
 * <p>Source: Li, Li, Cook, Zhu, Gao: Independently recurrent neural network (IndRNN), CVPR 2018, arXiv:1803.04831.
 *
 * @param W input weights [H×I]
 * @param u recurrent weight of each unit [H]
 * @param b bias [H]
 */
public record IndRnn(Tensor W, Tensor u, Tensor b) implements TensorCell {
    /** Checks that the shapes belong together. */
    public IndRnn {
        if (W.rank() != 2 || u.rank() != 1 || b.rank() != 1 || u.size() != W.size(0) || b.size() != W.size(0)) {
            throw new IllegalArgumentException("indrnn: W " + W.shapeText() + ", u " + u.shapeText() + ", b "
                    + b.shapeText() + " must be [H×I], [H] and [H]");
        }
        W.requiresGradient();
        u.requiresGradient();
        b.requiresGradient();
    }

    /** Glorot input weights, bias 0, recurrent weights uniform in [0, 1): memories of all lengths, as in the paper. */
    public static IndRnn of(int inputSize, int hiddenSize, RandomStream random) {
        return new IndRnn(
                Initializer.glorot().matrix(hiddenSize, inputSize, random.split("W")),
                Tensor.uniform(random.split("u"), 0, 1, hiddenSize),
                Tensor.zeros(hiddenSize));
    }

    @Override
    public Tensor step(Tensor x, Tensor h) {
        requireStep(x, h);
        return relu(linear(x, W, b).plus(u.times(h)));
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
        return Parameters.of("W", W).and("u", u).and("b", b);
    }
}
