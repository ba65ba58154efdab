package org.carousel.training;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.attention.transformer.Transformer;
import org.carousel.embedding.counting.CountMatrices;
import org.carousel.embedding.counting.Glove;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.word2vec.Subwords;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.embedding.word2vec.Word2VecModel;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Trainings in a process of their own that is killed with {@code kill -9} again and again and started again: at the end
 * stand the bits of a training that nobody killed.
 *
 * <p>By hand, 30 kills at random moments for each kind: {@code java ... org.carousel.training.KilledTraining all 30 100}
 */
final class KilledTraining {
    /** What is trained; a length of 1 takes some tenths of a second. */
    enum Kind {
        LSTM,
        ATTENTION,
        WORD_VECTORS,
        GLOVE;

        /** Trains to the end, from the file on if it is there, and gives everything that was learnt. */
        List<float[]> train(@Nullable Path file, int length) {
            return switch (this) {
                case LSTM -> lstm(file, 30 * length);
                case ATTENTION -> attention(file, 20 * length);
                case WORD_VECTORS -> wordVectors(file, 2 * length);
                case GLOVE -> glove(file, 10 * length);
            };
        }
    }

    private static final Duration EVERY = Duration.ofMillis(20);
    private static final int TOKENS = 6;

    private KilledTraining() {}

    /** All that a trainer has: accumulation, dropout, clipping, warm-up, validation, the best, an average, a carried state. */
    private static List<float[]> lstm(@Nullable Path file, int steps) {
        RandomStream random = RandomStream.of(5);
        Embedding embedding = Embedding.of(TOKENS, 8, random.split("embedding"));
        Lstm lstm = Lstm.of(8, 24, random.split("lstm"));
        Affine head = Affine.of(24, TOKENS, random.split("head"));
        Parameters parameters =
                Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);
        RandomStream data = random.split("data");
        RandomStream masks = random.split("masks");
        Lstm.State[] carried = {lstm.initial(8)};
        WeightAverage average = WeightAverage.exponential(parameters, 0.95);
        Dropout dropout = new Dropout(0.1);
        Trainer trainer = Trainer.of(parameters, Optimizer.adam(0.01))
                .schedule(Schedule.cosine(0.1).warmUp(5))
                .clipNorm(1)
                .accumulate(2)
                .average(average)
                .validate(7, () -> Loss.crossEntropy(
                                head.apply(lstm.run(embedding.apply(tokens(RandomStream.of(1))))
                                        .h()),
                                tokens(RandomStream.of(2)))
                        .item())
                .patience(steps)
                .stream("data", data)
                .stream("masks", masks)
                .keeping(
                        "state",
                        () -> new Tensor[] {carried[0].h(), carried[0].c()},
                        then -> carried[0] = new Lstm.State(then[0], then[1]));
        History history = saving(trainer, file).train(steps, step -> {
            int[][] x = tokens(data);
            int[][] y = new int[x.length][];
            for (int b = 0; b < x.length; b++) {
                y[b] = x[b].clone();
                System.arraycopy(x[b], 0, y[b], 2, x[b].length - 2);
            }
            Tensor noise = Tensor.normal(data, 0.1, 8, x[0].length, 8); // draws normal numbers in pairs
            var run = lstm.run(dropout.apply(embedding.apply(x), masks).plus(noise), carried[0]);
            carried[0] = lstm.detach(run.last());
            return Loss.crossEntropy(head.apply(run.h()), y);
        });
        return average.during(() -> learnt(parameters, history));
    }

    private static int[][] tokens(RandomStream random) {
        return IntStream.range(0, 8)
                .mapToObj(b ->
                        IntStream.range(0, 12).map(t -> random.nextInt(TOKENS)).toArray())
                .toArray(int[][]::new);
    }

    /** A Transformer with groups of parameters that learns to reverse. */
    private static List<float[]> attention(@Nullable Path file, int steps) {
        var sizes = new Transformer.Sizes(16, 2, 32, 1, true, 12);
        var model = Transformer.of(TOKENS + 2, TOKENS + 2, sizes, TOKENS, TOKENS + 1, RandomStream.of(3));
        Optimizer slow = Optimizer.adamW(0.002, 0.01);
        Optimizer fast = Optimizer.nesterov(0.01, 0.9);
        Parameters parameters = model.parameters();
        Trainer trainer = Trainer.of(parameters, Optimizer.byName(name -> name.startsWith("encoder") ? slow : fast))
                .clipNorm(1);
        RandomStream data = RandomStream.of(4);
        History history = saving(trainer.stream("data", data), file).train(steps, step -> {
            int[][] source = IntStream.range(0, 8)
                    .mapToObj(b -> IntStream.range(0, 3 + data.nextInt(6))
                            .map(t -> data.nextInt(TOKENS))
                            .toArray())
                    .toArray(int[][]::new);
            int[][] target = Arrays.stream(source)
                    .map(s -> IntStream.range(0, s.length)
                            .map(t -> s[s.length - 1 - t])
                            .toArray())
                    .toArray(int[][]::new);
            return Loss.crossEntropy(model.logits(source, target), model.labels(target));
        });
        return learnt(parameters, history);
    }

    private static Trainer saving(Trainer trainer, @Nullable Path file) {
        return file == null
                ? trainer
                : trainer.saving(file, EVERY).listener((step, steps, loss) -> System.out.println(step));
    }

    private static List<float[]> learnt(Parameters parameters, History history) {
        List<float[]> all = new ArrayList<>();
        parameters.tensors().forEach(p -> all.add(p.toArray().clone()));
        for (double[] numbers : List.of(history.losses(), history.gradientNorms(), history.heldOut())) {
            float[] halves = new float[2 * numbers.length]; // all 64 bits
            for (int k = 0; k < numbers.length; k++) {
                long bits = Double.doubleToRawLongBits(numbers[k]);
                halves[2 * k] = Float.intBitsToFloat((int) (bits >> 32));
                halves[2 * k + 1] = Float.intBitsToFloat((int) bits);
            }
            all.add(halves);
        }
        return all;
    }

    /** Two hundred words, each mostly followed by one of two others. */
    private static int[][] sentences() {
        RandomStream random = RandomStream.of(9);
        int[][] sentences = new int[600][20];
        for (int[] sentence : sentences) {
            sentence[0] = random.nextInt(200);
            for (int t = 1; t < sentence.length; t++) {
                sentence[t] = (3 * sentence[t - 1] + random.nextInt(2) + 1) % 200;
            }
        }
        return sentences;
    }

    private static List<float[]> wordVectors(@Nullable Path file, int epochs) {
        Corpus corpus = () -> Arrays.stream(sentences())
                .map(sentence ->
                        Arrays.stream(sentence).mapToObj(w -> "word" + w).toList());
        Word2Vec config = Word2Vec.skipGram()
                .dimension(20)
                .epochs(epochs)
                .replicas(2)
                .subwords(new Subwords(3, 4, 500))
                .minimumCount(1);
        Word2VecModel model = file == null
                ? config.train(corpus)
                : config.train(corpus, file, EVERY, progress -> System.out.println(progress.words()));
        return List.of(
                model.vectors(),
                model.outputVectors(),
                toFloats(model.losses().stream().mapToDouble(l -> l).toArray()));
    }

    private static List<float[]> glove(@Nullable Path file, int epochs) {
        var counts = CountMatrices.cooccurrence(Arrays.asList(sentences()), 200, 8, CountMatrices.Distance.HARMONIC);
        Glove glove = Glove.of(counts, 20, 10, 0.05, RandomStream.of(6));
        if (file == null) {
            for (int epoch = 0; epoch < epochs; epoch++) {
                glove.epoch();
            }
        } else {
            glove.train(epochs, file, EVERY);
        }
        return List.of(
                glove.wordMatrix().toArray(),
                glove.contextMatrix().toArray(),
                glove.wordBiases(),
                glove.contextBiases(),
                toFloats(glove.losses().stream().mapToDouble(l -> l).toArray()));
    }

    private static float[] toFloats(double[] numbers) {
        return learnt(Parameters.none(), new History(numbers, new double[0], new double[0]))
                .get(0);
    }

    /** What happened to a training that was killed. */
    record Outcome(Kind kind, int kills, int beforeFirstSave, int whileWriting, int finished, int sameBits) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-12s %2d kills (%d before anything was saved, %d while the file was being written); "
                            + "%d trainings finished, %d of them with the bits of the one that nobody killed",
                    kind,
                    kills,
                    beforeFirstSave,
                    whileWriting,
                    finished,
                    sameBits);
        }
    }

    /** When a process is killed. */
    interface Moment {
        /** Waits; what the training writes, a line now and then, can be read. */
        void await(Process training, BufferedReader lines) throws IOException, InterruptedException;
    }

    /** Kills a training so many times, then lets it end; what ends earlier is compared, and begun anew. */
    static Outcome kill(Kind kind, int kills, int length, Path folder, Moment moment)
            throws IOException, InterruptedException {
        byte[] expected = bytes(kind.train(null, length));
        Path file = folder.resolve(kind + ".training");
        Path result = folder.resolve(kind + ".result");
        int done = 0;
        int nothing = 0;
        int writing = 0;
        int finished = 0;
        int same = 0;
        boolean ended = false; // the last one must end by itself
        while (done < kills || !ended) {
            Process process = start(kind, length, file, result);
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                if (done < kills) {
                    moment.await(process, lines);
                    if (process.isAlive()) {
                        process.destroyForcibly(); // kill -9
                    }
                } else {
                    while (lines.readLine() != null) {
                        // until its end
                    }
                }
            }
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(kind + " does not end");
            }
            ended = process.exitValue() == 0;
            if (ended) {
                finished++;
                same += Arrays.equals(expected, Files.readAllBytes(result)) ? 1 : 0;
                Files.delete(file);
            } else if (process.exitValue() == 137) {
                done++;
                nothing += Files.exists(file) ? 0 : 1;
                writing += leftovers(folder) > 0 ? 1 : 0;
            } else {
                throw new IllegalStateException(kind + " ended with " + process.exitValue());
            }
        }
        if (leftovers(folder) > 0) {
            throw new IllegalStateException("half files were left behind in " + folder);
        }
        return new Outcome(kind, done, nothing, writing, finished, same);
    }

    private static long leftovers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(".part")).count();
        }
    }

    private static Process start(Kind kind, int length, Path file, Path result) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dcarousel.kernels=plain",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledTraining.class.getName(),
                        kind.name(),
                        Integer.toString(length),
                        file.toString(),
                        result.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static byte[] bytes(List<float[]> all) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (float[] values : all) {
                for (float value : values) {
                    out.writeInt(Float.floatToRawIntBits(value));
                }
            }
        }
        return bytes.toByteArray();
    }

    /** A training ({@code KIND LENGTH FILE RESULT}), or the whole proof ({@code all KILLS LENGTH}). */
    public static void main(String[] args) throws IOException, InterruptedException {
        int number = Integer.parseInt(args[1]);
        if (!args[0].equals("all")) {
            System.out.println("begins");
            Files.write(Path.of(args[3]), bytes(Kind.valueOf(args[0]).train(Path.of(args[2]), number)));
            return;
        }
        int length = Integer.parseInt(args[2]);
        Path folder = Files.createTempDirectory("killed");
        RandomStream random = RandomStream.of(System.nanoTime());
        for (Kind kind : Kind.values()) {
            long began = System.nanoTime();
            Path probe = folder.resolve("probe");
            Process whole = start(kind, length, probe, folder.resolve("probe.result"));
            whole.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            whole.waitFor();
            Files.delete(probe);
            double seconds = (System.nanoTime() - began) * 1e-9;
            double longest = 1 + seconds / 8;
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.1f s when nobody kills it; killed after at most %.1f s%n",
                    kind,
                    seconds,
                    longest);
            System.out.println(kill(kind, number, length, folder, (process, lines) -> {
                long until = System.nanoTime() + (long) (random.nextDouble() * longest * 1e9);
                while (System.nanoTime() < until && process.isAlive()) {
                    Thread.sleep(1);
                    while (lines.ready()) {
                        lines.readLine();
                    }
                }
            }));
        }
    }
}
