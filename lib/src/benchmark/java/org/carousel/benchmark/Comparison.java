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
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link LstmBenchmark} and {@code lstm.py} in turn, several rounds, and prints the table of medians and ratios.
 *
 * <p>Arguments: the Python to use, the script, the number of rounds, and the numbers of threads.
 */
public final class Comparison {
    private static final List<String> SHAPES = List.of("1x64", "16x128", "32x256", "64x512");
    private static final List<String> WORKLOADS = List.of("train", "forward");
    private static final List<String> BACK_ENDS = List.of("vector", "plain");

    private final String python;
    private final String script;
    private final Map<String, List<Double>> tokensPerSecond = new TreeMap<>();
    private String peer = "";

    private Comparison(String python, String script) {
        this.python = python;
        this.script = script;
    }

    public static void main(String[] arguments) throws RunnerException, IOException, InterruptedException {
        int rounds = Integer.parseInt(arguments[2]);
        List<String> threads = Arrays.asList(arguments).subList(3, arguments.length);
        Comparison comparison = new Comparison(arguments[0], arguments[1]);
        for (int round = 0; round < rounds; round++) {
            for (String n : threads) {
                for (String shape : SHAPES) {
                    System.err.printf("round %d of %d: %s, %s threads%n", round + 1, rounds, shape, n);
                    comparison.runPeer(shape, n);
                    for (String backEnd : BACK_ENDS) {
                        comparison.runOurs(shape, n, backEnd);
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

    private void runOurs(String shape, String threads, String backEnd) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(LstmBenchmark.class.getName())
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
        int batch = Integer.parseInt(shape.split("x")[0]);
        for (RunResult result : new Runner(options.build()).run()) {
            double microseconds = result.getPrimaryResult().getScore();
            String workload = result.getPrimaryResult().getLabel();
            add(key(backEnd, workload, shape, threads), batch * LstmBenchmark.STEPS * 1e6 / microseconds);
        }
    }

    private void runPeer(String shape, String threads) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python, script, shape, threads)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(python + " " + script + " failed; PyTorch must be installed for it");
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
        List<Double> values = new ArrayList<>(tokensPerSecond.get(key));
        values.sort(null);
        int n = values.size();
        return (values.get((n - 1) / 2) + values.get(n / 2)) / 2;
    }

    private void print(int rounds, List<String> threads) throws IOException {
        System.out.printf(
                "Thousand tokens per second, median of %d rounds. Java %s, PyTorch %s, %s.%n%n",
                rounds, Runtime.version().feature(), peer, machine());
        System.out.println("| | B | H | threads | PyTorch | vector | ratio | plain | ratio |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (String workload : WORKLOADS) {
            for (String n : threads) {
                for (String shape : SHAPES) {
                    double other = median(key("peer", workload, shape, n));
                    double vector = median(key("vector", workload, shape, n));
                    double plain = median(key("plain", workload, shape, n));
                    System.out.printf(
                            Locale.ROOT,
                            "| %s | %s | %s | %s | %.1f | %.1f | %.2f | %.1f | %.2f |%n",
                            workload,
                            shape.split("x")[0],
                            shape.split("x")[1],
                            n,
                            other / 1000,
                            vector / 1000,
                            vector / other,
                            plain / 1000,
                            plain / other);
                }
            }
        }
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
}
