package org.carousel.training;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

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
 *
 * <p>A training that keeps its state in a file goes on where it was, whether it was interrupted, killed or the machine
 * went off, and ends with the same bits as one that nobody stopped:
 *
 * <pre>{@code
 * History history = Trainer.of(model.parameters(), Optimizer.adam(0.01))
 *         .validate(100, () -> heldOutLoss(model)).patience(5)
 *         .stream("batches", random)
 *         .saving(Path.of("model.training"), Duration.ofSeconds(30))
 *         .train(10_000, step -> loss(model, batch(random)));
 * }</pre>
 *
 * <p>Tensors, layers and trainers belong to one thread at a time: a model is trained by one trainer at a time, and may be
 * read by several threads while nobody trains it. {@link Seeds} runs several models side by side.
 *
 * <p>The number of the step is the position in the data. What else changes from step to step beside parameters, optimiser
 * and {@linkplain #average average} has to be named: random streams that are drawn from ({@link #stream}), and tensors such as
 * the state of a network that reads on ({@link #keeping}).
 */
public final class Trainer {
    final Parameters parameters;
    final Optimizer optimizer;
    Schedule schedule = Schedule.constant();
    double clipNorm = Double.POSITIVE_INFINITY;
    int accumulated = 1;
    List<TrainingListener> listeners = List.of();
    int checkEvery;

    @Nullable
    DoubleSupplier heldOut;

    int patience; // 0: no early stopping

    @Nullable
    WeightAverage average;

    @Nullable
    Path file;

    int saveEvery; // 0: by time
    Duration saveAfter = Duration.ZERO;
    Map<String, RandomStream> streams = Map.of();
    Map<String, Kept> kept = Map.of();

    /** Tensors that are no parameters: how to get them, and how to set them. */
    record Kept(Supplier<Tensor[]> now, Consumer<Tensor[]> again) {}

    private Trainer(Parameters parameters, Optimizer optimizer) {
        this.parameters = parameters;
        this.optimizer = optimizer;
    }

    private Trainer with(Consumer<Trainer> change) {
        Trainer next = new Trainer(parameters, optimizer);
        next.schedule = schedule;
        next.clipNorm = clipNorm;
        next.accumulated = accumulated;
        next.listeners = listeners;
        next.checkEvery = checkEvery;
        next.heldOut = heldOut;
        next.patience = patience;
        next.average = average;
        next.file = file;
        next.saveEvery = saveEvery;
        next.saveAfter = saveAfter;
        next.streams = streams;
        next.kept = kept;
        change.accept(next);
        return next;
    }

    /** Trains these parameters at a constant rate, without clipping. */
    public static Trainer of(Parameters parameters, Optimizer optimizer) {
        return new Trainer(parameters, optimizer);
    }

    /** Lets the learning rate follow a schedule. */
    public Trainer schedule(Schedule newSchedule) {
        return with(next -> next.schedule = newSchedule);
    }

    /**
     * Shortens the gradient of all parameters together to this norm when it is longer (Pascanu et al. 2013,
     * arXiv:1211.5063).
     */
    public Trainer clipNorm(double norm) {
        if (!(norm > 0)) {
            throw new IllegalArgumentException("clipNorm: " + norm + " must be above 0");
        }
        return with(next -> next.clipNorm = norm);
    }

    /**
     * Lets each update follow the mean gradient of so many losses in turn: a large batch in pieces that fit into memory.
     * Losses are then counted through, and one of the history is their mean.
     */
    public Trainer accumulate(int losses) {
        if (losses < 1) {
            throw new IllegalArgumentException("accumulate: " + losses + " losses; must be at least 1");
        }
        return with(next -> next.accumulated = losses);
    }

    /** Tells {@code listener} of every step. */
    public Trainer listener(TrainingListener listener) {
        List<TrainingListener> more = new ArrayList<>(listeners);
        more.add(listener);
        return with(next -> next.listeners = more);
    }

    /**
     * Measures the loss on held-out data after every so many steps, without remembering for gradients; see {@link
     * History#heldOut}.
     */
    public Trainer validate(int everySteps, DoubleSupplier heldOutLoss) {
        if (everySteps < 1) {
            throw new IllegalArgumentException("validate: every " + everySteps + " steps; must be at least 1");
        }
        return with(next -> {
            next.checkEvery = everySteps;
            next.heldOut = heldOutLoss;
        });
    }

    /**
     * Ends training after so many held-out losses in a row that are no new lowest one ({@link EarlyStopping}). Whether it
     * ends so, with the last step or by an interrupt, the parameters are then those of the best check.
     */
    public Trainer patience(int checks) {
        if (checks < 1) {
            throw new IllegalArgumentException("patience: " + checks + " checks; must be at least 1");
        }
        return with(next -> next.patience = checks);
    }

    /** Takes the weights into an average after every step. */
    public Trainer average(WeightAverage newAverage) {
        return with(next -> next.average = newAverage);
    }

    /**
     * Keeps the state of the training in a file, written every so many steps, at the end and when the thread is
     * interrupted. If the file is there when {@link #train} is called, training goes on where it ends; if all steps are in
     * it, nothing is left to do. Delete the file to begin anew.
     */
    public Trainer saving(Path newFile, int everySteps) {
        if (everySteps < 1) {
            throw new IllegalArgumentException("saving: every " + everySteps + " steps; must be at least 1");
        }
        return with(next -> {
            next.file = newFile;
            next.saveEvery = everySteps;
        });
    }

    /** As {@link #saving(Path, int)}, written after a step when so much time has passed since the last time. */
    public Trainer saving(Path newFile, Duration every) {
        if (every.isNegative()) {
            throw new IllegalArgumentException("saving: every " + every + "; must not be negative");
        }
        return with(next -> {
            next.file = newFile;
            next.saveEvery = 0;
            next.saveAfter = every;
        });
    }

    /** Lets {@link #saving} keep where a random stream is, from which steps draw. */
    public Trainer stream(String name, RandomStream stream) {
        return with(next -> next.streams = joined("stream", streams, name, stream));
    }

    /**
     * Lets {@link #saving} keep tensors that steps leave behind for the next one.
     *
     * @param now the tensors after a step, as many as there are
     * @param again takes up such tensors, before the first step that goes on
     */
    public Trainer keeping(String name, Supplier<Tensor[]> now, Consumer<Tensor[]> again) {
        return with(next -> next.kept = joined("keeping", kept, name, new Kept(now, again)));
    }

    private static <T> Map<String, T> joined(String operation, Map<String, T> all, String name, T one) {
        Map<String, T> more = new LinkedHashMap<>(all);
        if (more.put(name, one) != null) {
            throw new IllegalArgumentException(operation + ": the name " + name + " is used twice");
        }
        return more;
    }

    /**
     * Trains.
     *
     * @param steps how many updates, those in the file of {@link #saving} among them
     * @param loss the scalar loss of a step (see {@link #accumulate}), counted from 0
     * @throws DivergedException when a loss or gradient is NaN or infinite; the parameters are those before that step
     * @throws IllegalArgumentException when the file of {@link #saving} is damaged, or was written with other parameters,
     *     optimiser, schedule, streams or settings, of which it names one; nothing is changed then
     */
    public History train(int steps, IntFunction<Tensor> loss) {
        if (steps < 0) {
            throw new IllegalArgumentException("train: " + steps + " steps; must be 0 or more");
        }
        if (patience > 0 && heldOut == null) {
            throw new IllegalArgumentException("train: patience " + patience + " needs a held-out loss; see validate");
        }
        return new TrainingRun(this, steps, loss).go();
    }

    /** What must stay as it is when a training goes on. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("clipNorm", Double.toString(clipNorm));
        settings.put("accumulate", Integer.toString(accumulated));
        settings.put("validate", heldOut == null ? "none" : "every " + checkEvery + " steps");
        settings.put("early stopping", patience == 0 ? "none" : "there");
        settings.put("average", average == null ? "none" : average.describe());
        settings.put("keeping", kept.keySet().toString());
        for (String name : parameters.names()) {
            settings.put("optimizer of " + name, optimizer.describe(name));
        }
        return settings;
    }
}
