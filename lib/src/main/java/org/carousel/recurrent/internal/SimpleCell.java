package org.carousel.recurrent.internal;

import org.carousel.layers.Parameters;
import org.carousel.recurrent.TensorCell;
import org.carousel.tensor.Tensor;

/** h_t = g(W x_t + R h_{t-1} + b): the cells of PyTorch's {@code nn.RNN}, under its names. */
public interface SimpleCell extends TensorCell {
    /** The input weights [H×I]. */
    Tensor W();

    /** The recurrent weights [H×H]. */
    Tensor R();

    /** The bias [H]. */
    Tensor b();

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

    @Override
    default int inputSize() {
        return W().size(1);
    }

    @Override
    default int hiddenSize() {
        return R().size(0);
    }

    @Override
    default Parameters parameters() {
        return Parameters.of("weight_ih_l0", W()).and("weight_hh_l0", R()).and("bias_ih_l0", b());
    }
}
