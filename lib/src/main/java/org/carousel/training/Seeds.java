package org.carousel.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/**
 * The same experiment with several seeds, side by side on the processors there are. A run must take all that is random
 * from its seed and share nothing that changes; then its result is the same however many run at a time.
 */
public final class Seeds {
    private Seeds() {}

    /**
     * Runs an experiment for the seeds 1, 2, ..., n.
     *
     * @param n how many, at least 1
     * @param experiment makes a result from a seed
     * @return the results in the order of the seeds
     * @throws RuntimeException the first one that a run ended with; the others are stopped
     */
    public static <T> List<T> run(int n, LongFunction<T> experiment) {
        return run(n, Runtime.getRuntime().availableProcessors(), experiment);
    }

    /** As {@link #run(int, LongFunction)}, at most {@code threads} at a time. */
    public static <T> List<T> run(int n, int threads, LongFunction<T> experiment) {
        if (n < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "seeds: " + n + " runs on " + threads + " threads; both must be 1 or more");
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(n, threads));
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int seed = 1; seed <= n; seed++) {
                long own = seed;
                futures.add(pool.submit(() -> experiment.apply(own)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("seeds: interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException own) {
                throw own;
            }
            throw new IllegalStateException("seeds: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    /** Compares named experiments, each with the seeds 1 to n; the results stand in the order of the names and seeds. */
    public static <T> Map<String, List<T>> compare(int n, Map<String, LongFunction<T>> experiments) {
        List<String> names = List.copyOf(experiments.keySet());
        List<LongFunction<T>> all = List.copyOf(experiments.values());
        List<T> results =
                run(names.size() * n, k -> all.get((int) ((k - 1) / n)).apply((k - 1) % n + 1));
        Map<String, List<T>> named = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            named.put(names.get(i), List.copyOf(results.subList(i * n, (i + 1) * n)));
        }
        return named;
    }

    /** The least, the middle (the median) and the largest of several results. */
    public record Spread(double least, double middle, double largest) {
        /** {@code 0.42 (0.28 to 0.51)}, to three digits after the point. */
        @Override
        public String toString() {
            return String.format(java.util.Locale.ROOT, "%.3f (%.3f to %.3f)", middle, least, largest);
        }
    }

    /** The spread of results, of which there must be one. */
    public static Spread spread(double... results) {
        if (results.length == 0) {
            throw new IllegalArgumentException("spread: there are no results");
        }
        double[] sorted = results.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        return new Spread(sorted[0], (sorted[(n - 1) / 2] + sorted[n / 2]) / 2, sorted[n - 1]);
    }
}
