package org.carousel.recurrent;

import org.carousel.layers.Layer;
import org.carousel.tensor.Tensor;

/**
 * One step of a recurrent network: (x_t, s_{t-1}) → s_t.
 *
 * <p>State is explicit and immutable. Nothing is remembered inside the cell, so the same cell can run many sequences at
 * once and a result depends on its arguments alone.
 *
 * @param <S> the state carried from step to step
 */
public interface Cell<S> extends Layer {
    /** I, the size of x_t. */
    int inputSize();

    /** H, the size of h_t. */
    int hiddenSize();

    /** The state before the first step: zeros for {@code batch} sequences. */
    S initial(int batch);

    /**
     * The equations.
     *
     * @param x the input of this step [B×I]
     * @param previous the state after the step before
     * @return the state after this step
     */
    S step(Tensor x, S previous);

    /** h_t [B×H], the part of a state that other layers see. */
    Tensor output(S state);

    /** The same state, cut off from its history: where truncated backpropagation through time stops. */
    S detach(S state);

    /**
     * Runs the equations over a sequence, step by step.
     *
     * @param x [B×T×I]
     * @throws IllegalArgumentException when x is not [B×T×I] with this cell's I, or has no step
     */
    default Sequence<S> unroll(Tensor x, S initial) {
        requireSequence(x);
        Tensor[] h = new Tensor[x.size(1)];
        S state = initial;
        for (int t = 0; t < h.length; t++) {
            state = step(x.select(1, t), state);
            h[t] = output(state);
        }
        return new Sequence<>(Tensor.stack(1, h), state);
    }

    /** As {@link #unroll}, possibly faster; results agree to rounding. */
    default Sequence<S> run(Tensor x, S initial) {
        return unroll(x, initial);
    }

    /** As {@link #run(Tensor, Object)} from the zero state. */
    default Sequence<S> run(Tensor x) {
        requireSequence(x);
        return run(x, initial(x.size(0)));
    }

    /** Throws unless {@code x} is a sequence this cell can read. */
    default void requireSequence(Tensor x) {
        if (x.rank() != 3 || x.size(2) != inputSize() || x.size(1) == 0) {
            throw new IllegalArgumentException(getClass().getSimpleName() + ": sequence " + x.shapeText()
                    + " must be [batch×steps×" + inputSize() + "] with at least one step");
        }
    }
}
