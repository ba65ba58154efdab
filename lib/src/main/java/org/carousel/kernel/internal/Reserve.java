package org.carousel.kernel.internal;

import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory kept back for the moment when a cell has filled all of it: to tell so, and to compile the next cell, which may
 * give it free.
 */
final class Reserve {
    private static final int SIZE = 16 << 20;
    private static final int TIMES = 20;
    private static final long PAUSE_NANOS = 50_000_000;

    private static byte @Nullable [] kept;

    private Reserve() {}

    /** Keeps memory back, if there is much; in a heap that is full nearly, what is free is needed by the next cell. */
    static synchronized void fill() {
        Runtime memory = Runtime.getRuntime();
        long free = memory.maxMemory() - (memory.totalMemory() - memory.freeMemory());
        if (kept == null && free > 4 * SIZE) {
            try {
                kept = new byte[SIZE];
            } catch (OutOfMemoryError e) {
                // the cell to come may free what the one before has taken
            }
        }
    }

    /** There is none left: now this is needed. */
    static synchronized void release() {
        kept = null;
    }

    /**
     * For what has to be said also when a thread of a cell takes whatever memory becomes free: tries again for a second.
     *
     * @throws OutOfMemoryError if there is no memory for it even then
     */
    static <T> T insist(Supplier<T> saying) {
        for (int k = 0; ; k++) {
            try {
                return saying.get();
            } catch (OutOfMemoryError e) {
                release();
                if (k == TIMES) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
