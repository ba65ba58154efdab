package org.carousel.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** One training from its first step, or from where its file ends, to its last. */
final class TrainingRun {
    private final Trainer trainer;
    private final Parameters parameters;
    private final int steps;
    private final IntFunction<Tensor> loss;
    private final @Nullable EarlyStopping stopping;
    private final double[] losses;
    private final double[] norms;
    private final double[] factors;
    private double[] heldOut = {};
    private int step;
    private int savedStep = -1;
    private long savedAt = System.nanoTime();

    TrainingRun(Trainer trainer, int steps, IntFunction<Tensor> loss) {
        this.trainer = trainer;
        this.parameters = trainer.parameters;
        this.steps = steps;
        this.loss = loss;
        this.stopping = trainer.patience == 0 ? null : EarlyStopping.of(parameters, trainer.patience);
        this.losses = new double[steps];
        this.norms = new double[steps];
        this.factors = new double[steps];
    }

    History go() {
        Path file = trainer.file;
        if (file != null && Files.exists(file)) {
            resume(file, TrainingState.load(file));
        }
        while (step < steps
                && (stopping == null || stopping.goesOn())
                && !Thread.currentThread().isInterrupted()) {
            update();
            step++;
            check();
            for (TrainingListener listener : trainer.listeners) {
                listener.onStep(step, steps, losses[step - 1]);
            }
            if (file != null && isDue()) {
                save(file);
            }
        }
        parameters.clearGradients();
        if (file != null && savedStep != step) {
            save(file);
        }
        if (stopping != null && stopping.bestCheck() > 0) {
            stopping.restoreBest();
        }
        return history(step);
    }

    private void update() {
        parameters.clearGradients();
        int pieces = trainer.accumulated;
        for (int k = 0; k < pieces; k++) {
            Tensor l = loss.apply(step * pieces + k);
            losses[step] += (double) l.item() / pieces;
            if (!l.isFinite()) {
                throw diverged("the loss is " + l.item() + cause(l));
            }
            (pieces == 1 ? l : l.dividedBy(pieces)).backward();
        }
        norms[step] = Gradient.norm(parameters);
        if (!Double.isFinite(norms[step])) {
            throw diverged("the gradient is not finite" + cause());
        }
        Gradient.clip(parameters, norms[step], trainer.clipNorm);
        factors[step] = trainer.schedule.factor(step, steps);
        trainer.optimizer.step(parameters, factors[step]);
        if (trainer.average != null) {
            trainer.average.update();
        }
    }

    private void check() {
        DoubleSupplier measure = trainer.heldOut;
        if (measure == null || step % trainer.checkEvery != 0) {
            return;
        }
        double measured = Tensor.withoutGradient(measure::getAsDouble);
        heldOut = Arrays.copyOf(heldOut, heldOut.length + 1);
        heldOut[heldOut.length - 1] = measured;
        if (stopping != null) {
            stopping.goOn(measured);
        }
    }

    private boolean isDue() {
        return trainer.saveEvery > 0
                ? step % trainer.saveEvery == 0
                : Duration.ofNanos(System.nanoTime() - savedAt).compareTo(trainer.saveAfter) >= 0;
    }

    private void save(Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.forEach(p -> tensors.put("parameter " + p.getKey(), p.getValue()));
        trainer.optimizer.state(parameters).forEach((name, part) -> tensors.put("optimizer " + name, part));
        if (stopping != null) {
            stopping.bestWeights().forEach((name, best) -> tensors.put("best " + name, shaped(name, best)));
        }
        if (trainer.average != null) {
            trainer.average.averages().forEach((name, mean) -> tensors.put("average " + name, shaped(name, mean)));
        }
        trainer.kept.forEach((name, kept) -> {
            Tensor[] now = kept.now().get();
            for (int k = 0; k < now.length; k++) {
                tensors.put("kept " + name + " " + k, now[k]);
            }
        });
        Map<String, RandomStream.State> streams = new LinkedHashMap<>();
        trainer.streams.forEach((name, stream) -> streams.put(name, stream.state()));
        new TrainingState(
                        trainer.settings(),
                        Arrays.copyOf(losses, step),
                        Arrays.copyOf(norms, step),
                        Arrays.copyOf(factors, step),
                        heldOut,
                        trainer.average == null ? 0 : trainer.average.updates(),
                        streams,
                        tensors)
                .save(file);
        savedStep = step;
        savedAt = System.nanoTime();
    }

    private Tensor shaped(String parameter, float[] values) {
        return Tensor.wrap(values, parameters.get(parameter).shape());
    }

    /** Takes up what was saved: all of it, or on any refusal nothing. */
    private void resume(Path file, TrainingState then) {
        requireSame(file, then);
        Map<String, Tensor> left = new LinkedHashMap<>(then.tensors());
        Map<String, float[]> weights = take(file, left, "parameter ", true);
        Map<String, float[]> best = stopping == null ? Map.of() : take(file, left, "best ", false);
        Map<String, float[]> average = trainer.average == null ? Map.of() : take(file, left, "average ", true);
        Map<String, Tensor[]> kept = new LinkedHashMap<>();
        trainer.kept.keySet().forEach(name -> kept.put(name, takeAll(left, "kept " + name + " ")));
        Map<String, Tensor> memory = new LinkedHashMap<>();
        left.forEach((name, part) -> {
            if (!name.startsWith("optimizer ")) {
                throw refusal(file, "it also holds " + name);
            }
            memory.put(name.substring("optimizer ".length()), part);
        });
        Map<String, Tensor> before = trainer.optimizer.state(parameters);
        trainer.optimizer.restore(parameters, memory);
        try {
            trainer.kept.forEach((name, own) -> own.again().accept(kept.getOrDefault(name, new Tensor[0])));
        } catch (RuntimeException e) {
            trainer.optimizer.restore(parameters, before);
            throw e;
        }
        weights.forEach((name, values) ->
                parameters.get(name).update(theta -> System.arraycopy(values, 0, theta, 0, theta.length)));
        trainer.streams.forEach((name, stream) -> stream.restore(stateOf(file, then, name)));
        if (trainer.average != null) {
            trainer.average.resume(then.averaged(), average);
        }
        if (stopping != null) {
            stopping.resume(then.heldOut(), best);
        }
        step = then.steps();
        System.arraycopy(then.losses(), 0, losses, 0, step);
        System.arraycopy(then.norms(), 0, norms, 0, step);
        System.arraycopy(then.factors(), 0, factors, 0, step);
        heldOut = then.heldOut();
        savedStep = step;
    }

    private void requireSame(Path file, TrainingState then) {
        Map<String, String> now = trainer.settings();
        Set<String> all = new LinkedHashSet<>(now.keySet());
        all.addAll(then.settings().keySet());
        for (String setting : all) {
            String was = then.settings().getOrDefault(setting, "none");
            String is = now.getOrDefault(setting, "none");
            if (!was.equals(is)) {
                throw refusal(file, setting + " was " + was + " and is " + is);
            }
        }
        if (then.steps() > steps) {
            throw refusal(file, "it is " + then.steps() + " steps long, and " + steps + " are asked for");
        }
        for (int k = 0; k < then.steps(); k++) {
            double is = trainer.schedule.factor(k, steps);
            if (Double.doubleToRawLongBits(is) != Double.doubleToRawLongBits(then.factors()[k])) {
                throw refusal(
                        file,
                        "the schedule gave " + then.factors()[k] + " for step " + k + " and gives " + is + " for it in "
                                + steps + " steps");
            }
        }
        trainer.streams.forEach((name, stream) -> {
            long seed = stateOf(file, then, name).seed();
            if (seed != stream.state().seed()) {
                throw refusal(
                        file,
                        "the seed of stream " + name + " was " + seed + " and is "
                                + stream.state().seed());
            }
        });
        if (!trainer.streams.keySet().containsAll(then.streams().keySet())) {
            throw refusal(file, "its streams were " + then.streams().keySet() + " and are " + trainer.streams.keySet());
        }
    }

    private static RandomStream.State stateOf(Path file, TrainingState then, String name) {
        RandomStream.State state = then.streams().get(name);
        if (state == null) {
            throw refusal(
                    file,
                    "it has no stream " + name + "; it has " + then.streams().keySet());
        }
        return state;
    }

    /** The arrays of all parameters under a prefix, each of which must have its parameter's shape. */
    private Map<String, float[]> take(Path file, Map<String, Tensor> from, String prefix, boolean required) {
        Map<String, float[]> taken = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> p : parameters) {
            Tensor found = from.remove(prefix + p.getKey());
            if (found == null
                    ? required
                    : !found.shapeText().equals(p.getValue().shapeText())) {
                String was = found == null ? "missing" : found.shapeText();
                throw refusal(
                        file,
                        prefix + p.getKey() + " was " + was + " and is "
                                + p.getValue().shapeText());
            }
            if (found != null) {
                taken.put(p.getKey(), found.toArray());
            }
        }
        return taken;
    }

    private static Tensor[] takeAll(Map<String, Tensor> from, String prefix) {
        int n = 0;
        while (from.containsKey(prefix + n)) {
            n++;
        }
        Tensor[] all = new Tensor[n];
        for (int k = 0; k < n; k++) {
            all[k] = from.get(prefix + k);
            from.remove(prefix + k);
        }
        return all;
    }

    private static IllegalArgumentException refusal(Path file, String why) {
        return new IllegalArgumentException("train: " + file + " was saved by another training: " + why
                + "; give it what it had, or another file to begin anew");
    }

    private History history(int done) {
        return new History(Arrays.copyOf(losses, done), Arrays.copyOf(norms, done), heldOut);
    }

    private DivergedException diverged(String what) {
        parameters.clearGradients();
        String hint = "; the parameters are those before this step (a smaller learning rate or clipNorm may help)";
        return new DivergedException("training stopped at step " + step + ": " + what + hint, history(step));
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
