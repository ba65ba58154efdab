package org.carousel.recurrent.compact;

import org.carousel.recurrent.TensorCell;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.Tensor;

/** A cell of several groups of units; the first says how large it is. */
abstract class NetCell implements TensorCell, InspectedCell<Tensor> {
    private final Net first;

    NetCell(Net first) {
        this.first = first;
    }

    @Override
    public final int inputSize() {
        return first.inputSize();
    }

    @Override
    public final int hiddenSize() {
        return first.hiddenSize();
    }
}
