package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.linear;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/** The weights of one group of units: a = W x + R h + b, with W [H×I], R [H×H] and b [H]. */
record Net(Tensor W, Tensor R, Tensor b) {
    Net {
        W.requiresGradient();
        R.requiresGradient();
        b.requiresGradient();
    }

    /** Glorot input weights, orthogonal recurrent weights and this bias. */
    static Net of(int inputSize, int hiddenSize, double bias, RandomStream random) {
        return new Net(
                Initializer.glorot().matrix(hiddenSize, inputSize, random.split("W")),
                Initializer.orthogonal().matrix(hiddenSize, hiddenSize, random.split("R")),
                Tensor.full(bias, hiddenSize));
    }

    Tensor apply(Tensor x, Tensor h) {
        return linear(x, W, b).plus(linear(h, R));
    }

    int inputSize() {
        return W.size(1);
    }

    int hiddenSize() {
        return W.size(0);
    }

    /** {@code before} and W_name, R_name, b_name. */
    Parameters after(Parameters before, String name) {
        return before.and("W_" + name, W).and("R_" + name, R).and("b_" + name, b);
    }

    Parameters named(String name) {
        return Parameters.of("W_" + name, W).and("R_" + name, R).and("b_" + name, b);
    }
}
