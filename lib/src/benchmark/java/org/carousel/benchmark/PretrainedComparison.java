package org.carousel.benchmark;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.carousel.data.BertTokenizer;
import org.carousel.data.ByteLevelTokenizer;
import org.carousel.data.Encoding;
import org.carousel.files.internal.Json;
import org.carousel.tensor.Tensor;
import org.carousel.weights.SentenceEncoder;
import org.carousel.weights.SpeechDetector;
import org.carousel.weights.Speller;

/**
 * Networks that others trained, ours and the packages they come from in turn, on one thread; prints medians, ratios and the
 * peak memory of each process.
 *
 * <p>Arguments: the Python to use, {@code pretrained.py}, the folder of the data, the number of rounds, then which of {@code
 * sentences search speech words tokens}. "tokens" reads GPT-2's encoder.json and vocab.bpe from the folder gpt2 of the data. Files
 * that the packages need are made in a temporary folder. Every run is a process of its own.
 */
public final class PretrainedComparison {
    private static final double SECONDS = 1.5;
    private static final List<String> JVM = List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "-XX:+UseSerialGC",
            "-Xmx700m",
            "-XX:ObjectAlignmentInBytes=64",
            "-Dcarousel.threads=1");
    private static final List<int[]> SHAPES = List.of(
            new int[] {16, 1},
            new int[] {64, 1},
            new int[] {256, 1},
            new int[] {16, 32},
            new int[] {64, 32},
            new int[] {256, 32});

    private PretrainedComparison() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments[0].equals("run")) {
            run(arguments[1], Path.of(arguments[2]), Path.of(arguments[3]));
            return;
        }
        Path folder = Files.createTempDirectory("carousel-pretrained");
        int rounds = Integer.parseInt(arguments[3]);
        for (String what : Arrays.asList(arguments).subList(4, arguments.length)) {
            List<String> python = List.of(arguments[0], arguments[1], what, arguments[2], folder.toString());
            start(with(python, "prepare"));
            Map<String, List<Double>> results = new LinkedHashMap<>();
            for (int round = 0; round < rounds; round++) {
                List<String> own = new ArrayList<>(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString()));
                own.addAll(JVM);
                own.addAll(List.of("-cp", System.getProperty("java.class.path"), PretrainedComparison.class.getName()));
                own.addAll(List.of("run", what, arguments[2], folder.toString()));
                collect("carousel", start(own), results);
                for (String peer : peers(what)) {
                    collect(peer, start(with(python, peer)), results);
                }
            }
            print(results);
        }
    }

    private static List<String> peers(String what) {
        return switch (what) {
            case "sentences" -> List.of("torch", "onnxruntime");
            case "search" -> List.of("torch");
            case "speech" -> List.of("onnxruntime");
            case "words" -> List.of("g2p-en");
            default -> List.of("tokenizers");
        };
    }

    private static List<String> with(List<String> command, String more) {
        List<String> all = new ArrayList<>(command);
        all.add(more);
        return all;
    }

    private static List<String> start(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try (var in =
                new java.io.BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> lines = in.lines().toList();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed");
            }
            return lines;
        }
    }

    private static void collect(String who, List<String> lines, Map<String, List<Double>> results) {
        for (String line : lines) {
            String[] parts = line.split(",", -1);
            if (parts.length == 2) {
                results.computeIfAbsent(parts[0] + "," + who, k -> new ArrayList<>())
                        .add(Double.parseDouble(parts[1]));
            } else {
                System.out.println(who + ": " + line);
            }
        }
    }

    private static void print(Map<String, List<Double>> results) {
        results.forEach((key, values) -> {
            double median = median(values);
            String what = key.substring(0, key.indexOf(','));
            List<Double> own = results.get(what + ",carousel");
            System.out.printf(Locale.ROOT, "%-40s %12.1f   carousel / it %.2f%n", key, median, median(own) / median);
        });
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    // ------------------------------------------------------------------ ours

    private static void run(String what, Path data, Path folder) throws IOException {
        switch (what) {
            case "sentences" -> sentences(data);
            case "search" -> search(data, folder);
            case "speech" -> speech(data);
            case "words" -> words(data, folder);
            default -> tokens(data, folder);
        }
        System.out.println("peak MB," + Comparison.peakMegabytes());
    }

    private static void sentences(Path data) {
        SentenceEncoder encoder = SentenceEncoder.load(data.resolve("minilm-l6"));
        for (int[] shape : SHAPES) {
            int[][] tokens = new int[shape[1]][shape[0]];
            for (int b = 0; b < shape[1]; b++) {
                for (int t = 0; t < shape[0]; t++) {
                    tokens[b][t] = 1000 + (b * 7919 + t * 104_729) % 29_000;
                }
            }
            double each = perSecond(() -> encoder.encodeTokens(tokens));
            System.out.printf(Locale.ROOT, "length %d batch %d,%.3f%n", shape[0], shape[1], each * shape[1]);
        }
    }

    /** 10,000 sentences of a language course once, then queries that each look at all of them. */
    private static void search(Path data, Path folder) throws IOException {
        SentenceEncoder encoder = SentenceEncoder.load(data.resolve("minilm-l6"));
        List<String> shelf = Files.readAllLines(folder.resolve("shelf.txt"));
        encoder.encode(shelf.subList(0, 1000)); // warms up
        long begin = System.nanoTime();
        Tensor all = encoder.encode(shelf);
        System.out.printf(
                Locale.ROOT, "sentences of the shelf,%.1f%n", 1e9 * shelf.size() / (System.nanoTime() - begin));
        List<String> queries = List.of("I have no money.", "The dog barks.", "She will get married.");
        for (String query : queries) {
            float[] score = scores(encoder, all, query);
            int[] best = IntStream.range(0, score.length)
                    .boxed()
                    .sorted(Comparator.comparing(k -> -score[k]))
                    .limit(3)
                    .mapToInt(k -> k)
                    .toArray();
            System.out.println(query + " " + Arrays.toString(best));
        }
        double each = perSecond(() -> queries.forEach(query -> scores(encoder, all, query)));
        System.out.printf(Locale.ROOT, "queries,%.1f%n", queries.size() * each);
    }

    private static float[] scores(SentenceEncoder encoder, Tensor all, String query) {
        return Tensor.withoutGradient(
                () -> all.matmul(encoder.encode(List.of(query)).transpose()).toArray());
    }

    private static void speech(Path data) throws IOException {
        SpeechDetector detector = SpeechDetector.load(data.resolve("silero-vad/silero_vad_16k.safetensors"));
        byte[] wav = Files.readAllBytes(data.resolve("silero-vad/test.wav"));
        ShortBuffer pcm = ByteBuffer.wrap(wav, 44, wav.length - 44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        float[][] frames = new float[pcm.remaining() / SpeechDetector.FRAME][SpeechDetector.FRAME];
        for (float[] frame : frames) {
            for (int k = 0; k < frame.length; k++) {
                frame[k] = pcm.get() / 32768f;
            }
        }
        double each = perSecond(() -> {
            SpeechDetector.Stream stream = detector.stream();
            for (float[] frame : frames) {
                stream.next(frame);
            }
        });
        System.out.printf(Locale.ROOT, "frames,%.1f%n", each * frames.length);
    }

    private static void words(Path data, Path folder) throws IOException {
        Speller speller = Speller.load(data.resolve("g2p-en/checkpoint20.npz"));
        List<String> words = Files.readAllLines(folder.resolve("words.txt"));
        StringBuilder spoken = new StringBuilder();
        for (List<String> sounds : speller.speak(words)) {
            spoken.append(String.join(" ", sounds)).append('\n');
        }
        System.out.printf(
                "crc of %d words: %08x%n", words.size(), crc(spoken.toString().getBytes(StandardCharsets.UTF_8)));
        List<String> some = words.subList(0, 500);
        System.out.printf(Locale.ROOT, "words,%.1f%n", 500 * perSecond(() -> speller.speak(some)));
        System.out.printf(Locale.ROOT, "words one by one,%.1f%n", 500 * perSecond(() -> some.forEach(speller::speak)));
    }

    private static void tokens(Path data, Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("lines.jsonl")).stream()
                .map(line -> Json.string(Json.parse(line)))
                .toList();
        BertTokenizer bert = BertTokenizer.load(data.resolve("minilm-l6/tokenizer.json"), true);
        ByteLevelTokenizer gpt =
                ByteLevelTokenizer.load(data.resolve("gpt2/encoder.json"), data.resolve("gpt2/vocab.bpe"));
        measure("wordpiece", lines, t -> bert.encode(t, Integer.MAX_VALUE));
        measure("byte-level", lines, gpt::encode);
    }

    private static void measure(
            String name, List<String> lines, java.util.function.Function<String, Encoding> tokenizer) {
        CRC32 crc = new CRC32();
        for (String line : lines) {
            Encoding e = tokenizer.apply(line);
            ByteBuffer all = ByteBuffer.allocate(12 * e.ids().length);
            for (int k = 0; k < e.ids().length; k++) {
                all.putInt(e.ids()[k]).putInt(e.begin()[k]).putInt(e.end()[k]);
            }
            crc.update(all.flip());
        }
        System.out.printf("%s: crc of %d lines: %08x%n", name, lines.size(), crc.getValue());
        System.out.printf(
                Locale.ROOT, "%s lines,%.1f%n", name, lines.size() * perSecond(() -> lines.forEach(tokenizer::apply)));
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    /** How often a second: the median of the calls after a second of warming up. */
    private static double perSecond(Runnable call) {
        long begin = System.nanoTime();
        do {
            call.run();
        } while (System.nanoTime() - begin < SECONDS * 1e9);
        List<Long> times = new ArrayList<>();
        begin = System.nanoTime();
        do {
            long from = System.nanoTime();
            call.run();
            times.add(System.nanoTime() - from);
        } while (System.nanoTime() - begin < SECONDS * 1e9);
        return 1e9 / times.stream().sorted().toList().get(times.size() / 2);
    }
}
