package org.carousel.tools.odyssey;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.carousel.data.Chorales;
import org.carousel.data.Datasets;
import org.carousel.data.signal.PenDigits;
import org.carousel.data.signal.SpokenDigits;
import org.carousel.layers.Affine;
import org.carousel.layers.Noise;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.EarlyStopping;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.trials.Configuration;
import org.carousel.training.trials.Parameter;
import org.carousel.training.trials.Space;
import org.carousel.training.trials.Trial;

/**
 * One trial of the odyssey: a cell, a rate, a size, noise and momentum; trained until the validation loss has not fallen for
 * some epochs; then the test set is looked at once.
 *
 * @param task "music", "ink" or "speech"
 */
record Odyssey(String task) implements Trial<Odyssey.Scores> {
    private static final int BATCH = 8;
    static final int EPOCHS = 150;
    private static final int PATIENCE = 15;
    private static final Map<String, Task> LOADED = new ConcurrentHashMap<>();

    /** The processor's time of the trials that ran in this process, by seed: no part of a result, as no two runs would agree. */
    static final Map<Long, Double> SECONDS = new ConcurrentHashMap<>();

    /**
     * What came out.
     *
     * @param valid the least validation loss, in nats for each unit of {@link Task}
     * @param test the test error of those weights
     * @param testLoss their loss on the test set
     * @param epochs how many were trained
     * @param best after which the validation loss was least
     * @param weights how many there are
     */
    record Scores(double valid, double test, double testLoss, int epochs, int best, int weights) {}

    /** Nine cells in turn; the settings of Greff et al. 2017, section IV, with rates and sizes of our scale. */
    static Space space() {
        return Space.of(
                Parameter.inTurn(
                        "cell",
                        Variants.greff().stream().map(Variants.Variant::name).toArray(String[]::new)),
                Parameter.logUniform("rate", 1e-3, 10),
                Parameter.logWhole("size", 8, 48),
                Parameter.uniform("noise", 0, 1),
                Parameter.logUniform("oneMinusMomentum", 0.01, 1));
    }

    static Task load(String name) {
        return switch (name) {
            case "music" -> MusicTask.of(Chorales.quarters(Datasets.jsbChorales()), BATCH);
            case "ink" -> InkTask.of(PenDigits.of(Datasets.pendigits()), 300, 120, BATCH);
            case "speech" -> SpeechTask.of(SpokenDigits.of(Datasets.fsdd()), 160, 80, BATCH);
            default ->
                throw new IllegalArgumentException("odyssey: no task " + name + "; there are music, ink, speech");
        };
    }

    @Override
    public Scores run(Configuration settings, long seed) {
        Task data = LOADED.computeIfAbsent(task, Odyssey::load);
        long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        try {
            return train(data, settings, RandomStream.of(seed));
        } finally {
            SECONDS.put(seed, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from) * 1e-9);
        }
    }

    private static Scores train(Task task, Configuration settings, RandomStream random) {
        int inputs = task.training().get(0).x().size(2);
        Variants.Variant variant = Variants.named(settings.text("cell"));
        int size = settings.whole("size");
        Cell<?> forward = variant.cell(inputs, size, random.split("forward"));
        Affine head = Affine.of(task.bothDirections() ? 2 * size : size, task.outputs(), random.split("head"));
        if (!task.bothDirections()) {
            return train(
                    task,
                    settings,
                    random,
                    Parameters.of("cell", forward).and("head", head),
                    (x, lengths) -> head.apply(outputs(forward, x, lengths)));
        }
        Cell<?> backward = variant.cell(inputs, size, random.split("backward"));
        return train(
                task,
                settings,
                random,
                Parameters.of("forward", forward).and("backward", backward).and("head", head),
                (x, lengths) -> head.apply(both(forward, backward, x, lengths)));
    }

    private interface Net {
        Tensor apply(Tensor x, int[] lengths);
    }

    private static <S> Tensor outputs(Cell<S> cell, Tensor x, int[] lengths) {
        return cell.run(x, cell.initial(x.size(0)), lengths).h();
    }

    @SuppressWarnings("unchecked") // both cells are of one variant
    private static <S> Tensor both(Cell<S> forward, Cell<?> backward, Tensor x, int[] lengths) {
        return new Bidirectional<>(forward, (Cell<S>) backward).run(x, lengths).h();
    }

    private static Scores train(Task task, Configuration settings, RandomStream random, Parameters weights, Net net) {
        double oneMinusMomentum = settings.number("oneMinusMomentum");
        Optimizer optimizer = Optimizer.nesterov(settings.number("rate") * oneMinusMomentum, 1 - oneMinusMomentum);
        Trainer trainer = Trainer.of(weights, optimizer);
        Noise noise = new Noise(settings.number("noise"));
        EarlyStopping stop = EarlyStopping.of(weights, PATIENCE);
        List<Task.Batch> batches = task.training();
        int epoch = 0;
        boolean goOn = true;
        while (goOn && epoch < EPOCHS) {
            RandomStream own = random.split("epoch").split(epoch++);
            int[] order = own.permutation(batches.size());
            trainer.train(order.length, k -> {
                Task.Batch b = batches.get(order[k]);
                return task.loss(net.apply(noise.apply(b.x(), own), b.lengths()), b);
            });
            goOn = stop.goOn(measure(task.validation(), net, task::lossOf));
        }
        if (stop.bestCheck() == 0) {
            throw new ArithmeticException("the validation loss was never a number");
        }
        stop.restoreBest();
        return new Scores(
                stop.best(),
                measure(task.test(), net, task::errorOf),
                measure(task.test(), net, task::lossOf),
                epoch,
                stop.bestCheck(),
                (int) weights.count());
    }

    private interface Measuring {
        Task.Measure of(Tensor logits, Task.Batch batch);
    }

    private static double measure(List<Task.Batch> batches, Net net, Measuring measuring) {
        return Tensor.withoutGradient(() -> {
                    Task.Measure all = new Task.Measure(0, 0);
                    for (Task.Batch b : batches) {
                        all = all.plus(measuring.of(net.apply(b.x(), b.lengths()), b));
                    }
                    return all;
                })
                .mean();
    }
}
