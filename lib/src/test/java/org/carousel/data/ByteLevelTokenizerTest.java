package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.carousel.Golden;
import org.carousel.files.internal.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * 100,000 lines of mixed text against the package tokenizers 0.23.3, ids and places: golden/tokenizers_check.py made the
 * vocabularies and the digests.
 */
class ByteLevelTokenizerTest {
    private static final Path FOLDER = Golden.file("lstm").resolveSibling("tokenizers");

    @TempDir
    private Path folder;

    private static String digest(List<String> lines, Function<String, Encoding> tokenizer) {
        CRC32 crc = new CRC32();
        for (String line : lines) {
            Encoding e = tokenizer.apply(line);
            ByteBuffer all = ByteBuffer.allocate(12 * e.ids().length);
            for (int k = 0; k < e.ids().length; k++) {
                all.putInt(e.ids()[k]).putInt(e.begin()[k]).putInt(e.end()[k]);
            }
            crc.update(all.flip());
        }
        return String.format("%08x", crc.getValue());
    }

    @Test
    void aHundredThousandLinesAreThoseOfTokenizers() throws IOException {
        List<String> lines = MixedLines.of(100_000);
        String to = System.getProperty("carousel.lines");
        if (to != null) { // for tokenizers_check.py
            Files.write(Path.of(to), lines.stream().map(Json::quote).toList());
        }
        Map<String, String> own = new LinkedHashMap<>();
        for (String name : List.of("byte-level", "byte-level-prefixed")) {
            ByteLevelTokenizer tokenizer = ByteLevelTokenizer.load(FOLDER.resolve(name + ".json"));
            own.put(name, digest(lines, tokenizer::encode));
        }
        String untrimmed = Files.readString(FOLDER.resolve("byte-level-prefixed.json"))
                .replace("\"trim_offsets\":true", "\"trim_offsets\":false");
        ByteLevelTokenizer whole =
                ByteLevelTokenizer.load(Files.writeString(folder.resolve("tokenizer.json"), untrimmed));
        own.put("byte-level-untrimmed", digest(lines, whole::encode));
        for (boolean uncased : new boolean[] {true, false}) {
            BertTokenizer bert = BertTokenizer.load(FOLDER.resolveSibling("pretrained/vocab.txt"), uncased);
            own.put(uncased ? "bert-uncased" : "bert-cased", digest(lines, t -> bert.encode(t, Integer.MAX_VALUE)));
        }
        Map<String, String> golden = new LinkedHashMap<>();
        for (String line : Files.readAllLines(FOLDER.resolve("digests.txt"))) {
            golden.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        assertEquals(golden, own);
    }

    @Test
    void tokensBecomeTheTextAgain() {
        ByteLevelTokenizer t = ByteLevelTokenizer.load(FOLDER.resolve("byte-level.json"));
        for (String line : MixedLines.of(2_000)) {
            assertEquals(line, t.decode(t.encode(line).ids()));
        }
        assertEquals("a\uFFFDb", t.decode(t.encode("a\uD83Db").ids()), "a surrogate without a partner");
        assertEquals(0, t.encode("").ids().length);
        assertEquals("<|endoftext|>", t.piece(t.encode("x<|endoftext|>y").ids()[1]));
        assertArrayEquals(
                t.encode("the cat sat").ids(), t.encode("the cat sat", 99).ids());
        assertEquals(2, t.encode("the cat sat", 2).ids().length);
        assertEquals(0, t.index(t.piece(0)));
    }

    @Test
    void aMillionLettersOfOneWord() {
        ByteLevelTokenizer t = ByteLevelTokenizer.load(FOLDER.resolve("byte-level.json"));
        String word = "thecatsatonthemat".repeat(60_000);
        int[] ids = t.encode(word).ids();
        assertEquals(word, t.decode(ids));
        String half = "thecatsatonthemat".repeat(2); // 34 letters: the other way of joining
        int[] few = t.encode(half).ids();
        assertArrayEquals(
                few,
                java.util.Arrays.copyOf(t.encode("thecatsatonthemat".repeat(4)).ids(), few.length));
        assertEquals(1_000_000, t.decode(t.encode(" ".repeat(1_000_000)).ids()).length());
    }

    @Test
    void gpt2sOwnTwoFiles() throws IOException {
        ByteLevelTokenizer json = ByteLevelTokenizer.load(FOLDER.resolve("byte-level.json"));
        Map<String, Object> model =
                Json.object(Json.object(Json.parse(Files.readString(FOLDER.resolve("byte-level.json"))))
                        .get("model"));
        List<String> vocabulary = new ArrayList<>();
        Json.object(model.get("vocab")).forEach((piece, index) -> vocabulary.add(Json.quote(piece) + ":" + index));
        Path vocab = Files.writeString(folder.resolve("vocab.json"), "{" + String.join(",", vocabulary) + "}");
        List<String> merges = new ArrayList<>(List.of("#version: 0.2"));
        for (Object merge : Json.array(model.get("merges"))) {
            merges.add(String.join(
                    " ", Json.array(merge).stream().map(Json::string).toList()));
        }
        Path file = Files.write(folder.resolve("merges.txt"), merges);
        ByteLevelTokenizer two = ByteLevelTokenizer.load(vocab, file);
        for (String line : MixedLines.of(500)) {
            assertArrayEquals(json.encode(line).ids(), two.encode(line).ids(), line);
        }
        merges.add("th e cat");
        Files.write(file, merges);
        assertTrue(message(() -> ByteLevelTokenizer.load(vocab, file)).contains("'th e cat' is not two pieces"));
        merges.set(merges.size() - 1, "nopiece e");
        Files.write(file, merges);
        assertTrue(message(() -> ByteLevelTokenizer.load(vocab, file)).contains("lacks 'nopiece'"));
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        String json = Files.readString(FOLDER.resolve("byte-level.json"));
        Path file = folder.resolve("tokenizer.json");
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put(json.replaceFirst("\"type\": ?\"BPE\"", "\"type\":\"Unigram\""), "type is Unigram where BPE");
        wrong.put(json.replaceFirst("\"normalizer\": ?null", "\"normalizer\":{\"type\":\"NFC\"}"), "normalizer is");
        wrong.put(json.replaceFirst("\"use_regex\": ?true", "\"use_regex\":false"), "use_regex is false");
        wrong.put(json.substring(0, json.length() / 2), "not valid JSON");
        wrong.put("", "not valid JSON");
        wrong.put(json.replaceFirst("(\"added_tokens\": ?\\[.*?\"content\": ?)\"[^\"]+\"", "$1\"\""), "has no letters");
        for (Map.Entry<String, String> w : wrong.entrySet()) {
            Files.writeString(file, w.getKey());
            String message = message(() -> ByteLevelTokenizer.load(file));
            assertTrue(message.contains("tokenizer.json") && message.contains(w.getValue()), message);
        }
        String bert = message(() -> ByteLevelTokenizer.load(FOLDER.resolveSibling("pretrained/tokenizer.json")));
        assertTrue(bert.contains("type is BertPreTokenizer where ByteLevel is expected"), bert);
        assertThrows(UncheckedIOException.class, () -> ByteLevelTokenizer.load(folder.resolve("missing.json")));
        ByteLevelTokenizer t = ByteLevelTokenizer.load(FOLDER.resolve("byte-level.json"));
        assertThrows(IllegalArgumentException.class, () -> t.encode("a", 0));
        assertThrows(IllegalArgumentException.class, () -> t.decode(-1));
        assertThrows(IllegalArgumentException.class, () -> t.index("no such piece"));
    }

    private static String message(Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
