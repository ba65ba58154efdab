package org.carousel.kernel.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Memory kept back for the moment when a cell has filled all of it, in two pieces: one lets the threads that wait for
 * memory come to where they are stopped, the other is to tell so, and to compile the next cell, which may give it free.
 */
final class Reserve {
    private static final int MOST = 8 << 20;
    private static final int LEAST = 1 << 20;
    private static final int PART = 8;
    private static final int PIECES = 2;
    private static final int TIMES = 20;
    private static final long PAUSE_NANOS = 50_000_000;

    private static final List<byte[]> KEPT = new ArrayList<>(PIECES);

    private Reserve() {}

    /** Keeps memory back; in a heap that is nearly full, a part of what is free, because the next cell needs the rest. */
    static synchronized void fill() {
        Runtime memory = Runtime.getRuntime();
        long free = memory.maxMemory() - (memory.totalMemory() - memory.freeMemory());
        int size = (int) Math.min(MOST, free / PART);
        KEPT.removeIf(piece -> piece.length < size / 2); // of a time when less was free
        try {
            while (size >= LEAST && KEPT.size() < PIECES) {
                KEPT.add(new byte[size]);
            }
        } catch (OutOfMemoryError e) {
            // the cell to come may free what the one before has taken
        }
    }

    /** There is none left: now a piece of this is needed. */
    static synchronized void release() {
        if (!KEPT.isEmpty()) {
            KEPT.remove(KEPT.size() - 1);
        }
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
