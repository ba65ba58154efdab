package org.carousel.recurrent.internal;

import java.util.List;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.Tensor;

/** A cell whose state is that of an LSTM: its output h [B×H] and its cell state c [B×H], both 0 before the first step. */
public interface LstmCell extends InspectedCell<Lstm.State> {
    @Override
    default List<String> carried() {
        return List.of("h", "c");
    }

    @Override
    default Lstm.State initial(int batch) {
        return new Lstm.State(Tensor.zeros(batch, hiddenSize()), Tensor.zeros(batch, hiddenSize()));
    }

    @Override
    default Tensor output(Lstm.State state) {
        return state.h();
    }

    @Override
    default List<Tensor> tensors(Lstm.State state) {
        return List.of(state.h(), state.c());
    }

    @Override
    default Lstm.State state(List<Tensor> tensors) {
        return new Lstm.State(tensors.get(0), tensors.get(1));
    }
}
