package org.carousel.kernel.internal;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the loops and methods of cells call, so that they can be stopped; {@link SnippetChecks} puts the calls into
 * their classes.
 *
 * <p>The call is one call site whose target does nothing. The compiler of the virtual machine takes the target for a
 * constant, so a compiled loop holds no trace of it and costs what it did before. To stop a cell the target is changed:
 * the machine then discards the compiled loops at their next safepoint and goes on in code that calls the new target,
 * which throws. Public because the classes of cells link to it; not for use by hand.
 */
public final class Interrupts {
    private static final MethodHandle NOTHING = handle("nothing");
    private static final MethodHandle STOP = handle("stop");
    private static final MutableCallSite CHECK = new MutableCallSite(NOTHING);
    private static final MutableCallSite[] CHECKS = {CHECK};

    /** Of the kernel's own threads, and of those of the socket library. */
    private static final ThreadGroup KERNEL =
            Objects.requireNonNull(Thread.currentThread().getThreadGroup());

    /** Of the threads of cells, and so of all that these start. */
    static final ThreadGroup CELLS = new ThreadGroup(KERNEL, "cells");

    private static final Set<Cell> STOPPED = ConcurrentHashMap.newKeySet();
    private static volatile boolean orphans;
    private static volatile @Nullable Cell starved;
    private static volatile boolean ended;

    private Interrupts() {}

    /** The call site that all checks share. */
    public static CallSite check(MethodHandles.Lookup caller, String name, MethodType type) {
        return CHECK;
    }

    /**
     * Takes the place of {@link System#exit} in cells, which would end the kernel and lose every variable.
     *
     * @throws CellError always
     */
    @SuppressWarnings("DoNotCallSuggester") // the calls are put in where nobody sees them
    public static void exit(int status) {
        throw new CellError(
                "System.exit(" + status + ") would end the kernel and lose all variables: leave the cell with"
                        + " return or an exception; to restart, use the Kernel menu");
    }

    /** As {@link #exit(int)}, for {@link Runtime#exit}. */
    public static void exit(Runtime runtime, int status) {
        exit(status);
    }

    /** As {@link #exit(int)}, for {@link Runtime#halt}. */
    public static void halt(Runtime runtime, int status) {
        exit(status);
    }

    /**
     * Takes the place of {@link Thread#interrupt} in cells. A cell that interrupts all threads means its own: those of the
     * kernel and of its socket library would end, and with them the process.
     */
    public static void interrupt(Thread thread) {
        if (!KERNEL.equals(thread.getThreadGroup())) {
            thread.interrupt();
        }
    }

    /** As {@link #interrupt(Thread)}, for {@link ThreadGroup#interrupt}. */
    public static void interrupt(ThreadGroup group) {
        Thread[] all = new Thread[2 * group.activeCount() + 16]; // some may begin meanwhile
        int count = group.enumerate(all);
        for (int k = 0; k < count; k++) {
            interrupt(all[k]);
        }
    }

    /** Whether a cell has started this thread, and nothing of the kernel or its socket library. */
    static boolean isOfCells(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && CELLS.parentOf(group); // a thread that has ended has none
    }

    /** From now on the code of this cell throws {@link CellInterrupted} at its next check, in every thread. */
    static synchronized void stop(Cell cell) {
        STOPPED.add(cell);
        arm();
    }

    /** As {@link #stop}, while there is no memory: nothing is made for it, and threads that the cell has started end first. */
    static synchronized void stopWithoutMemory(Cell cell) {
        ended = false;
        starved = cell;
        arm();
    }

    /** Whether that has ended threads of the cell. */
    static boolean hasEndedThreads() {
        return ended;
    }

    static boolean isWithoutMemory(Cell cell) {
        return starved == cell;
    }

    /** Whether threads whose cell is over end at their next check, because there is no memory left for them. */
    static synchronized void stopOrphans(boolean stop) {
        orphans = stop;
        arm();
    }

    private static void arm() {
        MethodHandle target = STOPPED.isEmpty() && !orphans && starved == null ? NOTHING : STOP;
        if (CHECK.getTarget() != target) {
            CHECK.setTarget(target);
            MutableCallSite.syncAll(CHECKS);
        }
    }

    /** The code of this cell may run, or nothing of it is left. */
    static synchronized void goOn(Cell cell) {
        STOPPED.remove(cell);
        if (starved == cell) {
            starved = null;
        }
        arm();
    }

    @SuppressWarnings("UnusedMethod") // found by its name
    private static void nothing() {}

    /**
     * Threads of the common pool belong to the cell that runs, but for those whose code is a stopped one's; while none
     * runs, to those that are stopped.
     */
    @SuppressWarnings("UnusedMethod")
    private static void stop() {
        Cell owner = Cell.owner();
        Cell cell = owner == null ? Cell.running() : owner;
        if (cell != null && cell == starved && !cell.isRunByThisThread()) {
            ended = true;
            throw CellInterrupted.WITHOUT_MEMORY;
        }
        if (cell == null || cell == starved || STOPPED.contains(cell) || (owner == null && isOfStopped())) {
            throw new CellInterrupted();
        }
        if (orphans && owner != null && owner.hasEnded()) {
            throw new OutOfMemoryError("the heap is full, and the cell of this thread is over");
        }
    }

    private static boolean isOfStopped() {
        Set<Integer> numbers = STOPPED.stream().map(Cell::number).collect(Collectors.toSet());
        return StackWalker.getInstance()
                .walk(frames ->
                        frames.anyMatch(f -> numbers.contains(Traces.cell(f.getClassName(), f.getMethodName()))));
    }

    private static MethodHandle handle(String name) {
        try {
            return MethodHandles.lookup().findStatic(Interrupts.class, name, MethodType.methodType(void.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
