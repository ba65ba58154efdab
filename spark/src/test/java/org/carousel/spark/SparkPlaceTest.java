package org.carousel.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.trials.Configuration;
import org.carousel.training.trials.Halving;
import org.carousel.training.trials.Parameter;
import org.carousel.training.trials.Result;
import org.carousel.training.trials.Space;
import org.carousel.training.trials.Study;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkPlaceTest {
    record Scores(double loss, int weights) {}

    private static final Space SPACE = Space.of(
            Parameter.inTurn("cell", "vanilla", "NOAF", "CIFG"),
            Parameter.logUniform("rate", 1e-3, 1e6),
            Parameter.whole("cells", 2, 8));

    /** Stands for executors that are lost: the first attempt at every trial with an even seed ends with an error. */
    private static final Set<Long> TRIED = ConcurrentHashMap.newKeySet();

    private static SparkContext spark;

    @BeforeAll
    static void start() {
        spark = new SparkContext(new SparkConf()
                .setMaster("local[2,3]")
                .setAppName("trials")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** A real training: the mean of a sequence of noise. Large rates diverge. */
    private static Scores train(Configuration settings, long seed) {
        RandomStream random = RandomStream.of(seed);
        Cell<?> cell = Variants.named(settings.text("cell")).cell(1, settings.whole("cells"), random.split("cell"));
        Affine head = Affine.of(settings.whole("cells"), 1, random.split("head"));
        Parameters weights = Parameters.of("cell", cell).and("head", head);
        int steps = settings.values().containsKey("steps") ? settings.whole("steps") : 20;
        double[] losses = Trainer.of(weights, Optimizer.sgd(settings.number("rate")))
                .train(steps, k -> {
                    Tensor x = Tensor.normal(random.split("x").split(k), 1, 8, 5, 1);
                    return head.apply(last(cell, x)).minus(x.mean(1)).squared().mean();
                })
                .losses();
        return new Scores(losses[steps - 1], (int) weights.count());
    }

    private static <S> Tensor last(Cell<S> cell, Tensor x) {
        Sequence<S> read = cell.run(x);
        return cell.output(read.last());
    }

    private static Study<Scores> study() {
        return Study.of(SPACE, Scores.class, SparkPlaceTest::train).seed(3);
    }

    @TempDir
    Path folder;

    @Test
    void theFileIsTheOneThatIsWrittenWithoutSpark() throws Exception {
        Path here = folder.resolve("here.csv");
        Path there = folder.resolve("there.csv");
        List<Result<Scores>> results = study().run(24, here);
        assertTrue(results.stream().anyMatch(Result::ok));
        assertTrue(results.stream().anyMatch(r -> r.outcome().equals(Result.DIVERGED)));
        SparkPlace place = SparkPlace.of(spark);
        assertEquals(2, place.together());
        assertEquals("Spark at local[2,3]", place.toString());
        assertEquals(results, study().on(place).run(24, there));
        assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(there));
    }

    @Test
    void successiveHalvingToo() throws Exception {
        Study<Scores> study = study().search(Halving.of("steps", 4, 16, 2, "loss"));
        Path here = folder.resolve("here.csv");
        Path there = folder.resolve("there.csv");
        study.run(20, here);
        study.on(SparkPlace.of(spark)).run(20, there);
        assertArrayEquals(Files.readAllBytes(here), Files.readAllBytes(there));
    }

    @Test
    void aTaskThatCouldNotBeRunIsRunAgain() {
        Study<Scores> study = Study.of(SPACE, Scores.class, (settings, seed) -> {
            if (seed % 2 == 0 && TRIED.add(seed)) {
                throw new NoClassDefFoundError("lost");
            }
            return new Scores(settings.number("rate"), 0);
        });
        List<Result<Scores>> results = study.on(SparkPlace.of(spark)).run(8);
        assertTrue(!TRIED.isEmpty() && results.stream().allMatch(Result::ok), results.toString());
    }

    @Test
    void whatCannotBeRunAnywhereEndsTheStudyWithItsReason() {
        Study<Scores> study = Study.of(SPACE, Scores.class, (settings, seed) -> {
            throw new NoClassDefFoundError("nowhere");
        });
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> study.on(SparkPlace.of(spark)).run(3));
        assertTrue(e.getMessage().contains("Spark at local[2,3] failed"), e.getMessage());
        assertTrue(e.getMessage().contains("nowhere"), e.getMessage());
    }
}
