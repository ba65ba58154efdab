package org.carousel.kernel.internal;

import org.jspecify.annotations.Nullable;

/**
 * Memory kept back for the moment when a cell has filled all of it: to tell so, and to compile the next cell, which may
 * give it free.
 */
final class Reserve {
    private static final int SIZE = 16 << 20;

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
}
