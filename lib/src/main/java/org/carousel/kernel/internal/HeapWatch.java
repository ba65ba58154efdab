package org.carousel.kernel.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Looks whether the virtual machine does nothing but collect garbage that is none: while code of cells runs, and now and then
 * while none does.
 *
 * <p>A heap that is full of small objects is no OutOfMemoryError for a long time: every collection finds a little, and
 * the next one is needed at once. The heap counts as full when {@value #HELD} of it are taken although there were at least
 * {@value #COLLECTIONS} collections, and these took {@value #SHARE} of the time. Not more of it: the collector of
 * Java 25 leaves some hundredths to nobody, and the kernel needs some, too.
 *
 * <p>For that case nothing here makes an object.
 */
final class HeapWatch {
    private static final double HELD = 0.85;
    private static final double SHARE = 0.75;
    private static final int COLLECTIONS = 2;
    private static final long WINDOW_MILLIS = 500;
    private static final long EACH_MILLIS = 20; // a thread fills a gigabyte in a second
    private static final long IDLE_MILLIS = 500;
    private static final long CALM_MILLIS = 100;
    private static final int LONGEST = 8;

    private final GarbageCollectorMXBean[] collectors =
            ManagementFactory.getGarbageCollectorMXBeans().toArray(GarbageCollectorMXBean[]::new);

    private final WhenFull whenFull;

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

    private void watch() {
        Cell cell = null;
        long began = 0;
        long collected = 0;
        long collections = 0;
        boolean works = true;
        while (true) {
            try {
                TimeUnit.MILLISECONDS.sleep(works && cell == null ? IDLE_MILLIS : EACH_MILLIS);
                Cell now = Cell.running();
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
                works = millis >= WINDOW_MILLIS && collecting() - collected < SHARE * millis;
                if (now != cell || works) {
                    cell = now;
                    began = System.nanoTime();
                    collected = collecting();
                    collections = collections();
                } else if (millis >= WINDOW_MILLIS && collections() - collections >= COLLECTIONS && isTaken(HELD)) {
                    whenFull.run();
                }
            } catch (InterruptedException e) {
                return;
            } catch (OutOfMemoryError e) {
                // and again: what is kept back is for when the threads that fill the heap have ended
            }
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

    /** Whether at least so large a part of the heap is taken, 0 to 1; what nobody needs any more counts, too. */
    static boolean isTaken(double share) {
        Runtime memory = Runtime.getRuntime();
        return memory.totalMemory() - memory.freeMemory() >= share * memory.maxMemory();
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
