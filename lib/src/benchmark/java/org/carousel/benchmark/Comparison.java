package org.carousel.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs our benchmarks and PyTorch's in turn, several rounds, and prints the table of medians and ratios.
 *
 * <p>Arguments: the Python to use, the folder of its scripts, the number of rounds, and the numbers of threads.
 */
public final class Comparison {
    /**
     * A benchmark of ours and the script that does the same.
     *
     * @param methods what each measures, by the name it prints
     * @param tokens of a call with a shape
     */
    private record Pair(
            Class<?> ours, String script, List<String> methods, List<String> shapes, ToIntFunction<String> tokens) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair(
                    LstmBenchmark.class,
                    "lstm.py",
                    List.of("train", "forward"),
                    List.of("1x64", "16x128", "32x256", "64x512"),
                    shape -> Integer.parseInt(shape.split("x")[0]) * TrainingStep.STEPS),
            new Pair(
                    AttentionBenchmark.class,
                    "attention.py",
                    List.of("attention"),
                    List.of("64", "256", "1024"),
                    shape -> AttentionBenchmark.BATCH * Integer.parseInt(shape)),
            new Pair(
                    BahdanauBenchmark.class,
                    "bahdanau.py",
                    List.of("bahdanau"),
                    List.of("32", "128", "256"),
                    shape -> BahdanauBenchmark.BATCH * BahdanauBenchmark.WRITTEN),
            new Pair(
                    CtcBenchmark.class,
                    "ctc.py",
                    List.of("ctc"),
                    List.of("64", "256", "1024"),
                    shape -> CtcBenchmark.BATCH * Integer.parseInt(shape)),
            new Pair(
                    LearningBenchmark.class,
                    "rtrl.py",
                    List.of("rtrl"),
                    List.of("16", "32", "64"),
                    shape -> LearningBenchmark.STEPS));
    private static final List<String> BACK_ENDS = List.of("vector", "plain");

    private final String python;
    private final Path scripts;
    private final Map<String, List<Double>> tokensPerSecond = new TreeMap<>();
    private String peer = "";

    private Comparison(String python, Path scripts) {
        this.python = python;
        this.scripts = scripts;
    }

    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[2]);
        List<String> threads = Arrays.asList(arguments).subList(3, arguments.length);
        Comparison comparison = new Comparison(arguments[0], Path.of(arguments[1]));
        for (int round = 0; round < rounds; round++) {
            for (String n : threads) {
                for (Pair pair : PAIRS) {
                    for (String shape : pair.shapes) {
                        System.err.printf(
                                "round %d of %d: %s %s, %s threads%n", round + 1, rounds, pair.script, shape, n);
                        comparison.runPeer(pair, shape, n);
                        for (String backEnd : BACK_ENDS) {
                            comparison.runOurs(pair, shape, n, backEnd);
                        }
                    }
                }
            }
        }
        comparison.print(rounds, threads);
    }

    private static String key(String who, String workload, String shape, String threads) {
        return who + " " + workload + " " + shape + " " + threads;
    }

    private void add(String key, double value) {
        tokensPerSecond.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
    }

    private void runOurs(Pair pair, String shape, String threads, String backEnd) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(pair.ours.getName() + "\\.")
                .param("shape", shape)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(3)
                .measurementTime(TimeValue.seconds(1))
                .verbosity(VerboseMode.SILENT)
                .jvmArgs("-Dcarousel.kernels=" + backEnd, "-Dcarousel.threads=" + threads);
        if (backEnd.equals("vector")) {
            options.jvmArgsAppend("--add-modules", "jdk.incubator.vector");
        }
        for (RunResult result : new Runner(options.build()).run()) {
            double microseconds = result.getPrimaryResult().getScore();
            String workload = result.getPrimaryResult().getLabel();
            add(key(backEnd, workload, shape, threads), pair.tokens.applyAsInt(shape) * 1e6 / microseconds);
        }
    }

    private void runPeer(Pair pair, String shape, String threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        python, scripts.resolve(pair.script).toString(), shape, threads)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(python + " " + pair.script + " failed; PyTorch must be installed for it");
        }
        for (String line : out.lines().toList()) {
            String[] cells = line.split(",");
            if (cells[0].equals("version")) {
                peer = cells[1];
            } else {
                add(key("peer", cells[0], cells[1], cells[2]), Double.parseDouble(cells[3]));
            }
        }
    }

    private double median(String key) {
        return median(tokensPerSecond.get(key).stream().mapToDouble(value -> value));
    }

    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private void print(int rounds, List<String> threads) throws IOException {
        System.out.printf(
                "Thousand tokens per second, median of %d rounds. Java %s, PyTorch %s, %s.%n%n",
                rounds, Runtime.version().feature(), peer, machine());
        System.out.println("| | shape | threads | PyTorch | vector | ratio | plain | ratio |");
        System.out.println("|---|---|--:|--:|--:|--:|--:|--:|");
        for (Pair pair : PAIRS) {
            for (String method : pair.methods) {
                for (String n : threads) {
                    for (String shape : pair.shapes) {
                        printRow(method, shape, n);
                    }
                }
            }
        }
    }

    private void printRow(String method, String shape, String threads) {
        double other = median(key("peer", method, shape, threads));
        double vector = median(key("vector", method, shape, threads));
        double plain = median(key("plain", method, shape, threads));
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.1f | %.1f | %.2f | %.1f | %.2f |%n",
                method,
                shape,
                threads,
                other / 1000,
                vector / 1000,
                vector / other,
                plain / 1000,
                plain / other);
    }

    /** The processor as Linux names it, elsewhere the architecture. */
    private static String machine() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        String name = System.getProperty("os.arch");
        if (Files.exists(info)) {
            try (var lines = Files.lines(info)) {
                name = lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst()
                        .orElse(name);
            }
        }
        return name + ", " + Runtime.getRuntime().availableProcessors() + " processors";
    }

    /** The largest memory that this process has had, in MB; 0 where the system does not tell. */
    static long peakMegabytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }
}
