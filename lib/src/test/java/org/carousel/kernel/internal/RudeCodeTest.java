package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of cells that touches what belongs to the kernel, or that goes on where nobody expects it to. */
class RudeCodeTest extends KernelCase {
    /** What an exception says of itself is code of the cell, which may run for ever, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "String getMessage() { System.out.println(\"go\"); while (true) { } }",
                "Throwable getCause() { System.out.println(\"go\"); while (true) { } }",
                "StackTraceElement[] getStackTrace() { System.out.println(\"go\"); while (true) { } }",
            })
    void anExceptionThatNeverAnswersIsInterrupted(String method) {
        ok("int kept = 7;");
        KernelProcess.Outcome outcome = interrupted("throw new RuntimeException() { public " + method + " };");
        assertEquals("Interrupted", outcome.reply().get("ename").getAsString());
        assertEquals("7", value("kept"));
    }

    private static final String BROKEN = "new PrintStream(new OutputStream() { public void write(int b) ";

    /** Streams that print nothing make way; the cell that prints into them may fail. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "System.setOut(null); System.setErr(null); System.setIn(null);",
                "System.setErr(null); int one = 1;",
                "System.out.close(); System.err.close(); System.in.close();",
                "var file = new PrintStream(new ByteArrayOutputStream()); file.close(); System.setOut(file); System.setErr(file);"
                        + " System.out.print(1); System.err.print(1);",
                "var b = " + BROKEN + "{ throw new RuntimeException(\"no\"); } }); System.setOut(b); System.setErr(b);",
                "System.setOut(" + BROKEN + "{ System.out.print((char) b); } }, true));",
                "System.setErr(" + BROKEN + "{ System.err.print((char) b); } }, true));",
            })
    void laterCellsPrintAgain(String code) {
        ok(code);
        KernelProcess.Outcome first = kernel.run("System.out.println(\"out\"); System.err.println(\"err\");");
        KernelProcess.Outcome second = kernel.run("System.out.println(\"out\"); System.err.println(\"err\"); 6 * 7");
        assertEquals("out\n", second.text("stdout"), first.error());
        assertEquals("err\n", second.text("stderr"), first.error());
        assertEquals("42", second.value());
        error("/ by zero", "int none = 1 / 0;");
    }

    @Test
    void aStreamThatNeverEndsIsInterrupted() throws InterruptedException {
        for (String method : new String[] {"flush()", "write(byte[] b, int from, int count)"}) {
            String request = kernel.begin("System.setOut(new PrintStream(new ByteArrayOutputStream()) { public void "
                    + method + " { System.err.println(\"go\"); while (true) { } } }); System.out.print(1);");
            kernel.awaitPublished(request, "stream");
            kernel.interrupt();
            assertEquals(
                    "Interrupted", kernel.await(request).reply().get("ename").getAsString());
            assertEquals("out", kernel.run("System.out.print(\"out\");").text("stdout"));
        }
    }

    @Test
    void aCellsOwnStreamHoldsUntilACellFails() {
        ok("var bytes = new ByteArrayOutputStream(); var before = System.out; System.setOut(new PrintStream(bytes));");
        assertEquals("", kernel.run("System.out.print(\"a\");").text("stdout"));
        assertEquals("a", value("bytes.toString()"));
        KernelProcess.Outcome failed = kernel.run("System.out.print(\"b\"); int none = 1 / 0; System.setOut(before);");
        assertTrue(failed.text("stderr").startsWith("System.out: into the notebook again"), failed.text("stderr"));
        assertEquals("c", kernel.run("System.out.print(\"c\");").text("stdout"));
        assertEquals("ab", value("bytes.toString()"));
    }

    @Test
    void whatEndsAThreadIsToldWhereverErrorsGo() {
        String thread =
                "Thread t = new Thread(() -> { throw new IllegalStateException(\"told\"); }); t.start(); t.join();";
        for (String stream : new String[] {"null", BROKEN + "{ throw new RuntimeException(\"no\"); } }, true)"}) {
            String told =
                    ok("{ System.setErr(" + stream + "); " + thread + " }").text("stderr");
            assertTrue(told.contains("IllegalStateException: told"), told);
            error("/ by zero", "int none = 1 / 0;"); // sets the stream back
        }
        String deep =
                "RuntimeException e = new RuntimeException(); for (int i = 0; i < 20_000; i++) e = new RuntimeException(\"n\", e);"
                        + " RuntimeException last = e; Thread t = new Thread(() -> { throw last; }); t.start(); t.join();";
        String told = ok("{ " + deep + " }").text("stderr");
        assertTrue(told.contains("java.lang.RuntimeException"), told);
    }

    @Test
    void anExceptionWithoutFramesIsTold() {
        error(
                "IllegalStateException: here",
                "throw new IllegalStateException(\"here\") { public StackTraceElement[] getStackTrace() { return new"
                        + " StackTraceElement[9]; } };");
    }

    /** The kernel logs in its own threads, where nothing could stop a handler of a cell. */
    @Test
    void handlersOfCellsHearTheirOwnLoggersOnly() {
        ok(
                """
                import java.util.logging.*;
                Logger root = Logger.getLogger("");
                List<String> heard = new ArrayList<>();
                Handler own = new Handler() {
                    public void publish(LogRecord r) { heard.add(r.getLoggerName()); System.out.println(r.getMessage()); }
                    public void flush() { }
                    public void close() { }
                };
                own.setLevel(Level.ALL);
                root.setLevel(Level.ALL);
                root.addHandler(own);
                """);
        assertEquals("42", value("6 * 7"));
        assertEquals("fine\n", ok("Logger.getLogger(\"mine\").fine(\"fine\");").text("stdout"));
        assertEquals(
                "true", value("heard.contains(\"mine\") && heard.stream().noneMatch(n -> n.endsWith(\"Channel\"))"));
        ok("root.removeHandler(own); root.setLevel(Level.INFO);");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thread.currentThread().getThreadGroup().interrupt();",
                "{ var g = Thread.currentThread().getThreadGroup(); while (g.getParent() != null) g = g.getParent(); g.interrupt(); }",
                "for (Thread t : Thread.getAllStackTraces().keySet()) t.interrupt();",
                "Thread.getAllStackTraces().keySet().forEach(Thread::interrupt);",
            })
    void aCellThatInterruptsAllThreadsEndsNoKernel(String code) {
        ok(
                "int held = 5; Thread sleeper = new Thread(() -> { try { Thread.sleep(100_000); } catch (InterruptedException e) { } });"
                        + " sleeper.start();");
        kernel.run(code);
        assertEquals("5", value("held"));
        assertEquals("false", value("sleeper.join(20_000); sleeper.isAlive()"), "its own threads are interrupted");
    }

    /** What is compiled around each snippet of a cell names some classes of Java. */
    @Test
    void aClassOfAnyNameLeavesCellsRunning(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            for (String name : new String[] {"Object", "Throwable", "String", "Class", "Exception", "Void"}) {
                KernelProcess.Outcome declared =
                        other.run("class " + name + " { }"); // Java 17 has to refuse the first two
                assertEquals("42", other.run("6 * 7").value(), name + ": " + declared.error());
                String error = other.run("int none = 1 / 0;").error();
                assertTrue(error.contains("/ by zero"), error);
            }
        }
    }

    @Test
    void whoInterruptsACompilerThatDoesNotEndIsTold(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            assertEquals("42", other.run("6 * 7").value());
            String request = other.begin("f(".repeat(100) + ")".repeat(100));
            Thread.sleep(1000);
            other.interrupt();
            String told = other.awaitText(request);
            assertTrue(told.contains("the compiler goes on with this cell"), told);
        }
    }

    @Test
    void anInterruptWhileTheKernelStartsIsNoneOfItsImports(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String request = other.begin("6 * 7");
            for (int k = 0; k < 20; k++) {
                other.interrupt();
            }
            other.await(request);
            assertEquals("[1]", other.run("List.of(1)").value());
            assertFalse(other.log().contains("Exception in thread"), other.log());
            assertEquals(0, other.shutDown());
        }
    }

    @Test
    void aValueWhoseTextNeverEndsIsInterrupted() {
        ok("int held = 5;");
        KernelProcess.Outcome outcome = interrupted(
                "new AbstractList<Integer>() { public int size() { return 5; } public Integer get(int i) { System.out.println(\"go\"); while (true) { } } }");
        assertEquals("Interrupted", outcome.reply().get("ename").getAsString());
        assertEquals("5", value("held"));
    }

    @Test
    void whatAThreadShowsAfterItsCellIsShown() {
        String request = kernel.begin(
                "new Thread(() -> { try { Thread.sleep(500); } catch (InterruptedException e) { } show(78); }).start();");
        assertEquals("ok", kernel.await(request).status());
        assertEquals(
                "78",
                kernel.awaitPublished(request, "display_data")
                        .content()
                        .getAsJsonObject("data")
                        .get("text/plain")
                        .getAsString());
    }

    /** Also while another cell runs: what it computes in the same pool goes on. */
    @Test
    void aStoppedCellInThePoolStops() {
        ok("long m = 0; long others = 0;");
        KernelProcess.Outcome outcome = interrupted(
                "System.out.println(\"go\"); CompletableFuture.runAsync(() -> { while (true) { m++; } }).join();");
        assertEquals("error", outcome.status());
        assertEquals(
                "true true",
                value(
                        """
                        var mine = CompletableFuture.runAsync(() -> { long end = System.nanoTime() + 4_000_000_000L; while (System.nanoTime() < end) { others++; } });
                        long then = -1;
                        for (int k = 0; k < 30 && then != m; k++) { then = m; Thread.sleep(100); }
                        boolean stopped = then == m;
                        mine.join();
                        stopped + " " + (others > 0)
                        """));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // has no such signal
    void theSignalInterrupts() throws Exception {
        assumeTrue(
                takesTheSignal(),
                "whoever started the tests has the signal ignored, as nohup does, and the kernel inherits it");
        String request = kernel.begin("System.out.println(\"go\"); while (true) { }");
        kernel.awaitPublished(request, "stream");
        String pid = String.valueOf(kernel.process().pid());
        assertEquals(0, new ProcessBuilder("kill", "-INT", pid).start().waitFor());
        assertEquals("Interrupted", kernel.await(request).reply().get("ename").getAsString());
        assertEquals("2", value("1 + 1"));
    }

    /** As the system says it where it does: a mask in hexadecimal digits of the signals that are ignored, the second of them INT. */
    private boolean takesTheSignal() throws IOException {
        Path status = Path.of("/proc/" + kernel.process().pid() + "/status");
        if (!Files.exists(status)) {
            return true;
        }
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("SigIgn:")) {
                return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) == 0;
            }
        }
        return true;
    }

    /** Threads whose cell is over belong to no cell that could be stopped in their place. */
    @Test
    void aHeapFilledByThreadsOfAnEarlierCellIsFreed(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String request = other.begin(
                    "new Thread(() -> { var all = new LinkedList<Integer>(); while (true) all.add(1); }).start();");
            assertEquals("ok", other.await(request).status());
            String told = "";
            while (!told.contains("OutOfMemoryError")) {
                told += other.awaitText(request);
            }
            assertTrue(told.contains("OutOfMemoryError"), told);
            assertEquals("8000000", other.run("new double[8_000_000].length").value(), "64 MB are free again");
        }
    }

    @Test
    void neitherHandlerNorHookOfACellKeepsAKernel(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            assertEquals(
                    "ok",
                    other.run("Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true) { } }));")
                            .status());
            assertEquals(0, other.shutDown(), "a hook that never ends");
        }
        try (KernelProcess other = KernelProcess.start(folder)) {
            assertEquals(
                    "true",
                    other.run(
                                    """
                                    Thread.setDefaultUncaughtExceptionHandler((t, e) -> { });
                                    Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("iothread"))
                                            .allMatch(t -> t.getUncaughtExceptionHandler() != Thread.getDefaultUncaughtExceptionHandler()
                                                    && t.getUncaughtExceptionHandler() != t.getThreadGroup())
                                    """)
                            .value());
            assertTrue(other.isAlive());
            other.process().destroyForcibly();
            other.process().onExit().get(20, TimeUnit.SECONDS);
            assertFalse(other.isAlive());
        }
    }
}
