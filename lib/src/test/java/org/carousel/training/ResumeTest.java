package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.carousel.Refusals;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that goes on is the training that nobody stopped, or is refused by name. */
class ResumeTest {
    @TempDir
    Path folder;

    /** Fits a line to noisy points; all that is random comes from one stream. */
    private static final class Line {
        final RandomStream random;
        final Tensor slope;
        final Tensor offset = Tensor.of(0);
        final Parameters parameters;
        int done;

        Line(long seed, int size) {
            random = RandomStream.of(seed);
            slope = Tensor.normal(random.split("slope"), 1, size);
            parameters = Parameters.of("slope", slope).and("offset", offset);
        }

        Line() {
            this(1, 3);
        }

        Tensor loss(int step) {
            done = step + 1;
            Tensor x = Tensor.normal(random, 1, slope.size()); // an odd number: one of a pair waits for the next step
            return x.times(slope.minus(2))
                    .plus(offset.minus((float) random.nextDouble()))
                    .squared()
                    .mean();
        }

        float[] weights() {
            return new float[] {slope.get(0), slope.get(1), slope.get(2), offset.get(0)};
        }
    }

    static List<Optimizer> optimizers() {
        return List.of(
                Optimizer.sgd(0.1),
                Optimizer.momentum(0.1, 0.9),
                Optimizer.nesterov(0.1, 0.9),
                Optimizer.adam(0.1),
                Optimizer.adamW(0.1, 0.1),
                Optimizer.rmsProp(0.1),
                Optimizer.adagrad(0.1));
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void interruptedAtAnyStepItGoesOnToTheSameBits(Optimizer optimizer) {
        Line whole = new Line();
        History expected = Trainer.of(whole.parameters, optimizer)
                .schedule(Schedule.cosine(0.1))
                .train(12, whole::loss);
        for (int stop = 1; stop < 12; stop++) {
            Path file = folder.resolve(stop + ".training");
            int last = stop;
            Line first = new Line();
            History half = Trainer.of(first.parameters, optimizer).schedule(Schedule.cosine(0.1)).stream(
                            "points", first.random)
                    .saving(file, 1000)
                    .listener((step, steps, loss) -> {
                        if (step == last) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .train(12, first::loss);
            assertTrue(Thread.interrupted(), "who interrupts learns of it");
            assertEquals(stop, half.steps());
            Line second = new Line();
            second.random.nextGaussian();
            History rest = Trainer.of(second.parameters, optimizer).schedule(Schedule.cosine(0.1)).stream(
                            "points", second.random)
                    .saving(file, Duration.ofSeconds(1))
                    .train(12, second::loss);
            assertArrayEquals(expected.losses(), rest.losses());
            assertArrayEquals(expected.gradientNorms(), rest.gradientNorms());
            assertArrayEquals(whole.weights(), second.weights());
        }
    }

    @Test
    void aFinishedTrainingIsNotDoneAgainAndCanBeProlonged() {
        Path file = folder.resolve("line.training");
        Line whole = new Line();
        History expected = Trainer.of(whole.parameters, Optimizer.adam(0.1)).train(20, whole::loss);
        Line line = new Line();
        Optimizer adam = Optimizer.adam(0.1);
        UnaryOperator<Trainer> saving =
                trainer -> trainer.stream("points", line.random).saving(file, 3);
        saving.apply(Trainer.of(line.parameters, adam)).train(10, line::loss);
        History again = saving.apply(Trainer.of(line.parameters, adam)).train(10, step -> {
            throw new AssertionError("step " + step + " was done");
        });
        assertEquals(10, again.steps());
        assertArrayEquals(
                expected.losses(),
                saving.apply(Trainer.of(line.parameters, adam))
                        .train(20, line::loss)
                        .losses());
        assertArrayEquals(whole.weights(), line.weights());
    }

    @Test
    void theBestParametersAreKeptOverAStop() {
        double[] heldOut = {5, 3, 4, 1, 2, 2, 2, 9};
        Line whole = new Line();
        float[][] atBest = new float[1][];
        History expected = Trainer.of(whole.parameters, Optimizer.adam(0.1))
                .validate(2, () -> heldOut[whole.done / 2 - 1])
                .patience(3)
                .listener((step, steps, loss) -> {
                    if (step == 8) {
                        atBest[0] = whole.weights();
                    }
                })
                .train(100, whole::loss);
        assertEquals(14, expected.steps(), "three checks after the best");
        assertArrayEquals(new double[] {5, 3, 4, 1, 2, 2, 2}, expected.heldOut());
        assertArrayEquals(atBest[0], whole.weights());
        Path file = folder.resolve("stop.training");
        for (int stop : new int[] {3, 9, 12, 100}) { // before the best, after it, once more, and to the end
            Line line = new Line();
            History history = Trainer.of(line.parameters, Optimizer.adam(0.1)).stream("points", line.random)
                    .validate(2, () -> heldOut[line.done / 2 - 1])
                    .patience(3)
                    .saving(file, 1)
                    .listener((step, steps, loss) -> {
                        if (step == stop) {
                            Thread.currentThread().interrupt();
                        }
                    })
                    .train(100, line::loss);
            assertEquals(stop < 14, Thread.interrupted());
            if (stop > 8) {
                assertArrayEquals(atBest[0], line.weights(), "the best so far");
            }
            if (stop > 14) {
                assertArrayEquals(expected.losses(), history.losses());
                assertArrayEquals(expected.heldOut(), history.heldOut());
            }
        }
        Refusals.assertMessage(
                "patience 3 needs a held-out loss", () -> Trainer.of(whole.parameters, Optimizer.adam(0.1))
                        .patience(3)
                        .train(1, whole::loss));
    }

    @Test
    void whatIsCarriedOnAndAveragedComesBack() {
        Path file = folder.resolve("carried.training");
        float[][] results = new float[2][];
        for (int run = 0; run < 2; run++) {
            for (int part = run; part < 2; part++) {
                Line line = new Line();
                Tensor[] carried = {Tensor.zeros(3)};
                WeightAverage average = WeightAverage.exponential(line.parameters, 0.5);
                Trainer trainer = Trainer.of(line.parameters, Optimizer.momentum(0.1, 0.9)).stream(
                                "points", line.random)
                        .average(average)
                        .keeping("carried", () -> carried, then -> carried[0] = then[0]);
                int stop = run == 0 && part == 0 ? 5 : 11;
                (run == 0 ? trainer.saving(file, 2) : trainer).train(stop, step -> {
                    carried[0] = carried[0].plus(line.slope).times(0.5f).detach();
                    return line.loss(step).plus(carried[0].times(line.slope).sum());
                });
                results[run] = average.during(line::weights);
                assertEquals(stop, average.updates());
            }
        }
        assertArrayEquals(results[1], results[0]);
    }

    /** Everything that would make another training of it, and the words that say so. */
    @Test
    void whatDiffersIsRefusedByNameAndNothingChanges() throws IOException {
        Path file = folder.resolve("a.training");
        UnaryOperator<Trainer> usual = trainer -> trainer.clipNorm(1).schedule(Schedule.cosine(0.1));
        Line first = new Line();
        usual.apply(Trainer.of(first.parameters, Optimizer.adam(0.1))).stream("points", first.random)
                .saving(file, 5)
                .listener((step, steps, loss) -> {
                    if (step == 5) {
                        Thread.currentThread().interrupt();
                    }
                })
                .train(10, first::loss);
        assertTrue(Thread.interrupted());
        byte[] saved = Files.readAllBytes(file);

        refused(
                file,
                new Line(),
                Optimizer.adamW(0.1, 0.01),
                usual,
                10,
                "optimizer of slope was adam(learning rate 0.1,");
        refused(file, new Line(), Optimizer.adam(0.2), usual, 10, "and is adam(learning rate 0.2,");
        Optimizer rest = Optimizer.adam(0.1);
        Optimizer still = Optimizer.sgd(0);
        Optimizer groups = Optimizer.byName(name -> name.equals("offset") ? still : rest);
        refused(file, new Line(), groups, usual, 10, "optimizer of offset was adam");
        refused(file, new Line(), adam(), trainer -> trainer.clipNorm(1), 10, "the schedule gave 0.9");
        refused(file, new Line(), adam(), usual, 20, "for step 1 and gives 0.99");
        refused(file, new Line(), adam(), usual, 4, "it is 5 steps long, and 4 are asked for");
        refused(
                file,
                new Line(),
                adam(),
                trainer -> usual.apply(trainer).clipNorm(2),
                10,
                "clipNorm was 1.0 and is 2.0");
        refused(
                file,
                new Line(),
                adam(),
                trainer -> usual.apply(trainer).accumulate(2),
                10,
                "accumulate was 1 and is 2");
        refused(
                file,
                new Line(),
                adam(),
                trainer -> usual.apply(trainer).validate(3, () -> 1),
                10,
                "validate was none and is every 3 steps");
        refused(
                file,
                new Line(),
                adam(),
                trainer -> usual.apply(trainer).keeping("state", () -> new Tensor[0], then -> {}),
                10,
                "keeping was [] and is [state]");
        refused(
                file,
                new Line(),
                adam(),
                trainer -> usual.apply(trainer).stream("masks", RandomStream.of(1)),
                10,
                "it has no stream masks; it has [points]");
        refused(file, new Line(2, 3), adam(), usual, 10, "the seed of stream points was 1 and is 2");
        refused(file, new Line(1, 4), adam(), usual, 10, "parameter slope was [3] and is [4]");

        Line line = new Line();
        Refusals.assertMessage(
                "its streams were [points] and are []", () -> usual.apply(Trainer.of(line.parameters, adam()))
                        .saving(file, 1)
                        .train(10, line::loss));
        Files.write(file, java.util.Arrays.copyOf(saved, saved.length - 3));
        refused(file, new Line(), adam(), usual, 10, "load: " + file + ": the checksum is wrong");
        Files.writeString(file, "something else");
        refused(file, new Line(), adam(), usual, 10, "it does not begin with the line \"carousel-training-1\"");
    }

    private static Optimizer adam() {
        return Optimizer.adam(0.1);
    }

    private static void refused(
            Path file, Line line, Optimizer optimizer, UnaryOperator<Trainer> settings, int steps, String why)
            throws IOException {
        byte[] before = Files.readAllBytes(file);
        float[] weights = line.slope.toArray().clone();
        Trainer trainer = settings.apply(Trainer.of(line.parameters, optimizer)).stream("points", line.random)
                .saving(file, 1);
        Refusals.assertMessage(why, () -> trainer.train(steps, line::loss));
        assertArrayEquals(weights, line.slope.toArray());
        assertEquals(0, line.done, "nothing was computed");
        assertTrue(optimizer.state(line.parameters).isEmpty(), "nothing is remembered");
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void whatAKilledProgramLeftBesideTheFileIsRemoved() throws IOException {
        Path file = folder.resolve("a.training");
        Path leftover = folder.resolve(".a.training.01234567-89ab-cdef-0123-456789abcdef.part");
        Path other = folder.resolve(".b.training.01234567-89ab-cdef-0123-456789abcdef.part");
        Files.writeString(leftover, "half");
        Files.writeString(other, "half of another");
        Line line = new Line();
        Trainer.of(line.parameters, adam()).saving(file, 1).train(1, line::loss);
        assertFalse(Files.exists(leftover));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(other, file), files.sorted().toList());
        }
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        Line line = new Line();
        Trainer trainer = Trainer.of(line.parameters, adam());
        assertThrows(IllegalArgumentException.class, () -> trainer.saving(folder, 0));
        assertThrows(IllegalArgumentException.class, () -> trainer.saving(folder, Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> trainer.validate(0, () -> 1));
        assertThrows(IllegalArgumentException.class, () -> trainer.patience(0));
        Refusals.assertMessage(
                "the name x is used twice", () -> trainer.stream("x", line.random).stream("x", line.random));
    }
}
