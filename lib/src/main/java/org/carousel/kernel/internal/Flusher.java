package org.carousel.kernel.internal;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread for what has to happen a little later. It sleeps while nothing is planned. */
final class Flusher {
    private static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "kernel-timer");
        thread.setDaemon(true);
        return thread;
    });

    private Flusher() {}

    static void after(long millis, Runnable task) {
        ScheduledFuture<?> unused = TIMER.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
}
