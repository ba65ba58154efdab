package org.carousel.embedding.word2vec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedTextTest {
    /** Two bytes a word are enough for 65535 words and the end of a sentence. */
    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536})
    void everyWordOfALargeVocabularyIsEncoded(int size) {
        Corpus corpus = () -> IntStream.range(0, size).mapToObj(i -> List.of("w" + i, "w" + (size - 1 - i)));
        Vocabulary vocabulary = Vocabulary.of(corpus, 1);
        assertEquals(size, vocabulary.size());
        try (EncodedText memory = EncodedText.of(corpus, vocabulary);
                EncodedText file = EncodedText.of(corpus, vocabulary, 0)) {
            assertEquals(memory.blocks(), file.blocks());
            for (int b = 0; b < memory.blocks(); b++) {
                assertArrayEquals(file.block(b), memory.block(b));
            }
        }
    }

    @Test
    void encodedTextIsTheSameInMemoryAndInAFile() {
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            lines.add(List.of("a", "w" + i % 7, "unknown" + i, "w" + i % 3));
        }
        Corpus corpus = Corpus.of(lines);
        Vocabulary vocabulary = Vocabulary.of(corpus, 2);
        try (EncodedText memory = EncodedText.of(corpus, vocabulary);
                EncodedText file = EncodedText.of(corpus, vocabulary, 700)) {
            assertEquals(1500, memory.words());
            assertEquals(memory.blocks(), file.blocks());
            assertEquals(memory.fingerprint(), file.fingerprint());
            assertTrue(memory.blocks() > 10, "small texts have small blocks");
            long words = 0;
            for (int b = 0; b < memory.blocks(); b++) {
                assertArrayEquals(memory.block(b), file.block(b));
                assertEquals(words, memory.wordsBefore(b));
                words += Arrays.stream(memory.block(b)).filter(w -> w >= 0).count();
            }
            assertEquals(1500, words);
            assertEquals(1500, memory.wordsBefore(memory.blocks()));
        }
    }

    /** Training ends after the block that is being read when its thread is interrupted, so that block must be read. */
    @Test
    void anInterruptedThreadReadsItsBlockToTheEnd() {
        Corpus corpus = () -> IntStream.range(0, 400).mapToObj(i -> List.of("w" + i % 50, "w" + i % 7));
        Vocabulary vocabulary = Vocabulary.of(corpus, 1);
        Thread.currentThread().interrupt();
        try (EncodedText memory = EncodedText.of(corpus, vocabulary);
                EncodedText file = EncodedText.of(corpus, vocabulary, 0)) {
            for (int b = 0; b < memory.blocks(); b++) {
                assertArrayEquals(memory.block(b), file.block(b));
            }
        }
        assertTrue(Thread.interrupted(), "and stays interrupted");
    }

    @Test
    void aLongLineCountsAsSeveralSentences() {
        String[] words = new String[2500];
        Arrays.fill(words, "a");
        words[0] = "b";
        Corpus corpus = Corpus.of(List.of(List.of(words)));
        try (EncodedText text = EncodedText.of(corpus, Vocabulary.of(corpus, 1))) {
            int longest = 0;
            for (int b = 0; b < text.blocks(); b++) {
                int length = 0;
                for (int word : text.block(b)) {
                    length = word == EncodedText.END ? 0 : length + 1;
                    longest = Math.max(longest, length);
                }
            }
            assertEquals(EncodedText.LONGEST_SENTENCE, longest);
            assertEquals(2500, text.words());
        }
    }
}
