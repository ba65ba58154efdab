package org.carousel.kernel.internal;

import io.github.spencerpark.jupyter.messages.ContentType;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a cell: its number and where its output goes.
 *
 * <p>A thread belongs to the cell that started it. When that cell is over and another one runs, what the thread prints
 * goes to that one: front ends that execute a notebook drop what comes for a cell that is over.
 */
final class Cell {
    private static final InheritableThreadLocal<@Nullable Cell> OWNER = new InheritableThreadLocal<>();
    private static volatile @Nullable Cell running;

    private final int number;
    private final Output output;
    private final @Nullable Replies replies;
    private volatile boolean interrupted;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    /** The number of the first thread that it started. */
    volatile long firstThread = Long.MAX_VALUE;

    /** The number of the first thread of the next cell. */
    volatile long nextThread = Long.MAX_VALUE;

    /** A cell that shows nothing but text. */
    Cell(int number, Output output) {
        this.number = number;
        this.output = output;
        this.replies = null;
    }

    Cell(int number, Replies replies) {
        this.number = number;
        this.output = replies.output();
        this.replies = replies;
    }

    /** Shows something else than text; as text, also after the cell is over. */
    <T extends ContentType<T>> void show(T content) {
        if (replies != null) {
            replies.publish(content);
        }
    }

    int number() {
        return number;
    }

    Output output() {
        return output;
    }

    /** The cell of this thread; for the common pool, whose threads work for everybody, the one that runs now. */
    static @Nullable Cell current() {
        Cell owner = owner();
        Cell now = running;
        return owner == null || (owner.ended && now != null) ? now : owner;
    }

    /** The cell that started this thread; null for a thread of the common pool. */
    static @Nullable Cell owner() {
        return Thread.currentThread() instanceof ForkJoinWorkerThread ? null : OWNER.get();
    }

    static @Nullable Cell running() {
        return running;
    }

    /** This thread and those that it will start belong to the cell from now on. */
    void adopt() {
        OWNER.set(this);
        thread = Thread.currentThread();
    }

    /** Whether this thread is the one that runs its statements, and none that they have started. */
    boolean isRunByThisThread() {
        return thread == Thread.currentThread();
    }

    /** Asks it to end before its next snippet. */
    void interrupt() {
        interrupted = true;
    }

    /** It may go on after all. */
    void goOn() {
        interrupted = false;
    }

    boolean isInterrupted() {
        return interrupted;
    }

    boolean hasEnded() {
        return ended;
    }

    void begin() {
        running = this;
    }

    void end() {
        ended = true;
        running = null;
    }
}
