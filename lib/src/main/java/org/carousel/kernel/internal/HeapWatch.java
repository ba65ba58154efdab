package org.carousel.kernel.internal;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the virtual machine does nothing but collect garbage that is none: while code of cells runs, and now and then
 * while none does.
 *
 * <p>A heap that is full of small objects is no OutOfMemoryError for a long time: every collection finds a little, and
 * the next one is needed at once. The heap counts as full when {@value #HELD} of its old part were still held after
 * the last of at least {@value #COLLECTIONS} collections, and these took {@value #SHARE} of the time.
 */
final class HeapWatch {
    private static final double HELD = 0.9;
    private static final double SHARE = 0.75;
    private static final int COLLECTIONS = 3;
    private static final long WINDOW_MILLIS = 500;
    private static final long EACH_MILLIS = 50;
    private static final long IDLE_MILLIS = 1000;

    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private final Runnable whenFull;
    private @Nullable Object watched;

    /** Calls back in a thread of its own, and again each time until the code has ended. It says itself what runs. */
    HeapWatch(Runnable whenFull) {
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
                Reserve.release(); // and again
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

    /** Of the place for what has grown old, the largest; when that is full, every collection is one of everything. */
    private boolean isHeld() {
        MemoryUsage old = null;
        for (MemoryPoolMXBean pool : pools) {
            MemoryUsage usage = pool.getCollectionUsage();
            if (usage != null && (old == null || usage.getMax() > old.getMax())) {
                old = usage;
            }
        }
        return old != null && old.getUsed() >= HELD * old.getMax();
    }
}
