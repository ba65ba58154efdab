package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.carousel.Golden;
import org.carousel.files.internal.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the package tokenizers 0.23.3: golden/pretrained.py. */
class BertTokenizerTest {
    private static final Path FOLDER = Golden.file("pretrained/bert").getParent();
    private static final Path VOCABULARY = FOLDER.resolve("vocab.txt");

    @TempDir
    private Path folder;

    private static int[] ints(Object list) {
        return Json.array(list).stream().mapToInt(n -> (int) Json.integer(n)).toArray();
    }

    @Test
    void tokensAndPlacesAreThoseOfTokenizers() throws IOException {
        Map<Long, BertTokenizer> both =
                Map.of(0L, BertTokenizer.load(VOCABULARY, false), 1L, BertTokenizer.load(VOCABULARY, true));
        List<String> lines = Files.readAllLines(FOLDER.resolve("tokens.jsonl"));
        assertEquals(30, lines.size());
        for (String line : lines) {
            List<Object> golden = Json.array(Json.parse(line));
            String text = Json.string(golden.get(1));
            Encoding e = both.get(Json.integer(golden.get(0))).encode(text, 1000);
            assertArrayEquals(ints(golden.get(2)), e.ids(), text);
            List<Object> spans = Json.array(golden.get(3));
            for (int k = 0; k < spans.size(); k++) {
                assertArrayEquals(ints(spans.get(k)), new int[] {e.begin()[k], e.end()[k]}, text + " token " + k);
            }
        }
    }

    @Test
    void tokenizerJsonIsTheSame() {
        BertTokenizer text = BertTokenizer.load(VOCABULARY, true);
        BertTokenizer json = BertTokenizer.load(FOLDER.resolve("tokenizer.json"), true);
        assertEquals(text.size(), json.size());
        String sentence = "The cat, unbelievably: Ångström [MASK]";
        assertArrayEquals(
                text.encode(sentence, 99).ids(), json.encode(sentence, 99).ids());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> BertTokenizer.load(FOLDER.resolve("tokenizer.json"), false))
                .getMessage();
        assertTrue(message.contains("lowercase is true where false is expected"), message);
    }

    @Test
    void longTextsAreCutBeforeTheEnd() {
        BertTokenizer t = BertTokenizer.load(VOCABULARY, true);
        String million = "the cat ".repeat(125_000);
        int[] ids = t.encode(million, 8).ids();
        assertArrayEquals(
                new int[] {
                    t.index("[CLS]"),
                    t.index("the"),
                    t.index("cat"),
                    t.index("the"),
                    t.index("cat"),
                    t.index("the"),
                    t.index("cat"),
                    t.index("[SEP]")
                },
                ids);
        assertEquals(2, t.encode("anything", 2).ids().length);
        assertEquals(250_002, t.encode(million, Integer.MAX_VALUE).ids().length);
        assertEquals(List.of("[UNK]"), t.split("x".repeat(1_000_000)));
    }

    @Test
    void refusesOtherFiles() throws IOException {
        Path none = Files.writeString(folder.resolve("vocab.txt"), "the\ncat\n");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BertTokenizer.load(none, true))
                .getMessage()
                .contains("lacks [PAD]"));
        Path bpe = Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"normalizer\":{},\"pre_tokenizer\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\"}}");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> BertTokenizer.load(bpe, true))
                .getMessage()
                .contains("type is ByteLevel where BertPreTokenizer is expected"));
        BertTokenizer t = BertTokenizer.load(VOCABULARY, true);
        assertThrows(IllegalArgumentException.class, () -> t.encode("a", 1));
        assertThrows(IllegalArgumentException.class, () -> t.piece(-1));
    }
}
