package org.carousel.embedding.text;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocabularyTest {
    @TempDir
    Path folder;

    @Test
    void wordsAreInTheOrderOfTheirCountsThenOfTheirAppearance() {
        Vocabulary vocabulary = Vocabulary.of(Corpus.ofText("c b a b", "a  d\tc c", ""), 1);
        assertEquals(List.of("c", "b", "a", "d"), vocabulary.words());
        assertEquals(3, vocabulary.count(0));
        assertEquals(1, vocabulary.index("b"));
        assertEquals("a", vocabulary.word(2));
        assertEquals(-1, vocabulary.index("e"));
        assertEquals(8, vocabulary.total());
    }

    @Test
    void rareWordsAreLeftOut() {
        Vocabulary vocabulary = Vocabulary.of(Corpus.ofText("c b a b a d c c"), 2);
        assertEquals(List.of("c", "b", "a"), vocabulary.words());
        assertEquals(7, vocabulary.total());
    }

    @Test
    void nothingToCountIsAnError() {
        assertMessage("the corpus is empty", () -> Vocabulary.of(Corpus.ofText("", " "), 1));
        assertMessage("none of the 2 different words occurs 3 times", () -> Vocabulary.of(Corpus.ofText("a b b"), 3));
    }

    @Test
    void wordsWithWhiteSpaceAreRejected() {
        assertMessage("new york", () -> Vocabulary.of(Corpus.of(List.of(List.of("new york"))), 1));
        assertMessage("a\\nb", () -> Vocabulary.of(Map.of("a\nb", 1L)));
        assertMessage("empty", () -> Vocabulary.of(Map.of("", 1L)));
        assertMessage("count 0", () -> Vocabulary.of(Map.of("a", 0L)));
    }

    /** Of 1000 words "a" is the half: √(t/f) + t/f with t/f = 0.02 and 0.001/0.001. */
    @Test
    void frequentWordsAreKeptWithTheProbabilityOfWord2vec() {
        Vocabulary vocabulary = Vocabulary.of(Map.of("a", 500L, "b", 499L, "c", 1L));
        assertEquals(Math.sqrt(0.02) + 0.02, vocabulary.keepProbability(0, 0.01), 1e-12);
        assertEquals(1, vocabulary.keepProbability(2, 0.01));
        assertEquals(1, vocabulary.keepProbability(0, 0));
        assertMessage("-1", () -> vocabulary.keepProbability(0, -1));
    }

    @Test
    void aSumKeepsTheOrder() {
        Vocabulary first = Vocabulary.of(Corpus.ofText("a a b c"), 1);
        Vocabulary second = Vocabulary.of(Corpus.ofText("d c c b d"), 1);
        Vocabulary both = first.and(second);
        assertEquals(List.of("c", "a", "b", "d"), both.words());
        assertEquals(3, both.count(0));
        assertEquals(9, both.total());
    }

    @Test
    void whatIsSavedIsLoaded() {
        Vocabulary vocabulary = Vocabulary.of(Corpus.ofText("größe 語 größe 😀 a"), 1);
        Path file = folder.resolve("new/words.txt");
        vocabulary.save(file);
        assertEquals(vocabulary, Vocabulary.load(file));
        vocabulary.save(file); // over itself
        assertEquals(vocabulary, Vocabulary.load(file));
        assertEquals(1, file.getParent().toFile().list().length, "nothing else is left in the folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a 2\\nb        | line 2: \"b\" is not a word",
                "a 2\\nb x      | line 2: \"b x\" is not a word",
                "a 2\\nb c 1    | line 2: vocabulary: the word \"b c\"",
                "a 2\\n\\nb 1   | line 2: \"\" is not a word",
                "a 2\\nb 1\\na 1| line 3: the word a appears a second time",
                "a 2\\nb -1     | line 2: vocabulary: count -1",
                "''             | there are no words",
            })
    void aBadFileIsAnErrorWithItsLine(String content, String message) throws IOException {
        Path file = folder.resolve("bad.txt");
        Files.writeString(file, content.replace("\\n", "\n"));
        assertMessage(message, () -> Vocabulary.load(file));
        assertMessage("bad.txt", () -> Vocabulary.load(file));
    }

    @Test
    void wrongEncodingNamesTheFile() throws IOException {
        Path file = folder.resolve("latin1.txt");
        Files.write(file, "größe 1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertMessage("latin1.txt: line 1: ", () -> Vocabulary.load(file));
    }

    @Test
    void aFileThatWasCutOrChangedIsRefused() throws IOException {
        Path file = folder.resolve("words.txt");
        Vocabulary vocabulary = Vocabulary.of(Map.of("a", 120L, "größe", 12L, "c", 1L));
        vocabulary.save(file);
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length - 1; cut++) {
            Files.write(file, Arrays.copyOf(whole, cut));
            assertMessage("load: " + file + ": ", () -> Vocabulary.load(file));
        }
        for (int at = 0; at < whole.length - 1; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            assertMessage("load: " + file + ": ", () -> Vocabulary.load(file));
        }
        Files.writeString(
                file, "\ufeff" + Files.readString(rewritten(file, whole)).replace("\n", "\r\n"));
        assertEquals(vocabulary, Vocabulary.load(file), "line ends of other systems");
    }

    private static Path rewritten(Path file, byte[] content) throws IOException {
        return Files.write(file, content);
    }
}
