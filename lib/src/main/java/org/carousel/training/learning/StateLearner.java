package org.carousel.training.learning;

import java.util.Arrays;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** What all learners share: the state of the sequences, and checks. */
abstract class StateLearner implements Learner {
    private final String name;
    private final int inputSize;
    private final int hiddenSize;
    private int batch;
    private boolean @Nullable [] running; // of the last step

    StateLearner(String name, Cell<?> cell) {
        this.name = name;
        inputSize = cell.inputSize();
        hiddenSize = cell.hiddenSize();
    }

    @Override
    public final void begin(int sequences) {
        if (sequences < 1) {
            throw new IllegalArgumentException(name + ": a batch of " + sequences + "; at least 1 is needed");
        }
        if (batch > 0) {
            collect();
        }
        batch = sequences;
        running = null;
        start(sequences);
    }

    @Override
    public final Tensor read(Tensor x, boolean... flags) {
        if (batch == 0) {
            throw new IllegalStateException(name + ": read before begin");
        }
        if (x.rank() != 2 || x.size(0) != batch || x.size(1) != inputSize || flags.length != batch) {
            throw new IllegalArgumentException(name + ": input " + x.shapeText() + " and " + flags.length + " flags; ["
                    + batch + "×" + inputSize + "] and one flag per sequence are needed");
        }
        running = flags.clone();
        return StepHistory.masked(step(StepHistory.masked(x, running), running), running);
    }

    @Override
    public final void teach(Tensor error) {
        if (running == null) {
            throw new IllegalStateException(name + ": teach before any step was read");
        }
        if (!Arrays.equals(error.shape(), new int[] {batch, hiddenSize})) {
            throw new IllegalArgumentException(
                    name + ": error " + error.shapeText() + " must be [" + batch + "×" + hiddenSize + "]");
        }
        correct(StepHistory.masked(error, running), running);
    }

    /** New sequences. */
    abstract void start(int sequences);

    /** One step; returns h. */
    abstract Tensor step(Tensor x, boolean[] flags);

    /** The error of the last step, 0 for sequences that are over. */
    abstract void correct(Tensor error, boolean[] flags);
}
