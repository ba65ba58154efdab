package org.carousel.kernel.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** What is left of a cell that was stopped, of a kernel that was killed, of memory that ran out. */
class RuinsTest extends KernelCase {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thread th = new Thread(() -> { while (true) { m++; } }); th.start(); System.out.println(\"go\"); th.join();",
                "var two = Executors.newFixedThreadPool(2); System.out.println(\"go\"); two.submit(() -> { while (true) m++; }).get();",
                "System.out.println(\"go\"); CompletableFuture.runAsync(() -> { while (true) m++; }).get();",
                "System.out.println(\"go\"); CompletableFuture.runAsync(() -> { while (true) m++; }).join();",
            })
    void theThreadsOfAStoppedCellStop(String code) throws InterruptedException {
        ok("long m = 0;");
        assertEquals("Interrupted", interrupted(code).reply().get("ename").getAsString());
        boolean still = false;
        for (int k = 0; k < 20 && !still; k++) { // by cells: threads of the common pool are stopped while none runs
            ok("long then = m; Thread.sleep(300);");
            still = value("m == then").equals("true");
        }
        assertTrue(still, "a thread goes on");
        assertEquals("499500", value("long sum = 0; for (int i = 0; i < 1000; i++) sum += i; sum"), "loops run again");
    }

    /** A loop whose body is longer in a library than the kernel waits ends when the library comes back. */
    @Test
    void aLoopAroundASlowLibraryEnds() {
        ok("int turns = 0;");
        String error = interrupted(
                        "System.out.println(\"go\"); while (true) { org.carousel.kernel.internal.SlowLibrary.work(6500); turns++; }")
                .error();
        assertTrue(error.contains("the code of a library goes on in its thread"), error);
        assertEquals("1", value("Thread.sleep(4000); turns"));
        assertEquals("1", value("Thread.sleep(4000); turns"), "the loop has ended");
    }

    @Test
    void aStopWhileTheKernelStartsTakesNothingFromIt(@TempDir Path folder) throws IOException {
        try (KernelProcess other =
                KernelProcess.start(folder, Map.of("IJAVA_STARTUP_SCRIPT", "int ofScript = 7;"), List.of())) {
            String request = other.begin("Thread.sleep(20_000);");
            other.awaitPublished(request, "status");
            other.interrupt();
            assertTrue(other.await(request).error().contains("interrupted"));
            assertEquals("x", other.run("printf(\"x\");").text("stdout"), "a helper of IJava");
            assertEquals("7", other.run("ofScript").value());
        }
    }

    @Test
    void aStartThatFailsIsTold(@TempDir Path folder) throws IOException {
        try (KernelProcess other =
                KernelProcess.start(folder, Map.of("IJAVA_STARTUP_SCRIPT", "int ofScript = nowhere;"), List.of())) {
            KernelProcess.Outcome first = other.run("1 + 1");
            assertEquals("2", first.value());
            String told = other.log() + first.text("stderr"); // whether a cell waits already or not
            assertTrue(told.contains("At the start of the kernel: CompilationError: cannot find symbol"), told);
            assertFalse(told.contains("Evaluator.java"), told);
        }
    }

    @Test
    void exitIsNoEndInAnyForm() {
        error("would end the kernel", "java.util.function.IntConsumer end = System::exit; end.accept(3);");
        error("would end the kernel", "List.of(1).forEach(System::exit);");
        error("would end the kernel", "((java.util.function.IntConsumer) Runtime.getRuntime()::exit).accept(3)");
        error(
                "would end the kernel",
                "BiConsumer<Runtime, Integer> halt = Runtime::halt; halt.accept(Runtime.getRuntime(), 3);");
    }

    /** Arrays of 4 kB: smaller ones fill the memory as well, but collecting them takes seconds of a busy machine. */
    @Test
    void goesOnAfterAllMemoryWasFilled(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String error = other.run("var hogs = new ArrayList<Object>(); while (true) hogs.add(new int[1000]);")
                    .error();
            assertTrue(error.contains("OutOfMemoryError"), error);
            assertTrue(error.contains("but variables hold 2"), "it says who has it: " + error);
            assertEquals("2", other.run("1 + 1").value(), "a small cell runs beside them");
            assertEquals("7", other.run("hogs = null; 7").value());
            assertEquals("8000000", other.run("new double[8_000_000].length").value(), "64 MB are free again");
            String large = other.run("long[] all = new long[60_000_000];").error();
            assertTrue(large.contains("without what the cell was making"), large);
        }
    }

    /** The virtual machine would collect garbage for minutes; the kernel sees it and stops the cell. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "var all = new LinkedList<Integer>(); while (true) all.add(1);",
                "record Node(Node next) {} Node all = null; while (true) all = new Node(all);"
            })
    void aHeapFullOfSmallObjectsEndsTheCell(String code, @TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String error = other.run(code).error();
            assertTrue(error.startsWith("OutOfMemoryError: "), error);
            assertTrue(error.matches("(?s).*but variables hold (1[5-9]|2)\\d+ MB.*"), "it says who has it: " + error);
            assertEquals(!code.contains("Node"), error.contains("most elements in all ("), error);
            assertTrue(error.contains("-Xmx"), "and what to do: " + error);
            assertEquals("2", other.run("1 + 1").value(), "a small cell runs beside them");
            assertEquals("7", other.run("all = null; 7").value());
            assertEquals("8000000", other.run("new double[8_000_000].length").value(), "64 MB are free again");
        }
    }

    /** They fill it while the statement that waits for them is compiled, and run on when one of them has ended. */
    @Test
    void severalThreadsThatFillTheHeapEndWithTheirCell(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String error = other.run(
                            """
                            class Node { final Node next; Node(Node next) { this.next = next; } }
                            var all = new Node[4][1];
                            var threads = new ArrayList<Thread>();
                            for (Node[] own : all) {
                                threads.add(new Thread(() -> { while (true) own[0] = new Node(own[0]); }));
                            }
                            threads.forEach(Thread::start);
                            for (Thread thread : threads) thread.join();""")
                    .error();
            assertTrue(error.startsWith("OutOfMemoryError: "), error);
            assertEquals("2", other.run("1 + 1").value(), "a small cell runs beside what they have made");
            assertEquals("7", other.run("all = null; threads = null; 7").value());
            assertEquals("8000000", other.run("new double[8_000_000].length").value(), "64 MB are free again");
        }
    }

    @Test
    void aMessageThatIsTooLargeIsRefused(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            String large = "\"" + "x".repeat((int) Connection.LARGEST_MESSAGE + 1) + "\"";
            other.sendRaw("unsigned", "{}", "{}", "{}", large);
            TimeUnit.SECONDS.sleep(1);
            assertTrue(other.isAlive(), "the connection ends, not the kernel");
        }
    }

    /** What ends a thread of the socket library leaves the kernel deaf or mute: front ends start another process instead. */
    @Test
    void aBrokenChannelEndsTheProcess(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder)) {
            assertEquals(
                    "1",
                    other.run(
                                    "var own = new Thread(() -> { throw new OutOfMemoryError(); }, \"own\"); own.start(); own.join(); 1")
                            .value(),
                    "a thread of a cell may end so");
            other.begin("new Thread(() -> { throw new OutOfMemoryError(); }, \"iothread-2\").start();");
            other.process().onExit().get(20, TimeUnit.SECONDS);
            assertFalse(other.isAlive());
        }
    }

    /** A front end that is connected and reads nothing costs memory up to a limit, and then the cell, not the kernel. */
    @Test
    void outputThatNobodyReadsHasALimit(@TempDir Path folder) throws Exception {
        try (KernelProcess other = KernelProcess.start(folder);
                ZContext context = new ZContext()) {
            ZMQ.Socket sleeper = context.createSocket(SocketType.SUB);
            sleeper.setRcvHWM(1);
            sleeper.subscribe(new byte[0]);
            sleeper.connect("tcp://127.0.0.1:" + other.port("iopub_port"));
            TimeUnit.SECONDS.sleep(1);
            String error = other.run("String line = \"x\".repeat(9999); while (true) System.out.println(line);")
                    .error();
            assertTrue(error.contains("MB of output wait for a front end that does not read them"), error);
            KernelProcess.Outcome next = other.run("System.out.println(\"said\"); 2 + 2");
            assertEquals("said\n4", next.text("stdout") + next.value(), "the others are served");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS) // the server is a shell
    void endsWithTheServerThatStartedIt(@TempDir Path folder) throws Exception {
        List<String> launcher = List.of("sh", "-c", "JPY_PARENT_PID=$$ \"$@\" & wait", "sh");
        try (KernelProcess other = KernelProcess.start(folder, Map.of(), launcher)) {
            ProcessHandle server = other.process();
            List<ProcessHandle> kernels = new ArrayList<>(server.children().toList());
            assertEquals(1, kernels.size());
            server.destroyForcibly();
            kernels.get(0).onExit().get(20, TimeUnit.SECONDS);
            assertFalse(kernels.get(0).isAlive());
        }
    }

    // ------------------------------------------------------------------ history

    @Test
    void aLargeOrDamagedHistoryIsNoHindrance(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("history");
        try (var out = Files.newOutputStream(file)) {
            byte[] line = ("[1,1,\"" + "x".repeat(1 << 20) + "\",\"\"]\n").getBytes(StandardCharsets.UTF_8);
            for (int k = 0; k < 400; k++) { // more than the heap of the kernel
                out.write(line);
            }
            out.write("[2,1,\"a\",\"\"]\n[2,2,\"b".getBytes(StandardCharsets.UTF_8));
            out.write(0xFF);
        }
        CellHistory after = new CellHistory(HistoryFile.of(file));
        after.add(1, "c", "");
        assertTrue(Files.size(file) < 5 << 20, "shortened to " + Files.size(file));
        CellHistory last = new CellHistory(HistoryFile.of(file));
        List<String> inputs = last.lookupTail(2, java.util.Set.of()).stream()
                .map(e -> e.getInput())
                .toList();
        assertEquals(List.of("a", "c"), inputs, "the half line spoils neither the one before nor the one after");
    }

    @Test
    void twoKernelsAtOnceAreTwoSessions(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("history");
        CellHistory first = new CellHistory(HistoryFile.of(file));
        CellHistory second = new CellHistory(HistoryFile.of(file));
        first.add(1, "mine", "");
        second.add(1, "yours", "");
        CellHistory third = new CellHistory(HistoryFile.of(file));
        assertEquals(
                List.of(1, 2),
                third.lookupTail(10, java.util.Set.of()).stream()
                        .map(e -> e.getSession())
                        .toList());
    }
}
