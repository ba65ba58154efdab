package org.carousel.tensor.internal.kernels;

import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One shared pool that splits work over results.
 *
 * <p>{@code -Dcarousel.threads=N}, or the variable {@code CAROUSEL_THREADS}, sets the number of threads, else it is the number of processors. Small work stays on
 * the calling thread; nested calls, and calls while another thread uses the pool, run where they are. Helpers wait
 * parked: after less than a tenth of a millisecond of looking for more work nothing spins.
 */
public final class Parallel {
    /** Work on the results [from, to). */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    /** Below this many arithmetic operations handing work to another thread costs more than it gains. */
    private static final long WORTHWHILE = 2_200_000;

    private static final int SPINS = 6000;
    private static final ReentrantLock IN_USE = new ReentrantLock();
    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);
    private static Helper[] helpers = {};
    private static int
            threads; // 0 until it is asked for: a wrong setting is to be told each time, not break this class

    private Parallel() {}

    /** How many threads work together at most. */
    public static int threads() {
        if (threads == 0) {
            threads = configured(System.getProperty("carousel.threads", System.getenv("CAROUSEL_THREADS")));
        }
        return threads;
    }

    /** For tests: results must not depend on it. */
    static void threads(int n) {
        IN_USE.lock();
        try {
            threads = n;
        } finally {
            IN_USE.unlock();
        }
    }

    /** Whether so many arithmetic operations would be shared among threads. */
    static boolean worthwhile(long work) {
        return work >= 2 * WORTHWHILE && threads() > 1;
    }

    /**
     * Runs {@code body} over [0, n) in equal parts.
     *
     * @param work the number of arithmetic operations altogether
     */
    public static void over(int n, long work, Range body) {
        int parts = (int) Math.min(Math.min(threads(), n), work / WORTHWHILE);
        if (parts < 2 || INSIDE.get() || !IN_USE.tryLock()) {
            body.run(0, n);
            return;
        }
        try {
            INSIDE.set(true);
            spread(n, parts, body);
        } finally {
            INSIDE.set(false);
            IN_USE.unlock();
        }
    }

    private static void spread(int n, int parts, Range body) {
        Helper[] all = helpers(parts - 1);
        for (int p = 1; p < parts; p++) {
            all[p - 1].start(new Job(body, begin(n, parts, p), begin(n, parts, p + 1), Thread.currentThread()));
        }
        Throwable failure = null;
        try {
            body.run(0, begin(n, parts, 1));
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (int p = 1; p < parts; p++) { // the arrays belong to the caller: never return while a helper writes
            Throwable other = all[p - 1].await();
            failure = failure == null ? other : failure;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private static int begin(int n, int parts, int part) {
        return (int) ((long) n * part / parts);
    }

    private static Helper[] helpers(int count) {
        if (helpers.length < count) {
            Helper[] more = new Helper[count];
            System.arraycopy(helpers, 0, more, 0, helpers.length);
            for (int i = helpers.length; i < count; i++) {
                more[i] = new Helper(i + 1);
            }
            helpers = more;
        }
        return helpers;
    }

    static int configured(@Nullable String property) {
        if (property == null || property.isBlank()) {
            return Runtime.getRuntime().availableProcessors();
        }
        try {
            int n = Integer.parseInt(property.trim());
            if (n >= 1 && n <= 1024) {
                return n;
            }
        } catch (NumberFormatException e) {
            // reported below together with numbers out of range
        }
        throw new IllegalArgumentException("carousel.threads=" + property + " must be a number from 1 to 1024");
    }

    private record Job(Range body, int from, int to, Thread caller) {}

    private static final class Helper {
        private final Thread thread;
        private volatile @Nullable Job job;
        private volatile boolean done = true;
        private volatile @Nullable Throwable failure;

        Helper(int number) {
            thread = new Thread(this::loop, "carousel-" + number);
            thread.setDaemon(true);
            thread.start();
        }

        void start(Job next) {
            failure = null;
            done = false;
            job = next;
            LockSupport.unpark(thread);
        }

        @Nullable
        Throwable await() {
            boolean interrupted = false;
            for (int spins = 0; !done; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted(); // an interrupted thread would not park; remember it
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return failure;
        }

        private void loop() {
            INSIDE.set(true);
            while (true) {
                for (int spins = 0; job == null; spins++) {
                    if (spins < SPINS) {
                        Thread.onSpinWait();
                    } else {
                        LockSupport.park(this);
                    }
                }
                Job next = java.util.Objects.requireNonNull(job);
                job = null;
                try {
                    next.body.run(next.from, next.to);
                } catch (RuntimeException | Error e) {
                    failure = e;
                }
                done = true;
                LockSupport.unpark(next.caller);
            }
        }
    }
}
