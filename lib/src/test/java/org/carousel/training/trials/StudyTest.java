package org.carousel.training.trials;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
    record Scores(double valid, float test, int epochs, long weights, boolean good, String note) {}

    static final Space SPACE = Space.of(
            Parameter.logUniform("rate", 1e-3, 1),
            Parameter.whole("cells", 2, 20),
            Parameter.inTurn("cell", "vanilla", "a, b"));

    /** Every fifth fails, and they take different times, so that they do not end in the order of their numbers. */
    static Scores trial(Configuration c, long seed) throws InterruptedException {
        RandomStream random = RandomStream.of(seed);
        Thread.sleep(random.nextInt(6));
        if (random.nextInt(5) == 0) {
            throw new IllegalStateException("no luck, \"" + c.text("cell") + "\"\nsecond line");
        }
        double noise = random.nextGaussian() / 100;
        return new Scores(
                c.number("rate") + noise,
                (float) noise,
                c.whole("cells"),
                seed,
                c.number("rate") > 0.1,
                c.text("cell") + "\"");
    }

    static Study<Scores> study() {
        return Study.of(SPACE, Scores.class, StudyTest::trial).seed(4);
    }

    @TempDir
    Path folder;

    @Test
    void theFileIsTheSameOnAnyNumberOfThreadsAndReadsBackAsTheResults() throws IOException {
        Path one = folder.resolve("deep/one.csv");
        Path four = folder.resolve("four.csv");
        List<Result<Scores>> results = study().run(40, one);
        assertEquals(results, study().threads(4).run(40, four));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(four));
        assertEquals(results, study().run(40));
        AtomicInteger more = new AtomicInteger();
        assertEquals(results, study().listener((r, p) -> more.incrementAndGet()).run(40, one), "read back");
        assertEquals(0, more.get(), "nothing is run twice");
        List<String> lines = Files.readAllLines(one);
        assertEquals(42, lines.size());
        assertEquals(
                "# study: random; seed 4; rate log-uniform 0.001..1; cells whole 2..20; cell in turn [vanilla, a, b]",
                lines.get(0));
        assertEquals("trial,seed,rate,cells,cell,outcome,valid,test,epochs,weights,good,note", lines.get(1));
        assertTrue(results.stream().anyMatch(Result::ok));
        assertTrue(results.stream()
                .anyMatch(r -> r.outcome().equals("IllegalStateException: no luck, \"a, b\" second line")));
        assertFalse(Files.exists(folder.resolve("four.csv.lock")));
        assertEquals(List.of("deep", "four.csv"), names());
    }

    private List<String> names() throws IOException {
        try (var all = Files.list(folder)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aTrialOfTheFileCanBeRunAgain() throws InterruptedException {
        for (Result<Scores> result : study().run(10)) {
            assertEquals(result, study().again(result));
        }
    }

    /** Whatever was left of the file, the end is the same: cut after every line and in the middle of each. */
    @Test
    void aFileThatWasCutAnywhereIsCompleted() throws IOException {
        Path file = folder.resolve("whole.csv");
        study().run(8, file);
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut <= whole.length; cut += cut < 240 ? 16 : 37) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            study().threads(2).run(8, file);
            assertArrayEquals(whole, Files.readAllBytes(file), "cut at " + cut);
        }
    }

    @Test
    void linesInAnotherOrderArePutInOrder() throws IOException {
        Path file = folder.resolve("trials.csv");
        study().run(9, file);
        byte[] whole = Files.readAllBytes(file);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add(lines.remove(3));
        lines.add(lines.remove(2));
        lines.remove(5);
        Files.write(file, lines);
        study().run(9, file);
        assertArrayEquals(whole, Files.readAllBytes(file));
    }

    @Test
    void moreTrialsContinueAFileAndFewerLeaveItAsItIs() throws IOException {
        Path file = folder.resolve("trials.csv");
        Path other = folder.resolve("other.csv");
        study().run(5, file);
        List<Result<Scores>> twelve = study().run(12, file);
        assertEquals(twelve, study().run(12, other));
        assertArrayEquals(Files.readAllBytes(other), Files.readAllBytes(file));
        assertEquals(twelve.subList(0, 5), study().run(5, file));
        assertArrayEquals(Files.readAllBytes(other), Files.readAllBytes(file));
    }

    @Test
    void filesThatAreNotOfThisStudyAreRefusedAndLeftAlone() throws IOException {
        Path file = folder.resolve("trials.csv");
        study().run(5, file);
        byte[] whole = Files.readAllBytes(file);
        assertMessage("holds another study. There: # study: random; seed 4;", () -> study().seed(5)
                .run(5, file));
        assertMessage(
                "holds another study", () -> study().search(Search.sobol()).run(5, file));
        Space wider = Space.of(Parameter.logUniform("rate", 1e-3, 10));
        assertMessage("holds another study", () -> Study.of(wider, Scores.class, StudyTest::trial)
                .run(5, file));
        assertArrayEquals(whole, Files.readAllBytes(file));
        Path text = folder.resolve("text.csv");
        Files.writeString(text, "my notes, not to be lost");
        assertMessage("holds another study. There: my notes", () -> study().run(5, text));
        assertEquals("my notes, not to be lost", Files.readString(text));

        refused("line 8 of the file is none of this study: 2 fields", file, whole, "a,b\n");
        String third = Files.readAllLines(file).get(4) + "\n";
        refused("trial 2 is there twice", file, whole, third);
        refused("trial 6 of the file has other settings or another seed", file, whole, third.replaceFirst("2", "6"));
        refused("\"x\" is no double for valid", file, whole, "5,1,0.5,3,vanilla,ok,x,1,1,1,true,n\n");
        refused("\"maybe\" is no boolean for good", file, whole, "5,1,0.5,3,vanilla,ok,1,1,1,1,maybe,n\n");
        refused("a quotation mark is left open", file, whole, "5,\"1\n");
    }

    private static void refused(String message, Path file, byte[] whole, String more) throws IOException {
        Files.write(file, whole);
        Files.writeString(file, more, StandardOpenOption.APPEND);
        byte[] before = Files.readAllBytes(file);
        assertMessage(message, () -> study().run(7, file));
        assertArrayEquals(before, Files.readAllBytes(file));
        Files.write(file, whole);
    }

    @Test
    void twoStudiesDoNotWriteOneFile() throws Exception {
        Path file = folder.resolve("trials.csv");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        Study<Scores> slow = study().listener((result, progress) -> {
            begun.countDown();
            try {
                refused.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread first = new Thread(() -> slow.run(4, file));
        first.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        first.start();
        begun.await();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> study().run(4, file));
        assertTrue(e.getMessage().contains("trials.csv is being written by another study"), e.getMessage());
        refused.countDown();
        first.join();
        assertEquals(null, failure.get());
        assertEquals(4, study().run(4, file).size());
        assertEquals(6, Files.readAllLines(file).size());
    }

    @Test
    void failuresAreResults() {
        Space space = Space.of(
                Parameter.inTurn("what", "fine", "diverged", "memory", "stack", "assert", "checked", "no message"));
        record One(double v) {}
        List<Result<One>> results = Study.of(space, One.class, (c, seed) -> {
                    switch (c.text("what")) {
                        case "diverged" -> diverge();
                        case "memory" -> throw new OutOfMemoryError("Java heap space");
                        case "stack" -> deep(0);
                        case "assert" -> throw new AssertionError("wrong");
                        case "checked" -> throw new IOException("disk");
                        case "no message" -> throw new ArithmeticException();
                        default -> {}
                    }
                    return new One(Double.NaN);
                })
                .run(7);
        assertEquals(
                List.of(
                        "ok",
                        "diverged",
                        "out of memory",
                        "StackOverflowError",
                        "AssertionError: wrong",
                        "IOException: disk",
                        "ArithmeticException"),
                results.stream().map(Result::outcome).toList());
        assertTrue(Double.isNaN(results.get(0).value().orElseThrow().v()));
        assertTrue(results.stream().skip(1).noneMatch(Result::ok));
    }

    private static void diverge() {
        Parameters w = Parameters.of("w", Tensor.ones(1).requiresGradient());
        Trainer.of(w, Optimizer.sgd(1))
                .train(1, k -> w.get("w").times(Tensor.of(Float.NaN)).sum());
    }

    private static int deep(int n) {
        return n < 0 ? 0 : deep(n + 1) + 1;
    }

    /** What an interrupted training measured is not what it would have been: it must not be kept. */
    @Test
    void anInterruptedTrialLeavesNoLine() throws Exception {
        Path file = folder.resolve("trials.csv");
        CountDownLatch third = new CountDownLatch(3);
        record One(double v) {}
        Study<One> study = Study.of(Space.of(Parameter.uniform("x", 0, 1)), One.class, (c, seed) -> {
            third.countDown();
            if (third.getCount() == 0) {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
                return new One(-1); // as a trainer does: it returns early
            }
            return new One(c.number("x"));
        });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread runs = new Thread(() -> study.run(5, file));
        runs.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
        runs.start();
        third.await();
        runs.interrupt();
        runs.join();
        assertEquals(
                "study: interrupted after 2 of 5 trials; started again it goes on",
                failure.get().getMessage());
        Thread.sleep(50);
        assertEquals(4, Files.readAllLines(file).size());
    }

    @Test
    void progressPromisesNothingAtFirstAndCountsFailures() {
        List<Study.Progress> all = new ArrayList<>();
        study().listener((result, progress) -> all.add(progress)).run(30);
        assertEquals("2/30", all.get(1).toString().split(",")[0]);
        assertTrue(all.get(1).toString().endsWith("no estimate yet"), all.get(1).toString());
        assertTrue(all.get(2).toString().contains("about "), all.get(2).toString());
        assertTrue(
                all.get(29).toString().matches("30/30, \\d+ failed"),
                all.get(29).toString());
        assertEquals(0, all.get(29).left());
        assertEquals(
                "5/100, about 10 min left (8 to 12 min)",
                new Study.Progress(5, 100, 0, 1, 600, 120).toString().replace("8 min to", "8 to"));
    }

    @Test
    void sobolPointsCoverTheSpaceEvenly() {
        List<Result<Scores>> results = study().search(Search.sobol()).run(16);
        int[] parts = new int[4];
        results.forEach(r -> parts[
                (int) (4 * SPACE.parameter("rate").unit(r.settings().values().get("rate")))]++);
        assertArrayEquals(new int[] {4, 4, 4, 4}, parts);
        assertEquals(results, study().search(Search.sobol()).threads(3).run(16));
    }

    record Loss(double loss) {}

    static Study<Loss> halving(int threads) {
        return Study.of(Space.of(Parameter.uniform("x", 0, 1)), Loss.class, (c, seed) -> {
                    Thread.sleep(RandomStream.of(seed).nextInt(4));
                    if (c.number("x") > 0.9) {
                        throw new IllegalStateException("x");
                    }
                    return new Loss(c.number("x") + 1.0 / c.whole("epochs"));
                })
                .search(new Halving("epochs", 1, 9, 3, "loss", 4))
                .threads(threads);
    }

    @Test
    void halvingGivesTheBestTheMostAndIsTheSameOnAnyNumberOfThreads() throws IOException {
        Path one = folder.resolve("one.csv");
        Path many = folder.resolve("many.csv");
        List<Result<Loss>> results = halving(1).run(60, one);
        assertEquals(results, halving(7).run(60, many));
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(many));
        long[] rungs = {1, 3, 9};
        for (int k = 0; k < 3; k++) {
            long wanted = rungs[k];
            rungs[k] = results.stream()
                    .filter(r -> r.settings().whole("epochs") == wanted)
                    .count();
        }
        assertEquals(60, rungs[0] + rungs[1] + rungs[2]);
        assertTrue(rungs[1] <= rungs[0] / 3 && rungs[1] >= rungs[0] / 3 - 2, "of " + rungs[0] + ": " + rungs[1]);
        assertTrue(rungs[2] <= rungs[1] / 3 && rungs[2] >= rungs[1] / 3 - 2, "of " + rungs[1] + ": " + rungs[2]);
        double worstOfMost = results.stream()
                .filter(r -> r.settings().whole("epochs") == 9)
                .mapToDouble(r -> r.settings().number("x"))
                .max()
                .orElseThrow();
        assertTrue(worstOfMost < 0.4, "x " + worstOfMost);
        Result<Loss> carried = results.stream()
                .filter(r -> r.settings().whole("epochs") == 3)
                .findFirst()
                .orElseThrow();
        assertTrue(results.stream()
                .anyMatch(r -> r.settings().whole("epochs") == 1
                        && r.seed() == carried.seed()
                        && r.settings().number("x") == carried.settings().number("x")));
        byte[] whole = Files.readAllBytes(one);
        Files.write(one, java.util.Arrays.copyOf(whole, whole.length / 2));
        halving(2).run(60, one);
        assertArrayEquals(whole, Files.readAllBytes(one));
    }

    @Test
    void studiesThatCannotBeAreRefused() {
        record Nothing() {}
        record Odd(List<String> v) {}
        Space space = Space.of(Parameter.uniform("valid", 0, 1));
        assertMessage("no components", () -> Study.of(SPACE, Nothing.class, (c, s) -> new Nothing()));
        assertMessage("v of the results Odd is a List", () -> Study.of(SPACE, Odd.class, (c, s) -> new Odd(List.of())));
        assertMessage("two columns have the same name", () -> Study.of(space, Scores.class, StudyTest::trial));
        assertMessage("0 trials", () -> study().run(0));
        assertMessage("0 threads", () -> study().threads(0));
        assertMessage("the search looks at loss", () -> study().search(Halving.of("steps", 1, 9, 3, "loss")));
        assertMessage("note, which is no number", () -> study().search(Halving.of("steps", 1, 9, 3, "note")));
        assertMessage("the factor 2 or more", () -> Halving.of("epochs", 1, 9, 1, "loss"));
        assertMessage("epochs from 9 to 1", () -> Halving.of("epochs", 9, 1, 3, "loss"));
    }
}
