package org.carousel.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.carousel.data.Datasets;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.embedding.word2vec.Word2VecModel;

/**
 * Word vectors of six million words, ours and gensim's in turn, several rounds; prints medians and ratios. Words per second
 * of processor time is the figure that other programs on the machine disturb least.
 *
 * <p>Arguments: the Python to use, {@code embedding.py}, the number of rounds, the number of epochs or 1. Every run is a
 * process of its own. A single epoch includes reading the text and, ours, the second or so in which HotSpot compiles; of
 * several epochs the first is not measured, which shows what threads gain once all is warm.
 */
public final class EmbeddingComparison {
    private static final String LOCK_FREE = "lock-free";
    static final List<String> ALGORITHMS = List.of("sg", "cbow", "subwords");

    /**
     * For a process below 300 MB: what is learnt with n-grams is 110 MB, what two replicas add to it another 70. Next to
     * that the serial collector needs little, where G1 needs 40 MB for itself and lets a heap grow before it collects. Short
     * lives are few here, so that 12 MB are enough for them. With G1 large arrays begin a cache line, as the kernels like
     * it; with this collector so does every object.
     */
    private static final List<String> SMALL_PROCESS =
            List.of("-XX:+UseSerialGC", "-Xmx230m", "-Xmn12m", "-XX:ObjectAlignmentInBytes=64");

    private EmbeddingComparison() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("run")) {
            int epochs = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 1;
            boolean lockFree = arguments.length > 5 && arguments[5].equals(LOCK_FREE);
            run(arguments[1], Integer.parseInt(arguments[2]), Path.of(arguments[3]), epochs, lockFree);
            return;
        }
        Path text = Files.createTempFile("carousel-words", ".txt"); // gensim reads no compressed file
        try {
            unpack(Datasets.pdEnglish().path("pd-english.txt.gz"), text);
            Map<String, List<double[]>> results = new TreeMap<>();
            int rounds = Integer.parseInt(arguments[2]);
            String epochs = arguments.length > 3 ? arguments[3] : "1";
            for (int round = 0; round < rounds; round++) {
                for (String algorithm : ALGORITHMS) {
                    for (String threads : List.of("1", "2")) {
                        List<String> what = List.of(algorithm, threads, text.toString(), epochs);
                        add(results, "gensim", List.of(arguments[0], arguments[1]), what);
                        add(results, "vector", ours("vector", threads), what);
                        add(results, "plain", ours("plain", threads), what);
                        if (!threads.equals("1")) {
                            add(results, LOCK_FREE, ours("vector", threads), concat(what, List.of(LOCK_FREE)));
                        }
                    }
                }
            }
            print(results);
        } finally {
            Files.delete(text);
        }
    }

    private static void unpack(Path packed, Path text) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
            Files.copy(in, text, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> result = new ArrayList<>(first);
        result.addAll(second);
        return result;
    }

    private static List<String> ours(String kernels, String threads) {
        List<String> result = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "--add-modules",
                "jdk.incubator.vector",
                "-Dcarousel.kernels=" + kernels,
                "-Dcarousel.threads=" + threads));
        result.addAll(SMALL_PROCESS);
        result.addAll(List.of(EmbeddingComparison.class.getName(), "run"));
        return result;
    }

    /** What {@code embedding.py} does, with as many replicas as threads. */
    private static void run(String algorithm, int threads, Path file, int epochs, boolean lockFree) throws IOException {
        Corpus corpus = Corpus.of(file);
        Word2Vec config = EmbeddingBenchmark.configuration(algorithm)
                .epochs(epochs)
                .replicas(threads)
                .lockFree(lockFree);
        Vocabulary vocabulary = Vocabulary.of(corpus, config.minimumCount());
        Word2VecModel model = Word2VecModel.of(config, vocabulary);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long[] begin = {system.getProcessCpuTime(), System.nanoTime()};
        model.train(corpus, progress -> {
            if (epochs > 1 && progress.words() == progress.totalWords() / epochs) { // the first is complete
                begin[0] = system.getProcessCpuTime();
                begin[1] = System.nanoTime();
            }
        });
        long processor = system.getProcessCpuTime() - begin[0];
        long wall = System.nanoTime() - begin[1];
        double words = (double) vocabulary.total() * Math.max(1, epochs - 1);
        System.out.printf(
                Locale.ROOT,
                "%s,%d,%.0f,%.0f,%d%n",
                algorithm,
                threads,
                words * 1e9 / wall,
                words * 1e9 / processor,
                Comparison.peakMegabytes());
    }

    private static void add(Map<String, List<double[]>> results, String who, List<String> program, List<String> what)
            throws IOException, InterruptedException {
        Path complaints = Files.createTempFile("carousel-words", ".err");
        String line;
        try {
            Process process = new ProcessBuilder(concat(program, what))
                    .redirectError(complaints.toFile())
                    .start();
            line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new IOException(who + " " + String.join(" ", what) + " failed: "
                        + Files.readString(complaints).strip());
            }
        } finally {
            Files.delete(complaints);
        }
        System.err.println(who + " " + line);
        String[] cells = line.split(",");
        double[] numbers = {Double.parseDouble(cells[2]), Double.parseDouble(cells[3]), Double.parseDouble(cells[4])};
        results.computeIfAbsent(cells[0] + "," + cells[1] + "," + who, key -> new ArrayList<>())
                .add(numbers);
    }

    private static double median(List<double[]> rows, int column) {
        return Comparison.median(rows.stream().mapToDouble(row -> row[column]));
    }

    private static void print(Map<String, List<double[]>> results) {
        System.out.println("| | threads | who | k words/s | k words per processor second | ratio | MB |");
        System.out.println("|---|--:|---|--:|--:|--:|--:|");
        results.forEach((key, rows) -> {
            String[] cells = key.split(",");
            List<double[]> peer = results.get(cells[0] + "," + cells[1] + ",gensim");
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.0f | %.2f | %.0f |%n",
                    cells[0],
                    cells[1],
                    cells[2],
                    median(rows, 0) / 1000,
                    median(rows, 1) / 1000,
                    median(rows, 1) / median(peer, 1),
                    median(rows, 2));
        });
    }
}
