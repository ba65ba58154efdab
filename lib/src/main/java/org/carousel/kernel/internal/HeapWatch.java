package org.carousel.kernel.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the virtual machine does nothing but collect garbage that is none: while code of cells runs, and now and then
 * while none does.
 *
 * <p>A heap that is full of small objects is no OutOfMemoryError for a long time: every collection finds a little, and
 * the next one is needed at once. The heap counts as full when {@value #HELD} of its old part were still held after
 * the last of at least {@value #COLLECTIONS} collections, and these took {@value #SHARE} of the time.
 *
 * <p>Nothing here makes an object as long as it can be helped: each would cost a collection of everything, which takes
 * seconds in a large heap.
 */
final class HeapWatch {
    private static final double HELD = 0.9;
    private static final double SHARE = 0.75;
    private static final int COLLECTIONS = 3;
    private static final long WINDOW_MILLIS = 500;
    private static final long EACH_MILLIS = 50;
    private static final long IDLE_MILLIS = 1000;
    private static final long CALM_MILLIS = 100;
    private static final int LONGEST = 8;

    private final GarbageCollectorMXBean[] collectors =
            ManagementFactory.getGarbageCollectorMXBeans().toArray(GarbageCollectorMXBean[]::new);

    /** The place for what has grown old; when that is full, every collection is one of everything. */
    private final @Nullable MemoryPoolMXBean old = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
            .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()))
            .orElse(null);

    private final WhenFull whenFull;
    private @Nullable Object watched;

    /** What is done about it. */
    interface WhenFull {
        void run() throws InterruptedException;
    }

    /** Calls back in a thread of its own, and again each time until the code has ended. It says itself what runs. */
    HeapWatch(WhenFull whenFull) {
        this.whenFull = whenFull;
        Thread thread = new Thread(this::watch, "kernel-memory");
        thread.setDaemon(true);
        thread.start();
    }

    /** Other code runs now; null for none, when threads of cells that are over may still run. */
    synchronized void watch(@Nullable Object code) {
        watched = code;
        notifyAll();
    }

    private void watch() {
        Object code = null;
        long began = 0;
        long collected = 0;
        long collections = 0;
        boolean works = true;
        while (true) {
            try {
                Object now = await(works ? IDLE_MILLIS : EACH_MILLIS);
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                works = millis >= WINDOW_MILLIS && collecting() - collected < SHARE * millis;
                if (now != code || works) {
                    code = now;
                    began = System.nanoTime();
                    collected = collecting();
                    collections = collections();
                } else if (millis >= WINDOW_MILLIS && collections() - collections >= COLLECTIONS && isHeld()) {
                    whenFull.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (OutOfMemoryError e) {
                // and again: what is kept back is for when the threads that fill the heap have ended
            }
        }
    }

    /** After a while; a longer one as long as nothing runs. */
    private @Nullable Object await(long idleMillis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(EACH_MILLIS);
        synchronized (this) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(idleMillis);
            for (long left = idleMillis; watched == null && left > 0; ) {
                wait(left); // until code runs
                left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            }
            return watched;
        }
    }

    private long collecting() {
        long millis = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            millis += collector.getCollectionTime();
        }
        return millis;
    }

    private long collections() {
        long count = 0;
        for (GarbageCollectorMXBean collector : collectors) {
            count += collector.getCollectionCount();
        }
        return count;
    }

    private boolean isHeld() {
        MemoryUsage usage = old == null ? null : old.getCollectionUsage();
        return usage != null && usage.getUsed() >= HELD * usage.getMax();
    }

    /** Waits until nobody takes so much memory that it has to be collected, for some collections at most. */
    void awaitCalm() throws InterruptedException {
        long before = collections();
        for (int k = 0; k < LONGEST; k++) {
            TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
            long now = collections();
            if (now == before) {
                return;
            }
            before = now;
        }
    }
}
