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
                told += other.awaitPublished(request, "stream")
                        .content()
                        .get("text")
                        .getAsString();
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
