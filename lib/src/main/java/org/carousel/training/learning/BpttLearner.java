package org.carousel.training.learning;

import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/** BPTT(h; h'); a window of 0 is one without end, and then there is no stride. */
final class BpttLearner<S> extends StateLearner {
    private final StateVector<S> vector;
    private final int window;
    private final int stride;
    private final StepHistory history;
    private Tensor state;
    private int unpaid; // steps whose errors may wait

    private BpttLearner(Cell<S> cell, int window, int stride) {
        super(window == 0 ? "bptt" : "truncated", cell);
        this.window = window;
        this.stride = stride;
        vector = new StateVector<>(cell);
        history = new StepHistory(vector);
        state = vector.initial(1);
    }

    static <S> BpttLearner<S> of(Cell<S> cell, int window, int stride) {
        return new BpttLearner<>(cell, window, stride);
    }

    @Override
    void start(int sequences) {
        history.clear();
        state = vector.initial(sequences);
        unpaid = 0;
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        if (stride > 0 && unpaid == stride) { // only now: the error of the last step comes after its reading
            collect();
        }
        if (window > 0) {
            history.forgetBefore(window - 1);
        }
        state = history.add(x, state, flags);
        unpaid++;
        return vector.output(state).detach();
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        history.teach(error);
    }

    @Override
    public void collect() {
        history.payErrors();
        unpaid = 0;
    }

    @Override
    public long kept() {
        return history.kept();
    }
}
