package org.carousel.kernel.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A long session, by hand: {@code java -cp TEST-CLASS-PATH org.carousel.kernel.internal.Soak [CELLS [CLASSES [RESTARTS]]]}. Prints
 * how long cells take and what the kernel holds; {@link SoakTest} runs a short one.
 */
final class Soak {
    /** What was measured after some cells: the median time of those since the last line, and what is held. */
    record Line(int cells, double medianMillis, double heapMegabytes, double metaspaceMegabytes, long threads) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%6d cells  median %6.1f ms  heap after collection %6.1f MB  classes %6.1f MB  threads %d",
                    cells,
                    medianMillis,
                    heapMegabytes,
                    metaspaceMegabytes,
                    threads);
        }
    }

    private static final String HELD =
            """
            try { long[] all = new long[60_000_000]; } catch (OutOfMemoryError e) { } // caches that are given up go
            System.gc(); System.gc();
            double heap = 0, classes = 0;
            for (var pool : java.lang.management.ManagementFactory.getMemoryPoolMXBeans()) {
                double used = pool.getUsage().getUsed() / 1e6;
                if (pool.getType() == java.lang.management.MemoryType.HEAP) heap += used;
                else if (!pool.getName().startsWith("Code")) classes += used;
            }
            System.out.println(heap + " " + classes + " " + Thread.activeCount());
            """;

    private Soak() {}

    /** A mixture of what sessions are made of. */
    static String cell(int k) {
        return switch (k % 10) {
            case 0 -> "int counter = " + k + ";";
            case 1 -> "counter * 2";
            case 2 -> "double[] big = new double[100_000]; big[0] = " + k + "; big.length";
            case 3 -> "long total = 0; for (int i = 0; i < 1000; i++) total += i * counter; total";
            case 4 -> "System.out.println(\"cell \" + counter);";
            case 5 -> "int twice(int x) { return " + (k % 7 + 2) + " * x; }";
            case 6 -> "twice(counter)";
            case 7 -> "record Point(int x, int y) { int sum() { return x + y + " + k % 3 + "; } }";
            case 8 -> "List.of(new Point(1, counter), new Point(2, 3)).stream().mapToInt(Point::sum).sum()";
            default -> "try { Integer.parseInt(\"x\"); } catch (NumberFormatException e) { counter++; }";
        };
    }

    static Line measured(KernelProcess kernel, int cells, List<Double> millis) {
        String[] held = ok(kernel, HELD).text("stdout").strip().split(" ", -1);
        double[] sorted = millis.stream().mapToDouble(x -> x).sorted().toArray();
        return new Line(
                cells,
                sorted[sorted.length / 2],
                Double.parseDouble(held[0]),
                Double.parseDouble(held[1]),
                Long.parseLong(held[2]));
    }

    static KernelProcess.Outcome ok(KernelProcess kernel, String code) {
        KernelProcess.Outcome outcome = kernel.run(code);
        if (!outcome.status().equals("ok")) {
            throw new AssertionError(code + "\n" + outcome.error());
        }
        return outcome;
    }

    /** Runs many cells in one session; a line for each so many. */
    static List<Line> session(KernelProcess kernel, int cells, int each) {
        List<Line> lines = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        for (int k = 0; k < cells; k++) {
            long start = System.nanoTime();
            ok(kernel, cell(k));
            millis.add((System.nanoTime() - start) / 1e6);
            if ((k + 1) % each == 0) {
                Line line = measured(kernel, k + 1, millis);
                lines.add(line);
                millis.clear();
                System.out.println(line);
            }
        }
        return lines;
    }

    /** Starts and ends kernels; gives what is left of them: processes and files. */
    static List<String> restarts(Path folder, int count) throws IOException, InterruptedException {
        List<String> left = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Path place = Files.createDirectories(folder.resolve("restart" + k));
            long start = System.nanoTime();
            try (KernelProcess kernel = KernelProcess.start(place)) {
                ok(kernel, "1 + 1");
                millis.add((System.nanoTime() - start) / 1e6);
                if (k % 3 == 0) {
                    kernel.begin("while (true) { }");
                }
                if (kernel.shutDown() != 0 || kernel.isAlive()) {
                    left.add("kernel " + k);
                }
            }
            try (var files = Files.list(place)) {
                files.map(f -> String.valueOf(f.getFileName()))
                        .filter(f -> !List.of("connection.json", "log", "history", "history.lock")
                                .contains(f))
                        .forEach(left::add);
            }
        }
        double[] sorted = millis.stream().mapToDouble(x -> x).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%d restarts: median %.0f ms to the first value, left behind: %s%n",
                count,
                sorted[sorted.length / 2],
                left);
        return left;
    }

    /** Everything. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int[] numbers = {5000, 500, 30};
        for (int k = 0; k < args.length; k++) {
            numbers[k] = Integer.parseInt(args[k]);
        }
        Path folder = Files.createTempDirectory("soak");
        try (KernelProcess kernel = KernelProcess.start(Files.createDirectories(folder.resolve("session")))) {
            List<Double> none = new ArrayList<>(Arrays.asList(0.0));
            System.out.println(measured(kernel, 0, none));
            session(kernel, numbers[0], Math.max(1, numbers[0] / 10));
            long start = System.nanoTime();
            int length = ok(kernel, "for (int i = 0; i < 20_000_000 / 80; i++) System.out.println(\"x\".repeat(79));")
                    .text("stdout")
                    .length();
            System.out.printf(
                    Locale.ROOT,
                    "20 MB of output: %d characters in %.1f s%n",
                    length,
                    (System.nanoTime() - start) / 1e9);
            for (boolean same : new boolean[] {false, true}) {
                start = System.nanoTime();
                for (int k = 0; k < numbers[1]; k++) {
                    ok(
                            kernel,
                            "class " + (same ? "Same" : "Own" + k) + " { int x = " + k + "; int f() { return x; } }");
                }
                none.set(0, (System.nanoTime() - start) / 1e6 / numbers[1]);
                System.out.println((same ? "one class redefined " : "classes ") + numbers[1] + " times: "
                        + measured(kernel, numbers[1], none));
            }
        }
        restarts(folder, numbers[2]);
    }
}
