package org.carousel.recurrent;

import java.util.Arrays;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;

/** {@link Cell#unroll} with steps that are not the cell's own. */
final class MaskedSteps {
    private MaskedSteps() {}

    /** Step t of x_t. */
    @FunctionalInterface
    interface Step<S> {
        S apply(int t, Tensor x, S before);
    }

    static <S> Sequence<S> run(Cell<S> cell, Tensor x, S initial, int[] lengths, Step<S> step) {
        cell.requireSequence(x);
        Tensor read = Ragged.mask(x, lengths);
        Tensor[] h = new Tensor[x.size(1)];
        S state = initial;
        for (int t = 0; t < h.length; t++) {
            S next = step.apply(t, read.select(1, t), state);
            boolean[] running = Ragged.running(t, lengths);
            state = running == null ? next : cell.choose(running, next, state);
            h[t] = cell.output(state);
        }
        return new Sequence<>(Ragged.mask(Tensor.stack(1, h), lengths), state);
    }

    /** Step t of a mask [T×B×H], in the shape of {@code like} [B×H]. */
    static Tensor at(float[] mask, int t, Tensor like) {
        return Tensor.wrap(Arrays.copyOfRange(mask, t * like.size(), (t + 1) * like.size()), like.shape());
    }
}
