package org.carousel.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.BertPretraining;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.layers.Affine;
import org.carousel.layers.Convolution;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.CellStream;
import org.carousel.recurrent.ConvLstm;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.LayerNormLstm;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.MLstm;
import org.carousel.recurrent.SLstm;
import org.carousel.recurrent.Stacked;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.recurrent.images.MultidimensionalLstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;

/**
 * Training steps of everything but the plain LSTM, beside PyTorch's: each row in a Java and a Python of its own, in turn.
 *
 * <p>Arguments: the Python to use, the script, the number of threads, the number of rounds, and names of rows (all of
 * them when there are none). The script says which of its forms was the fastest. {@code CAROUSEL_CLOCK=cpu} takes the
 * processor time of the calling thread for both, which is for one thread on a machine that others use, too.
 */
public final class SpeedTable {
    private static final int CLASSES = 64;
    private static final Map<String, Function<RandomStream, Runnable>> ROWS = new LinkedHashMap<>();

    static {
        ROWS.put("mlstm", random -> cell(MLstm.of(64, 64, random), 16, 64, random));
        ROWS.put("mlstm-parallel", ROWS.get("mlstm")); // beside PyTorch with all steps at once
        ROWS.put("embedding", random -> words(50_000, 128, 64, CLASSES, 16, 32, random));
        ROWS.put("adam", SpeedTable::adam);
        ROWS.put("convolution", SpeedTable::convolution);
        ROWS.put("layer-norm-lstm", random -> cell(LayerNormLstm.of(128, 128, random), 16, 64, random));
        ROWS.put("slstm", random -> cell(SLstm.of(128, 128, random), 16, 64, random));
        ROWS.put("transformer", SpeedTable::transformer);
        ROWS.put("conv-lstm", SpeedTable::convLstm);
        ROWS.put("bert", SpeedTable::bert);
        ROWS.put("stacked", random -> cell(stacked(random), 16, 64, random));
        ROWS.put("language-model", random -> words(10_000, 256, 256, 10_000, 32, 32, random));
        ROWS.put("gru", random -> cell(Gru.of(256, 256, random), 32, 64, random));
        ROWS.put("bidirectional", SpeedTable::bidirectional);
        ROWS.put("elman", random -> cell(Elman.of(128, 128, random), 16, 64, random));
        ROWS.put("peephole", random -> cell(Variants.named("vanilla").cell(128, 128, random), 16, 64, random));
        ROWS.put("stream", SpeedTable::stream);
        ROWS.put("md-lstm", SpeedTable::multidimensional);
    }

    private SpeedTable() {}

    private interface Model {
        Tensor loss();
    }

    private static Runnable training(Parameters parameters, Optimizer optimizer, Model model) {
        return () -> {
            parameters.clearGradients();
            model.loss().backward();
            optimizer.step(parameters, 1);
        };
    }

    private static int[] targets(int n, int classes, RandomStream random) {
        int[] targets = new int[n];
        Arrays.setAll(targets, i -> random.nextInt(classes));
        return targets;
    }

    private static int[][] tokens(int rows, int steps, int words, RandomStream random) {
        int[][] all = new int[rows][];
        Arrays.setAll(all, b -> targets(steps, words, random));
        return all;
    }

    private static <S> Runnable cell(Cell<S> cell, int batch, int steps, RandomStream random) {
        return sequence(Parameters.of("cell", cell), cell.hiddenSize(), batch, steps, cell.inputSize(), random, x -> {
            return cell.run(x).h();
        });
    }

    private static Runnable sequence(
            Parameters body,
            int outputs,
            int batch,
            int steps,
            int inputs,
            RandomStream random,
            Function<Tensor, Tensor> run) {
        Affine head = Affine.of(outputs, CLASSES, random.split("head"));
        Tensor x = Tensor.normal(random.split("x"), 1, batch, steps, inputs);
        int[] targets = targets(batch * steps, CLASSES, random);
        return training(body.and("head", head), Optimizer.sgd(0.05), () -> {
            return Loss.crossEntropy(head.apply(run.apply(x)), targets);
        });
    }

    private static Cell<?> stacked(RandomStream random) {
        return Stacked.of(
                Lstm.of(256, 256, random.split(0)),
                Lstm.of(256, 256, random.split(1)),
                Lstm.of(256, 256, random.split(2)));
    }

    private static Runnable bidirectional(RandomStream random) {
        var both = new Bidirectional<>(Lstm.of(128, 128, random.split(0)), Lstm.of(128, 128, random.split(1)));
        return sequence(Parameters.of("both", both), 256, 32, 64, 128, random, x -> both.run(x)
                .h());
    }

    private static Runnable words(
            int words, int size, int hidden, int classes, int batch, int steps, RandomStream random) {
        Embedding embedding = Embedding.of(words, size, random.split("embedding"));
        Lstm lstm = Lstm.of(size, hidden, random.split("lstm"));
        Affine head = Affine.of(hidden, classes, random.split("head"));
        int[][] tokens = tokens(batch, steps, words, random);
        int[] targets = targets(batch * steps, classes, random);
        Parameters all = Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);
        return training(all, Optimizer.sgd(0.05), () -> {
            return Loss.crossEntropy(head, lstm.run(embedding.apply(tokens)).h(), targets);
        });
    }

    /** The update alone, of 4 matrices of 2²⁰ weights. */
    private static Runnable adam(RandomStream random) {
        Parameters all = Parameters.none();
        for (int k = 0; k < 4; k++) {
            Tensor p = Tensor.normal(random.split(k), 1, 1024, 1024);
            all = all.and("p" + k, p);
            p.times(Tensor.normal(random.split(4 + k), 0.01, 1024, 1024)).sum().backward();
        }
        Parameters parameters = all;
        Optimizer optimizer = Optimizer.adam(0.001);
        return () -> optimizer.step(parameters, 1);
    }

    private static Runnable convolution(RandomStream random) {
        Convolution convolution = Convolution.of(16, 32, 3, 3, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 8, 32, 32, 16).requiresGradient();
        Tensor outer = Tensor.normal(random.split("outer"), 1, 8, 32, 32, 32);
        Parameters parameters = Parameters.of("convolution", convolution);
        Optimizer optimizer = Optimizer.sgd(0.001);
        return () -> {
            parameters.clearGradients();
            x.clearGradient();
            convolution.apply(x).backward(outer);
            optimizer.step(parameters, 1);
        };
    }

    private static Runnable convLstm(RandomStream random) {
        ConvLstm cell = ConvLstm.of(16, 16, 1, 16, 3, 3, true, random);
        return cell(cell, 8, 16, random);
    }

    private static Runnable transformer(RandomStream random) {
        EncoderLayer first = EncoderLayer.of(256, 8, 1024, false, random.split(0));
        EncoderLayer second = EncoderLayer.of(256, 8, 1024, false, random.split(1));
        Parameters body = Parameters.of("0", first).and("1", second);
        return sequence(body, 256, 16, 64, 256, random, x -> second.apply(first.apply(x, true), true));
    }

    private static Runnable bert(RandomStream random) {
        int words = 8000;
        BertPretraining model = BertPretraining.of(Bert.of(words, 64, 256, 4, 2, random), random);
        int[][] tokens = tokens(16, 64, words, random);
        int[] targets = targets(16 * 64, words, random);
        Parameters parameters = Parameters.of("bert", model);
        return training(parameters, Optimizer.adam(0.001), () -> {
            return Loss.crossEntropy(
                    model.writer(), model.beforeWriting(model.bert().apply(tokens)), targets);
        });
    }

    private static Runnable stream(RandomStream random) {
        Lstm lstm = Lstm.of(256, 256, random);
        float[] x = Tensor.normal(random.split("x"), 1, 100, 256).toArray();
        return () -> {
            CellStream<Lstm.State> stream = lstm.stream(lstm.initial(1));
            for (int t = 0; t < 100; t++) {
                stream.step(Arrays.copyOfRange(x, t * 256, (t + 1) * 256));
            }
        };
    }

    private static Runnable multidimensional(RandomStream random) {
        MultidimensionalLstm lstm = MultidimensionalLstm.of(1, 16, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 16, 16, 16, 1);
        Tensor outer = Tensor.normal(random.split("outer"), 1, 16, 16, 16, 16);
        Parameters parameters = Parameters.of("lstm", lstm);
        Optimizer optimizer = Optimizer.sgd(0.001);
        return () -> {
            parameters.clearGradients();
            lstm.run(x).backward(outer);
            optimizer.step(parameters, 1);
        };
    }

    private static final boolean PROCESSOR = "cpu".equals(System.getenv("CAROUSEL_CLOCK"));
    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private static long clock() {
        return PROCESSOR ? THREAD.getCurrentThreadCpuTime() : System.nanoTime();
    }

    /** The median of the calls of two seconds, in microseconds, after a warm-up. */
    private static double time(Runnable call) {
        long end = System.nanoTime() + Integer.getInteger("benchmark.warmup", 3) * 1_000_000_000L;
        while (System.nanoTime() < end) {
            call.run();
        }
        List<Double> all = new ArrayList<>();
        end = System.nanoTime() + 2_000_000_000L;
        while (System.nanoTime() < end || all.size() < 5) {
            long begin = clock();
            call.run();
            all.add((clock() - begin) / 1e3);
        }
        return Comparison.median(all.stream().mapToDouble(value -> value));
    }

    private static List<String> lines(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
        return out.lines().toList();
    }

    private static double ours(String row, String threads, boolean vector, List<Double> megabytes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcarousel.threads=" + threads,
                "-Dcarousel.kernels=" + (vector ? "vector" : "plain"),
                "-cp",
                System.getProperty("java.class.path")));
        if (vector) {
            command.addAll(1, List.of("--add-modules", "jdk.incubator.vector"));
        }
        if (System.getProperty("benchmark.heap") != null) { // a JVM takes what it may have
            command.add(1, "-Xmx" + System.getProperty("benchmark.heap"));
        }
        command.addAll(List.of(SpeedTable.class.getName(), row));
        String[] both = lines(command).get(0).split(",");
        megabytes.add(Double.parseDouble(both[1]));
        return Double.parseDouble(both[0]);
    }

    /**
     * One row: the medians of the rounds, PyTorch, vector and plain kernels in turn; the peak memory of PyTorch's eager form
     * and of vector kernels.
     */
    private static void compare(String python, String script, String threads, int rounds, String row)
            throws IOException, InterruptedException {
        List<List<Double>> all = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Double> peer = new ArrayList<>();
        List<Double> vector = new ArrayList<>();
        String form = "";
        for (int round = 0; round < rounds; round++) {
            String[] line = lines(List.of(python, script, row, threads)).get(0).split(",");
            form = line[1];
            all.get(0).add(Double.parseDouble(line[0]));
            peer.add(Double.parseDouble(line[2]));
            all.get(1).add(ours(row, threads, true, vector));
            all.get(2).add(ours(row, threads, false, new ArrayList<>()));
        }
        double[] median = all.stream().mapToDouble(SpeedTable::median).toArray();
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %,.0f (%s) | %,.0f | %.2f | %,.0f | %.2f | %,.0f | %,.0f |%n",
                row,
                threads,
                median[0],
                form,
                median[1],
                median[0] / median[1],
                median[2],
                median[0] / median[2],
                median(peer),
                median(vector));
    }

    static double median(List<Double> values) {
        return Comparison.median(values.stream().mapToDouble(value -> value));
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 1) { // a process of its own for every row
            double microseconds = time(row(arguments[0]).apply(RandomStream.of(1)));
            System.out.println(microseconds + "," + Comparison.peakMegabytes());
            return;
        }
        List<String> names = Arrays.asList(arguments).subList(4, arguments.length);
        names.forEach(SpeedTable::row);
        System.out.println("| microseconds | threads | PyTorch | vector | ratio | plain | ratio | PyTorch MB | MB |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        for (String name : names.isEmpty() ? ROWS.keySet() : names) {
            compare(arguments[0], arguments[1], arguments[2], Integer.parseInt(arguments[3]), name);
        }
    }

    private static Function<RandomStream, Runnable> row(String name) {
        Function<RandomStream, Runnable> row = ROWS.get(name);
        if (row == null) {
            throw new IllegalArgumentException("benchmark table: no row " + name + "; there are " + ROWS.keySet());
        }
        return row;
    }
}
