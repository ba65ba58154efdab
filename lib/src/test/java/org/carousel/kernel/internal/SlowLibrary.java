package org.carousel.kernel.internal;

/** Code that no cell compiled, and that takes no notice of an interrupt. */
public final class SlowLibrary {
    private SlowLibrary() {}

    /** Takes its time. */
    public static void work(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
