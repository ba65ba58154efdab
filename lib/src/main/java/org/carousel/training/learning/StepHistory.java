package org.carousel.training.learning;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.jspecify.annotations.Nullable;

/**
 * The steps that can still be gone back through. Each begins at a state of its own without a history, so that the walk
 * back can stop at any step.
 */
final class StepHistory {
    private static final class Step {
        private final int inputs;
        private final Tensor before; // leaf [B×S]
        private final Tensor after; // [B×S], computed from before
        private @Nullable Tensor error; // ∂L/∂s of this step's own loss, not yet gone back

        Step(int inputs, Tensor before, Tensor after) {
            this.inputs = inputs;
            this.before = before;
            this.after = after;
        }
    }

    private final StateVector<?> vector;
    private final Deque<Step> steps = new ArrayDeque<>();

    StepHistory(StateVector<?> vector) {
        this.vector = vector;
    }

    int size() {
        return steps.size();
    }

    void clear() {
        steps.clear();
    }

    void forgetBefore(int last) {
        while (steps.size() > last) {
            steps.removeFirst();
        }
    }

    /** One more step; returns the state after it, without a history. */
    Tensor add(Tensor x, Tensor state, boolean[] running) {
        Tensor before = state.detach().requiresGradient();
        Tensor after = vector.step(x, before, running);
        steps.addLast(new Step(x.size(), before, after));
        return after.detach();
    }

    /** Notes the error of the last step. */
    void teach(Tensor error) {
        Step last = steps.getLast();
        Tensor own = vector.error(last.after, error);
        last.error = last.error == null ? own : last.error.plus(own);
    }

    /** Rows of sequences that run; zeros for the others. */
    static Tensor masked(Tensor rows, boolean[] running) {
        if (StateVector.allOf(running)) {
            return rows;
        }
        return Ragged.choose(running, rows, Tensor.zeros(rows.shape()));
    }

    /** Sends all errors that wait back through all steps; returns what arrives at the first state [B×S], or null. */
    @Nullable
    Tensor payErrors() {
        Tensor delta = null;
        for (Iterator<Step> back = steps.descendingIterator(); back.hasNext(); ) {
            Step step = back.next();
            if (step.error != null) {
                delta = delta == null ? step.error : delta.plus(step.error);
                step.error = null;
            }
            delta = delta == null ? null : through(step, delta);
        }
        return delta;
    }

    /** Sends ∂L/∂s of the last state back; returns what arrives at the first state [B×S]. */
    Tensor back(Tensor delta) {
        Tensor at = delta;
        for (Iterator<Step> back = steps.descendingIterator(); back.hasNext(); ) {
            at = through(back.next(), at);
        }
        return at;
    }

    private static Tensor through(Step step, Tensor delta) {
        step.before.clearGradient();
        step.after.backward(delta);
        return step.before.hasGradient() ? step.before.gradient() : Tensor.zeros(step.before.shape());
    }

    /** The numbers in all inputs and results that the steps remember; what two of them share counts once. */
    long kept() {
        long sum = 0;
        Set<float[]> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Step step : steps) {
            sum += step.inputs;
            for (Tensor t : step.after.history()) {
                boolean parameter = t.operands().isEmpty() && t != step.before;
                sum += !parameter && seen.add(Fused.array(t)) ? t.size() : 0;
            }
        }
        return sum;
    }
}
