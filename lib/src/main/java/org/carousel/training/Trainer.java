package org.carousel.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;

/**
 * The training loop: loss, gradients, clipping, update, and again.
 *
 * <pre>
 * for step = 0 .. steps-1:   L = loss(step);   g = ∂L/∂θ;   g ← g · min(1, clip/‖g‖);   θ ← optimiser(θ, g, rate(step))
 * </pre>
 *
 * <p>Immutable settings; each {@code with}-like method returns a new trainer that shares the optimiser and its memory.
 *
 * <p>Interrupting the thread ends training after the current step: the history so far is returned and the parameters
 * stay usable.
 */
public final class Trainer {
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final Schedule schedule;
    private final double clipNorm;
    private final int accumulated;
    private final List<TrainingListener> listeners;

    private Trainer(
            Parameters parameters,
            Optimizer optimizer,
            Schedule schedule,
            double clipNorm,
            int accumulated,
            List<TrainingListener> listeners) {
        this.parameters = parameters;
        this.optimizer = optimizer;
        this.schedule = schedule;
        this.clipNorm = clipNorm;
        this.accumulated = accumulated;
        this.listeners = listeners;
    }

    /** Trains these parameters at a constant rate, without clipping. */
    public static Trainer of(Parameters parameters, Optimizer optimizer) {
        return new Trainer(parameters, optimizer, Schedule.constant(), Double.POSITIVE_INFINITY, 1, List.of());
    }

    /** Lets the learning rate follow a schedule. */
    public Trainer schedule(Schedule newSchedule) {
        return new Trainer(parameters, optimizer, newSchedule, clipNorm, accumulated, listeners);
    }

    /**
     * Shortens the gradient of all parameters together to this norm when it is longer (Pascanu et al. 2013,
     * arXiv:1211.5063).
     */
    public Trainer clipNorm(double norm) {
        if (!(norm > 0)) {
            throw new IllegalArgumentException("clipNorm: " + norm + " must be above 0");
        }
        return new Trainer(parameters, optimizer, schedule, norm, accumulated, listeners);
    }

    /**
     * Lets each update follow the mean gradient of so many losses in turn: a large batch in pieces that fit into memory.
     * Losses are then counted through, and one of the history is their mean.
     */
    public Trainer accumulate(int losses) {
        if (losses < 1) {
            throw new IllegalArgumentException("accumulate: " + losses + " losses; must be at least 1");
        }
        return new Trainer(parameters, optimizer, schedule, clipNorm, losses, listeners);
    }

    /** Tells {@code listener} of every step. */
    public Trainer listener(TrainingListener listener) {
        List<TrainingListener> more = new ArrayList<>(listeners);
        more.add(listener);
        return new Trainer(parameters, optimizer, schedule, clipNorm, accumulated, more);
    }

    /**
     * Trains.
     *
     * @param steps how many updates
     * @param loss the scalar loss of a step (see {@link #accumulate}), counted from 0
     * @throws DivergedException when a loss or gradient is NaN or infinite; the parameters are those before that step
     */
    public History train(int steps, IntFunction<Tensor> loss) {
        if (steps < 0) {
            throw new IllegalArgumentException("train: " + steps + " steps; must be 0 or more");
        }
        double[] losses = new double[steps];
        double[] norms = new double[steps];
        int step = 0;
        while (step < steps && !Thread.currentThread().isInterrupted()) {
            parameters.clearGradients();
            for (int k = 0; k < accumulated; k++) {
                Tensor l = loss.apply(step * accumulated + k);
                losses[step] += (double) l.item() / accumulated;
                if (!l.isFinite()) {
                    throw diverged(step, "the loss is " + l.item() + cause(l), losses, norms);
                }
                (accumulated == 1 ? l : l.dividedBy(accumulated)).backward();
            }
            norms[step] = Gradient.norm(parameters);
            if (!Double.isFinite(norms[step])) {
                throw diverged(step, "the gradient is not finite" + cause(), losses, norms);
            }
            Gradient.clip(parameters, norms[step], clipNorm);
            optimizer.step(parameters, schedule.factor(step, steps));
            step++;
            for (TrainingListener listener : listeners) {
                listener.onStep(step, steps, losses[step - 1]);
            }
        }
        parameters.clearGradients();
        return history(step, losses, norms);
    }

    private DivergedException diverged(int step, String what, double[] losses, double[] norms) {
        parameters.clearGradients();
        String hint = "; the parameters are those before this step (a smaller learning rate or clipNorm may help)";
        return new DivergedException(
                "training stopped at step " + step + ": " + what + hint, history(step, losses, norms));
    }

    private static History history(int steps, double[] losses, double[] norms) {
        return new History(Arrays.copyOf(losses, steps), Arrays.copyOf(norms, steps));
    }

    /** The first result that is not finite although its operands are, with the parameters it was computed with. */
    private String cause(Tensor loss) {
        for (Tensor t : loss.history()) {
            if (!t.isFinite()) {
                if (t.operands().isEmpty()) {
                    return ": parameter " + name(t) + " holds values that are not finite";
                }
                String names = "";
                for (Tensor operand : t.operands()) {
                    String name = name(operand);
                    names += name.isEmpty() ? "" : (names.isEmpty() ? " with " : ", ") + name;
                }
                return ": first in the result " + t.shapeText() + " of " + t.operation() + names;
            }
        }
        return "";
    }

    private String cause() {
        for (Map.Entry<String, Tensor> p : parameters) {
            if (p.getValue().hasGradient() && !p.getValue().gradient().isFinite()) {
                return ": first in the gradient of " + p.getKey();
            }
        }
        return "";
    }

    private String name(Tensor tensor) {
        for (Map.Entry<String, Tensor> p : parameters) {
            if (p.getValue() == tensor) {
                return p.getKey();
            }
        }
        return "";
    }
}
