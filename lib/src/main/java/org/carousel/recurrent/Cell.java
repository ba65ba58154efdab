package org.carousel.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Layer;
import org.carousel.layers.Ragged;
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

    /** The parts of a state in a fixed order; the first axis of each counts the sequences of the batch. */
    List<Tensor> tensors(S state);

    /** The state of these parts: the inverse of {@link #tensors}. */
    S state(List<Tensor> tensors);

    /** The same state, cut off from its history: where truncated backpropagation through time stops. */
    default S detach(S state) {
        return state(tensors(state).stream().map(Tensor::detach).toList());
    }

    /**
     * What a step computes, by name: gates, states and the output, each [B×..]. Cells with gates override it.
     *
     * @see #inspect
     */
    default Map<String, Tensor> inspectStep(Tensor x, S previous) {
        return Map.of("h", output(step(x, previous)));
    }

    /** As {@link #unroll(Tensor, Object, int...)} for sequences of one length. */
    default Sequence<S> unroll(Tensor x, S initial) {
        return unroll(x, initial, Ragged.full(x));
    }

    /**
     * Runs the equations over sequences, step by step.
     *
     * <p>A sequence that is over keeps its state, and its outputs are 0: what stands behind its end is never read, so a
     * batch gives each sequence the bits that it gets alone.
     *
     * @param x [B×T×I]
     * @param lengths how many steps each sequence has, 0..T
     * @throws IllegalArgumentException when x is not [B×T×I] with this cell's I, has no step, or the lengths do not fit
     */
    default Sequence<S> unroll(Tensor x, S initial, int... lengths) {
        requireSequence(x);
        Tensor read = Ragged.mask(x, lengths);
        Tensor[] h = new Tensor[x.size(1)];
        S state = initial;
        for (int t = 0; t < h.length; t++) {
            state = frozen(t, lengths, step(read.select(1, t), state), state);
            h[t] = output(state);
        }
        return new Sequence<>(Ragged.mask(Tensor.stack(1, h), lengths), state);
    }

    /** {@code next} for the sequences that have a step t, {@code before} for those that are over. */
    private S frozen(int t, int[] lengths, S next, S before) {
        boolean[] running = Ragged.running(t, lengths);
        return running == null ? next : choose(running, next, before);
    }

    /**
     * Sequence b of {@code next} where {@code rows[b]}, else of {@code before}, the state one step earlier. A cell whose
     * states grow overrides it.
     */
    default S choose(boolean[] rows, S next, S before) {
        List<Tensor> parts = new ArrayList<>();
        List<Tensor> old = tensors(before);
        for (Tensor part : tensors(next)) {
            parts.add(Ragged.choose(rows, part, old.get(parts.size())));
        }
        return state(parts);
    }

    /** As {@link #unroll(Tensor, Object)}, possibly faster; results agree to rounding. */
    default Sequence<S> run(Tensor x, S initial) {
        return run(x, initial, Ragged.full(x));
    }

    /** As {@link #unroll(Tensor, Object, int...)}, possibly faster; results agree to rounding. */
    default Sequence<S> run(Tensor x, S initial, int... lengths) {
        return unroll(x, initial, lengths);
    }

    /** As {@link #run(Tensor, Object)} from the zero state. */
    default Sequence<S> run(Tensor x) {
        requireSequence(x);
        return run(x, initial(x.size(0)));
    }

    /** This cell as a reader of one input after the other, beginning with {@code initial}: the bits of {@link #run}. */
    default CellStream<S> stream(S initial) {
        return new CellSteps<>(this, initial);
    }

    /**
     * Everything that {@link #inspectStep} shows over sequences x [B×T×I], each [B×T×..], by the equations, without a history
     * of gradients and without any influence on what {@link #run} computes.
     */
    default Map<String, Tensor> inspect(Tensor x, S initial) {
        requireSequence(x);
        return Tensor.withoutGradient(() -> {
            Map<String, List<Tensor>> parts = new LinkedHashMap<>();
            S state = initial;
            for (int t = 0; t < x.size(1); t++) {
                Tensor now = x.select(1, t);
                inspectStep(now, state).forEach((name, value) -> parts.computeIfAbsent(name, n -> new ArrayList<>())
                        .add(value));
                state = step(now, state);
            }
            Map<String, Tensor> joined = new LinkedHashMap<>();
            parts.forEach((name, values) -> joined.put(name, Tensor.stack(1, values.toArray(new Tensor[0]))));
            return joined;
        });
    }

    /** Throws unless {@code x} is a sequence this cell can read. */
    default void requireSequence(Tensor x) {
        if (x.rank() != 3 || x.size(2) != inputSize() || x.size(1) == 0) {
            throw new IllegalArgumentException("run: a sequence " + x.shapeText() + " for "
                    + getClass().getSimpleName() + " must be [B×T×" + inputSize() + "] with at least one step");
        }
    }

    /** Throws unless {@code x} and the state before are of one batch, and x has this cell's size. */
    default void requireStep(Tensor x, S previous) {
        boolean fits = x.rank() == 2 && x.size(1) == inputSize();
        for (Tensor part : tensors(previous)) {
            fits &= x.rank() > 0 && part.rank() > 0 && part.size(0) == x.size(0);
        }
        if (!fits) {
            List<String> state =
                    tensors(previous).stream().map(Tensor::shapeText).toList();
            throw new IllegalArgumentException("step: x " + x.shapeText() + " with a state of " + state
                    + "; expected [B×" + inputSize() + "] and the state of B sequences");
        }
    }
}
