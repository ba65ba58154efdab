package org.carousel.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.Golden;
import org.carousel.files.internal.Json;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Small networks of the same kinds, and the real ones where CAROUSEL_DATA has them: golden/pretrained.py. */
class PretrainedTest {
    private static final Path GOLDEN = Golden.file("pretrained/bert").getParent();
    private static final int[][] BATCH = {{2, 9, 14, 3}, {2, 30, 31, 32, 33, 34, 35, 3}, {2, 3}};

    @TempDir
    private Path folder;

    private static Path real(String file) {
        String root = System.getenv("CAROUSEL_DATA");
        Path path = root == null ? null : Path.of(root, file);
        assumeTrue(path != null && Files.exists(path), "CAROUSEL_DATA has no " + file);
        return path;
    }

    private static void assertNear(float[] expected, float[] actual, double most, String what) {
        assertArrayEquals(expected, actual, (float) most, what);
    }

    private static void spellsAs(Speller speller, String golden) throws IOException {
        List<String> words = new ArrayList<>();
        List<List<String>> alone = new ArrayList<>();
        for (String line : Files.readAllLines(GOLDEN.resolve(golden))) {
            String[] columns = line.split("\t", -1);
            words.add(columns[0]);
            alone.add(speller.speak(columns[0]));
            assertEquals(columns[1], String.join(" ", alone.get(alone.size() - 1)), columns[0]);
        }
        assertEquals(alone, speller.speak(words));
        assertEquals(List.of(), speller.speak(List.of()));
    }

    @Test
    void bertGivesWhatTransformersGives() {
        SentenceEncoder encoder = SentenceEncoder.load(GOLDEN);
        Map<String, Tensor> golden = Golden.load("pretrained/bert");
        Tensor h = Tensor.withoutGradient(() -> encoder.bert().apply(BATCH));
        Tensor v = encoder.encodeTokens(BATCH);
        for (int k = 0; k < BATCH.length; k++) {
            float[] own = h.select(0, k).slice(0, 0, BATCH[k].length).toArray();
            assertNear(golden.get("h" + k).toArray(), own, 1e-5, "h" + k);
            assertNear(golden.get("v" + k).toArray(), v.select(0, k).toArray(), 1e-6, "v" + k);
        }
    }

    @Test
    void sentencesKeepTheirOrderAndDoNotSeeEachOther() {
        SentenceEncoder encoder = SentenceEncoder.load(GOLDEN);
        List<String> sentences = new ArrayList<>();
        for (int k = 0; k < 70; k++) {
            sentences.add("the cat " + "sat on ".repeat(k * 7 % 20));
        }
        Tensor all = encoder.encode(sentences);
        for (int k : new int[] {0, 33, 69}) {
            assertArrayEquals(
                    encoder.encode(List.of(sentences.get(k))).toArray(),
                    all.select(0, k).toArray(),
                    "" + k);
        }
        assertThrows(IllegalArgumentException.class, () -> encoder.encode(List.of()));
        assertEquals(48, encoder.tokens("the ".repeat(1000)).length);
    }

    @Test
    void otherArchitecturesAreRefusedByName() throws IOException {
        for (String name : List.of("model.safetensors", "vocab.txt")) {
            Files.copy(GOLDEN.resolve(name), folder.resolve(name));
        }
        String config = Files.readString(GOLDEN.resolve("config.json"));
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(config.replace("\"bert\"", "\"roberta\""), "model_type is roberta");
        wrong.put(config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"), "encoder.layer.2");
        wrong.put(config.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1"), "encoder.layer.1");
        wrong.put(config.replace("\"intermediate_size\": 40", "\"intermediate_size\": 41"), "is not [41×24]");
        wrong.put(config.replace("\"num_attention_heads\": 3", "\"num_attention_heads\": 5"), "5 heads");
        wrong.put("{\"model_type\": \"bert\"", "not valid JSON");
        for (Map.Entry<String, String> w : wrong.entrySet()) {
            Files.writeString(folder.resolve("config.json"), w.getKey());
            String message = assertThrows(IllegalArgumentException.class, () -> SentenceEncoder.load(folder))
                    .getMessage();
            assertTrue(message.contains(w.getValue()), message);
        }
    }

    @Test
    void spellerGivesWhatThePackageGives() throws IOException {
        Speller speller = Speller.load(GOLDEN.resolve("speller.npz"));
        spellsAs(speller, "speller.tsv");
    }

    @Test
    void npzRefusesWhatIsCutOrAnother() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("speller.npz"));
        Path file = folder.resolve("cut.npz");
        for (int bytes : new int[] {0, 1, 100, 700, 5000}) {
            Files.write(file, Arrays.copyOf(whole, bytes));
            String message = assertThrows(IllegalArgumentException.class, () -> Speller.load(file))
                    .getMessage();
            assertTrue(message.contains("cut.npz"), message);
        }
        Map<String, Tensor> arrays = Npz.load(GOLDEN.resolve("speller.npz"));
        assertEquals("[74×8]", arrays.get("fc_w").shapeText());
        assertEquals(12, arrays.size());
    }

    @Test
    void segmentsAreThoseOfThePackage() throws IOException {
        int segments = 0;
        for (String line : Files.readAllLines(GOLDEN.resolve("segments.jsonl"))) {
            List<Object> c = Json.array(Json.parse(line));
            List<Object> texts = Json.array(c.get(1));
            float[] p = new float[texts.size()];
            for (int k = 0; k < p.length; k++) {
                p[k] = Float.parseFloat(Json.string(texts.get(k)));
            }
            assertEquals(
                    Json.array(c.get(2)).toString(), text(SpeechDetector.segments(p, (int) Json.integer(c.get(0)))));
            segments += Json.array(c.get(2)).size();
        }
        assertTrue(segments > 50, "" + segments);
    }

    private static String text(List<SpeechDetector.Segment> segments) {
        return segments.stream().map(s -> List.of(s.begin(), s.end())).toList().toString();
    }

    // ------------------------------------------------------------------ the real ones

    @Test
    void sileroHearsWhatItsEquationsHearInPyTorch() throws IOException {
        SpeechDetector detector = SpeechDetector.load(real("silero-vad/silero_vad_16k.safetensors"));
        byte[] wav = Files.readAllBytes(real("silero-vad/test.wav"));
        ShortBuffer pcm = ByteBuffer.wrap(wav, 44, wav.length - 44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        float[] samples = new float[960_000];
        for (int k = 0; k < samples.length; k++) {
            samples[k] = pcm.get(k) / 32768f;
        }
        float[] p = detector.probabilities(samples);
        assertNear(Golden.load("pretrained/speech").get("p").toArray(), p, 1e-4, "p");
        String golden = Files.readString(GOLDEN.resolve("speech.jsonl")).strip();
        assertEquals(golden, text(SpeechDetector.segments(p, samples.length)));

        SpeechDetector.Stream stream = detector.stream();
        float[] frame = new float[SpeechDetector.FRAME];
        frame[7] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> stream.next(frame));
        assertThrows(IllegalArgumentException.class, () -> stream.next(new float[256]));
        assertEquals(p[0], stream.next(Arrays.copyOf(samples, 512)), "the refused frames left nothing");
    }

    @Test
    void aStreamOfSpeechAllocatesNothing() {
        SpeechDetector detector = SpeechDetector.load(real("silero-vad/silero_vad_16k.safetensors"));
        SpeechDetector.Stream stream = detector.stream();
        float[] frame = new float[SpeechDetector.FRAME];
        for (int k = 0; k < frame.length; k++) {
            frame[k] = (float) (0.1 * StrictMath.sin(0.05 * k));
        }
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0;
                round < 200 && least > 0;
                round++) { // vectors are objects until HotSpot has compiled the loops
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int t = 0; t < 200; t++) {
                stream.next(frame);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes of 200 frames");
    }

    @Test
    void wrongFilesAreNamed() throws IOException {
        Path bert = GOLDEN.resolve("model.safetensors");
        String message = assertThrows(IllegalArgumentException.class, () -> SpeechDetector.load(bert))
                .getMessage();
        assertTrue(message.contains("model.safetensors") && message.contains("stft_conv.weight is missing"), message);
    }

    @Test
    void g2pSpellsAsThePackageDoes() throws IOException {
        spellsAs(Speller.load(real("g2p-en/checkpoint20.npz")), "g2p.tsv");
    }

    @Test
    void miniLmGivesWhatTransformersGives() throws IOException {
        SentenceEncoder encoder =
                SentenceEncoder.load(real("minilm-l6/model.safetensors").getParent());
        Map<String, Tensor> golden = Golden.load("pretrained/minilm");
        List<String> texts = Json.array(Json.parse(Files.readString(GOLDEN.resolve("minilm.json")))).stream()
                .map(Json::string)
                .toList();
        Tensor v = encoder.encode(texts);
        for (int k = 0; k < texts.size(); k++) {
            float cosine = v.select(0, k).times(golden.get("v" + k)).sum().item();
            assertTrue(cosine > 0.99999, texts.get(k) + ": " + cosine);
        }
        for (int k : new int[] {0, 4}) {
            int[][] tokens = {encoder.tokens(texts.get(k))};
            Tensor h = Tensor.withoutGradient(() -> encoder.bert().apply(tokens));
            assertNear(golden.get("h" + k).toArray(), h.toArray(), 1e-4, "h" + k);
        }
    }

    @Test
    void miniLmKnowsWhatIsMeant() {
        SentenceEncoder encoder =
                SentenceEncoder.load(real("minilm-l6/model.safetensors").getParent());
        Tensor v =
                encoder.encode(List.of("A man is eating food.", "Someone has a meal.", "The engine does not start."));
        Tensor similar = v.matmul(v.transpose());
        assertTrue(similar.get(0, 1) > 0.5 && similar.get(0, 2) < 0.2, similar.toString());
    }
}
