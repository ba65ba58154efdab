package org.carousel.recurrent;

import org.carousel.tensor.Tensor;

/** A stream that runs its cell over sequences of one step, tensors and all. */
final class CellSteps<S> implements CellStream<S> {
    private final Cell<S> cell;
    private final int batch;
    private S state;

    CellSteps(Cell<S> cell, S initial) {
        this.cell = cell;
        batch = cell.output(initial).size(0);
        state = initial;
    }

    @Override
    public float[] step(float[] x) {
        int inputSize = cell.inputSize();
        requireInput(cell.getClass().getSimpleName(), x, batch, inputSize);
        Tensor now = Tensor.wrap(x.clone(), batch, 1, inputSize);
        state = Tensor.withoutGradient(() -> cell.run(now, state).last());
        return cell.output(state).toArray();
    }

    @Override
    public S state() {
        return state;
    }

    /** Throws unless x is of B·I elements. */
    static void requireInput(String what, float[] x, int batch, int inputSize) {
        if (x.length != batch * inputSize) {
            throw new IllegalArgumentException(what + ": step with " + x.length + " values where [" + batch + "×"
                    + inputSize + "] has " + batch * inputSize);
        }
    }
}
