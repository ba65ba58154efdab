package org.carousel.training.trials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.LineFile;
import org.carousel.tensor.RandomStream;
import org.carousel.training.DivergedException;
import org.jspecify.annotations.Nullable;

/**
 * Many trials with settings out of a space, kept in a file.
 *
 * <p>Every result is a line of the file as soon as it is there. A study that was stopped or killed at any moment goes on where
 * it was when it is started again, and ends with the same bytes: one line for each trial, in the order of their numbers. With
 * more trials asked for, an ended study goes on, too. A trial that fails is a result: see {@link Result#outcome}.
 *
 * <p>The file is text: a first line, after {@code #}, that says what was searched; the names of the columns; and for each trial
 * its number, seed, settings, outcome and results, separated by commas. There are no times in it, because no two runs would
 * have the same; a {@link #listener} is told of them.
 *
 * <p>Immutable settings; every method that changes one returns another study.
 *
 * @param <R> a record of double, float, int, long, boolean and String
 */
public final class Study<R extends Record> {
    /** Of the trials that were not asked for now no more are missing than were under way when a study was stopped. */
    private static final int MOST_MISSING = 256;

    private final Space space;
    private final Columns<R> columns;
    private final Trial<R> trial;
    private final Search search;
    private final long seed;
    private final Place place;
    private final BiConsumer<? super Result<R>, Progress> listener;

    private Study(
            Space space,
            Columns<R> columns,
            Trial<R> trial,
            Search search,
            long seed,
            Place place,
            BiConsumer<? super Result<R>, Progress> listener) {
        this.space = space;
        this.columns = columns;
        this.trial = trial;
        this.search = search;
        this.seed = seed;
        this.place = place;
        this.listener = listener;
        List<String> names = columnNames();
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("study: two columns have the same name: " + names);
        }
        if (!search.objective().isEmpty() && !columns.holdsNumber(search.objective())) {
            throw new IllegalArgumentException("study: the search looks at " + search.objective()
                    + ", which is no number among the results " + columns.names());
        }
    }

    /** A random search with seed 1, one trial at a time, here. */
    public static <R extends Record> Study<R> of(Space space, Class<R> results, Trial<R> trial) {
        return new Study<>(
                space, new Columns<>(results), trial, Search.random(), 1, Place.here(1), (result, progress) -> {});
    }

    /** Another way to find settings. */
    public Study<R> search(Search newSearch) {
        return new Study<>(space, columns, trial, newSearch, seed, place, listener);
    }

    /** Another seed: of the settings, and of the seeds of the trials. */
    public Study<R> seed(long newSeed) {
        return new Study<>(space, columns, trial, search, newSeed, place, listener);
    }

    /** Runs trials in another place. */
    public Study<R> on(Place newPlace) {
        return new Study<>(space, columns, trial, search, seed, newPlace, listener);
    }

    /** Runs so many trials at a time. */
    public Study<R> threads(int threads) {
        return on(Place.here(threads));
    }

    /** Tells of every trial that has ended, when its line is in the file: its result, and how far the study has come. */
    public Study<R> listener(BiConsumer<? super Result<R>, Progress> newListener) {
        return new Study<>(space, columns, trial, search, seed, place, newListener);
    }

    /** Runs trials 0 .. n-1 without a file. */
    public List<Result<R>> run(int n) {
        return new Run(n, null).results();
    }

    /**
     * Runs those of the trials 0 .. n-1 that are not in the file.
     *
     * @return the results of trials 0 .. n-1, in order
     * @throws IllegalArgumentException when the file holds another study, or a line that is none of this one; it is left as it
     *     is
     * @throws IllegalStateException when another process or study writes the file, or when the thread was interrupted: what
     *     had ended is in the file
     */
    public List<Result<R>> run(int n, Path file) {
        try (LineFile kept = LineFile.open(file, "study", List.of("# " + identity(), CsvLine.join(columnNames())))) {
            return new Run(n, kept).results();
        }
    }

    /** Trial {@code result.number()} once more, by itself: the same result, when the trial is a pure function. */
    public Result<R> again(Result<R> result) throws InterruptedException {
        return parse(task(result.number(), result.seed(), result.settings()).run());
    }

    /** What the first line of a file says. */
    private String identity() {
        return "study: " + search + "; seed " + seed + "; " + space;
    }

    private List<String> columnNames() {
        return Stream.of(
                        Stream.of("trial", "seed"),
                        search.settings(space).names().stream(),
                        Stream.of("outcome"),
                        columns.names().stream())
                .flatMap(s -> s)
                .toList();
    }

    /** What runs elsewhere: it must not hold the study, whose place and listener cannot travel. */
    private Place.Task task(int number, long trialSeed, Configuration settings) {
        Columns<R> to = columns;
        Trial<R> of = trial;
        return () -> line(to, of, number, trialSeed, settings);
    }

    private static <R extends Record> String line(
            Columns<R> columns, Trial<R> trial, int number, long seed, Configuration settings)
            throws InterruptedException {
        List<String> fields = new ArrayList<>(List.of(Integer.toString(number), Long.toString(seed)));
        settings.values().keySet().forEach(name -> fields.add(settings.text(name)));
        try {
            List<String> values = columns.write(trial.run(settings, seed));
            fields.add(Result.OK);
            fields.addAll(values);
        } catch (InterruptedException e) {
            throw e;
        } catch (DivergedException e) {
            fail(fields, columns, Result.DIVERGED);
        } catch (OutOfMemoryError e) {
            fail(fields, columns, Result.OUT_OF_MEMORY);
        } catch (Exception | StackOverflowError | AssertionError e) {
            String message = e.getMessage();
            fail(fields, columns, e.getClass().getSimpleName() + (message == null ? "" : ": " + message));
        }
        if (Thread.interrupted()) { // training ends early then: what it measured is not what it would have been
            throw new InterruptedException();
        }
        return CsvLine.join(fields);
    }

    private static void fail(List<String> fields, Columns<?> columns, String outcome) {
        fields.add(outcome);
        columns.names().forEach(name -> fields.add(""));
    }

    private Result<R> parse(String line) {
        List<Parameter> settings = search.settings(space).parameters();
        List<String> fields = CsvLine.split(line);
        int first = 3 + settings.size();
        if (fields.size() != first + columns.names().size()) {
            throw new IllegalArgumentException(
                    fields.size() + " fields; " + (first + columns.names().size()) + " are expected");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        for (int k = 0; k < settings.size(); k++) {
            values.put(settings.get(k).name(), settings.get(k).parse(fields.get(2 + k)));
        }
        String outcome = fields.get(first - 1);
        return new Result<>(
                Integer.parseInt(fields.get(0)),
                Long.parseLong(fields.get(1)),
                new Configuration(values),
                outcome,
                outcome.equals(Result.OK)
                        ? Optional.of(columns.read(fields.subList(first, fields.size())))
                        : Optional.empty());
    }

    /** One run of a study: what is known, what is under way. */
    private final class Run {
        private final int trials;
        private final @Nullable LineFile file;
        private final RandomStream random = RandomStream.of(seed);
        private final List<Search.Proposal> proposals = new ArrayList<>();
        private final List<OptionalDouble> ends = new ArrayList<>(); // of the first trials, without a gap
        private final TreeMap<Integer, String> lines = new TreeMap<>();
        private final TreeMap<Integer, Result<R>> results = new TreeMap<>();
        private final Pace pace;

        Run(int trials, @Nullable LineFile file) {
            if (trials < 1) {
                throw new IllegalArgumentException("study: " + trials + " trials; 1 or more are needed");
            }
            this.trials = trials;
            this.file = file;
            this.pace = new Pace(place.together());
        }

        List<Result<R>> results() {
            if (file != null) {
                readFile(file);
            }
            ExecutorService pool = Executors.newFixedThreadPool(place.together());
            try {
                runMissing(pool);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(
                        "study: interrupted after " + lines.size() + " of " + trials
                                + " trials; started again it goes on",
                        e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "study: " + place + " failed: " + e.getCause() + "; started again it goes on", e.getCause());
            } finally {
                pool.shutdownNow();
            }
            if (file != null) {
                file.arrange(List.copyOf(lines.values()));
            }
            return List.copyOf(results.headMap(trials).values());
        }

        private record Ended(int number, String line, double seconds) {}

        private void runMissing(ExecutorService pool) throws InterruptedException, ExecutionException {
            CompletionService<Ended> service = new ExecutorCompletionService<>(pool);
            int underWay = 0;
            int next = 0;
            while (true) {
                while (next < trials && underWay < place.together() && ready(next)) {
                    int number = next++;
                    Search.Proposal proposal = proposal(number);
                    if (!lines.containsKey(number)) {
                        Place.Task task = task(number, seedOf(proposal.origin()), proposal.settings());
                        service.submit(() -> {
                            long from = System.nanoTime();
                            String line = place.run(task);
                            return new Ended(number, line, (System.nanoTime() - from) * 1e-9);
                        });
                        underWay++;
                    }
                }
                if (underWay == 0) {
                    return;
                }
                Ended ended = service.take().get();
                underWay--;
                Result<R> result = parse(ended.line());
                if (file != null) {
                    file.append(ended.line());
                }
                lines.put(ended.number(), ended.line());
                results.put(ended.number(), result);
                int done = results.headMap(trials).size();
                int failed = (int) results.headMap(trials).values().stream()
                        .filter(r -> !r.ok())
                        .count();
                listener.accept(result, pace.after(ended.seconds(), done, trials, failed));
            }
        }

        /** Whether all is known that trial n looks at. */
        private boolean ready(int n) {
            while (ends.size() < trials && results.containsKey(ends.size())) {
                Result<R> result = results.get(ends.size());
                ends.add(objective(result));
            }
            return (long) n - search.together() < ends.size();
        }

        private OptionalDouble objective(@Nullable Result<R> result) {
            if (search.objective().isEmpty() || result == null || result.value().isEmpty()) {
                return OptionalDouble.empty();
            }
            double value = columns.number(search.objective(), result.value().get());
            return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
        }

        private Search.Proposal proposal(int n) {
            while (proposals.size() <= n) {
                proposals.add(search.next(
                        space, random, Collections.unmodifiableList(proposals), Collections.unmodifiableList(ends)));
            }
            return proposals.get(n);
        }

        private long seedOf(int origin) {
            return random.split("trial").split(origin).nextLong() >>> 33; // as much as an int holds
        }

        private void readFile(LineFile kept) {
            int number = 2;
            for (String line : kept.lines()) {
                number++;
                try {
                    Result<R> result = parse(line);
                    if (lines.put(result.number(), line) != null) {
                        throw new IllegalArgumentException("trial " + result.number() + " is there twice");
                    }
                    results.put(result.number(), result);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "study: " + kept + ": line " + number + " is none of this study: "
                                    + Failures.shortened(e.getMessage()) + "; the file is left as it is",
                            e);
                }
            }
            check(kept);
        }

        /** Every trial of the file must be one that this study would have run. */
        private void check(LineFile kept) {
            for (int n : lines.keySet()) {
                boolean tooFar = n >= Math.max(trials, lines.size() + MOST_MISSING);
                if (n < 0 || tooFar || !ready(n)) {
                    throw new IllegalArgumentException(
                            "study: " + kept + " holds trial " + n + ", but not the trials that it depends on");
                }
                Search.Proposal proposal = proposal(n);
                Result<R> result = results.get(n);
                if (result == null
                        || result.seed() != seedOf(proposal.origin())
                        || !result.settings().equals(proposal.settings())) {
                    throw new IllegalArgumentException("study: " + kept + ": trial " + n
                            + " has other settings or another seed than this study gives it ("
                            + proposal.settings() + "); the file is left as it is");
                }
            }
        }
    }

    /** How fast trials end. */
    private static final class Pace {
        private static final int ENOUGH = 3;
        private final int together;
        private int n;
        private double mean;
        private double squares;

        Pace(int together) {
            this.together = together;
        }

        Progress after(double seconds, int done, int of, int failed) {
            n++;
            double difference = seconds - mean; // Welford 1962
            mean += difference / n;
            squares += difference * (seconds - mean);
            int k = of - done;
            if (n < ENOUGH) {
                return new Progress(done, of, failed, seconds, Double.NaN, Double.NaN);
            }
            double variance = squares / (n - 1);
            double deviation = StrictMath.sqrt(k * variance + (double) k * k * variance / n);
            return new Progress(done, of, failed, seconds, k * mean / together, 2 * deviation / together);
        }
    }

    /**
     * How far a study has come.
     *
     * <pre>
     * k trials left, of which `together` run at a time; those that ran here took m seconds in the mean, with deviation s, n of them
     * left = k m / together        ± 2 √(k s² + k² s² / n) / together
     * </pre>
     *
     * <p>The second term under the root is what is not known of the mean. With fewer than three trials nothing is promised.
     *
     * @param done trials that have ended, those of earlier runs among them
     * @param of trials altogether
     * @param failed how many of those done have no value
     * @param seconds the time that the last one took
     * @param left seconds until the end, NaN while nothing can be said
     * @param uncertain half the width of its 95 % interval, in seconds
     */
    public record Progress(int done, int of, int failed, double seconds, double left, double uncertain) {
        /** {@code 12/60, 1 failed, about 3 min left (2 to 4 min)}. */
        @Override
        public String toString() {
            String all = done + "/" + of + (failed == 0 ? "" : ", " + failed + " failed");
            if (done == of) {
                return all;
            }
            if (Double.isNaN(left)) {
                return all + ", no estimate yet";
            }
            return all + ", about " + time(left) + " left (" + time(Math.max(0, left - uncertain)) + " to "
                    + time(left + uncertain) + ")";
        }

        private static String time(double seconds) {
            if (seconds < 90) {
                return String.format(Locale.ROOT, "%.0f s", seconds);
            }
            return seconds < 5400
                    ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
                    : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
        }
    }
}
