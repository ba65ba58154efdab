package org.carousel.embedding.word2vec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.carousel.embedding.Neighbour;
import org.carousel.embedding.VectorFormat;
import org.carousel.embedding.WordVectors;
import org.carousel.files.internal.ByteReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that fastText and gensim wrote, against the answers of fastText; both come from fasttext_models.py. */
class FastTextTest {
    @TempDir
    Path folder;

    static byte[] golden(String name) {
        try (InputStream in = FastTextTest.class.getResourceAsStream("/golden/fasttext/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(byte[] content) {
        try {
            return Files.write(folder.resolve("model.bin"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FastTextModel model(String name) {
        if (name.equals("version11.bin")) {
            return FastTextModel.load(file(with("softmax.bin", 4, 11)));
        }
        return FastTextModel.load(file(golden(name)));
    }

    /** A golden file with another number at a place. */
    private static byte[] with(String name, int at, int number) {
        byte[] content = golden(name);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putInt(at, number);
        return content;
    }

    /** The answers of one kind, each with its question first. */
    private static List<List<String>> answers(String name, String kind) {
        String text = new String(golden(name.replaceFirst("\\..*", ".txt")), StandardCharsets.UTF_8);
        return text.lines()
                .map(line -> Arrays.asList(line.split("\t", -1)))
                .filter(row -> row.get(0).equals(kind))
                .map(row -> row.subList(1, row.size()))
                .toList();
    }

    private static float[] floats(List<String> texts) {
        float[] values = new float[texts.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(texts.get(i));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "skipgram.bin,0",
        "cbow.bin,0",
        "plain.bin,11",
        "softmax.bin,0",
        "version11.bin,11",
        "hs.bin,11",
        "ova.bin,11",
        "pruned.ftz,0",
        "qout.ftz,11",
        "gensim.bin,2"
    })
    void vectorsAreThoseOfFastText(String name, int unknown) {
        FastTextModel model = model(name);
        assertEquals(answers(name, "words"), List.of(model.words()));
        assertEquals(answers(name, "labels"), List.of(model.labels()));
        WordVectors all = model.wordVectors();
        assertEquals(model.words(), all.words());
        int known = 0;
        int none = 0;
        for (List<String> answer : answers(name, "vector")) {
            String word = answer.get(0);
            float[] expected = floats(answer.subList(1, answer.size()));
            Optional<float[]> found = model.vector(word);
            if (found.isEmpty()) {
                assertArrayEquals(new float[model.dimension()], expected, word); // fastText's way to say so
                none++;
            } else if (name.equals("pruned.ftz")) { // norm times centroid plus sum: fastText rounds twice, we once
                assertArrayEquals(expected, found.get(), 1e-6f, word);
            } else {
                assertArrayEquals(expected, found.get(), word);
            }
            if (all.contains(word)) {
                assertArrayEquals(found.orElseThrow(), all.vector(word));
                known++;
            }
        }
        assertTrue(known > 7, "known words: " + known);
        assertEquals(unknown, none, "words without a vector");
    }

    @ParameterizedTest
    @ValueSource(strings = {"skipgram.bin", "cbow.bin", "plain.bin", "gensim.bin"})
    void neighboursAreThoseOfFastText(String name) {
        FastTextModel model = model(name);
        WordVectors all = model.wordVectors();
        List<List<String>> answers = answers(name, "nearest");
        assertTrue(answers.size() >= 3);
        for (List<String> answer : answers) {
            String word = answer.get(0);
            List<Neighbour> found = all.contains(word)
                    ? all.nearest(word, 5)
                    : all.nearest(model.vector(word).orElseThrow(), 5);
            assertEquals(5, found.size());
            for (int k = 0; k < 5; k++) {
                assertEquals(answer.get(1 + 2 * k), found.get(k).word(), word);
                assertEquals(
                        Double.parseDouble(answer.get(2 + 2 * k)), found.get(k).similarity(), 1e-6);
            }
        }
    }

    /** fastText gives p + 0.00001 with softmax; the product of 0.00001 and each factor with a tree, if that is not below. */
    @ParameterizedTest
    @CsvSource({
        "softmax.bin,0.00001,1e-6",
        "version11.bin,0.00001,1e-6",
        "pruned.ftz,0.00001,1e-6",
        "qout.ftz,0.00001,1e-6",
        "hs.bin,0.00003,3e-5",
        "ova.bin,-0.004,0.0041"
    })
    void labelsHaveTheProbabilitiesOfFastText(String name, double more, double bound) {
        FastTextModel model = model(name);
        List<List<String>> answers = answers(name, "predict");
        assertTrue(answers.size() >= 3);
        for (List<String> answer : answers) {
            String line = answer.get(0);
            Map<String, Double> found = model.classify(line, 300);
            assertEquals(model.labels().size(), found.size());
            double sum = found.values().stream().mapToDouble(p -> p).sum();
            assertTrue(name.equals("ova.bin") || Math.abs(sum - 1) < 1e-6, "sum " + sum);
            List<String> order = List.copyOf(found.keySet());
            for (int k = 1; k < answer.size(); k += 2) {
                String label = answer.get(k);
                assertEquals(Double.parseDouble(answer.get(k + 1)) - more, found.get(label), bound, line + label);
                if (!name.equals("ova.bin")) { // where its table has steps, fastText has no order
                    assertEquals(label, order.get(k / 2), line);
                }
            }
            assertEquals(
                    order.subList(0, 2), List.copyOf(model.classify(line, 2).keySet()));
        }
    }

    @Test
    void aLabelHasNoVectorAndTheMostFrequentWordsCanBeTakenAlone() {
        FastTextModel model = model("softmax.bin");
        assertEquals(Optional.empty(), model.vector("__label__a"));
        assertEquals(model.words().subList(0, 3), model.wordVectors(3).words());
        assertEquals(
                "fastText's classifier: 37 words of 5 numbers, n-grams of 2 to 3 characters, 6 labels", model + "");
        assertEquals("fastText's CBOW: 37 words of 5 numbers", model("plain.bin") + "");
        assertThrows(IllegalArgumentException.class, () -> model.wordVectors(0));
    }

    @Test
    void questionsThatAModelCannotAnswerAreRefused() {
        String message = assertThrows(
                        IllegalStateException.class, () -> model("cbow.bin").classify("the mill", 1))
                .getMessage();
        assertTrue(message.contains("fastText's CBOW: 37 words"), message);
        FastTextModel model = model("hs.bin");
        assertThrows(IllegalArgumentException.class, () -> model.classify("two\nlines", 1));
        assertThrows(IllegalArgumentException.class, () -> model.classify("the mill", 0));
    }

    private static String message(byte[] content) {
        ByteReader in = ByteReader.of("x.bin", new ByteArrayInputStream(content), content.length);
        String message = assertThrows(IllegalArgumentException.class, () -> FastTextFile.read(in))
                .getMessage();
        assertTrue(message.startsWith("load: x.bin: byte"), message);
        return message.substring("load: x.bin: ".length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"skipgram.bin", "softmax.bin", "pruned.ftz", "qout.ftz"})
    void everyCutIsFoundOutAndSoIsMore(String name) {
        byte[] whole = golden(name);
        for (int length = 0; length < whole.length; length += 1 + length / 500) {
            message(Arrays.copyOf(whole, length));
        }
        String more = message(Arrays.copyOf(whole, whole.length + 3));
        assertEquals("byte " + whole.length + ": 3 bytes more than the output matrix has", more);
    }

    /** Places are those of the file's header and its first word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0|5|byte 0: the file begins with 5 and not with 793712314",
                "4|13|byte 4: version 13 of fastText's files; 11 and 12 are read",
                "8|0|bytes 8 to 63, the arguments of the training: dim is 0, not from 1",
                "32|5|bytes 8 to 63, the arguments of the training: loss is 5, not from 1 to 4",
                "36|4|bytes 8 to 63, the arguments of the training: model is 4, not from 1 to 3",
                "40|-1|bytes 8 to 63, the arguments of the training: bucket is -1",
                "40|41|the input matrix is [77×5]; words, labels and buckets need at least 78 rows",
                "64|37|byte 64: a dictionary of 37 entries, 37 words and 6 labels",
                "68|0|byte 64: a dictionary of 43 entries, 0 words and 6 labels",
                "72|-1|byte 64: a dictionary of 43 entries, 37 words and -1 labels",
                "84|7|byte 64: a dictionary of 43 words and labels and -4294967289 kept of 40 buckets",
                "92|6645760|byte 92: word 0, '', is empty",
                "104|1932475393|byte 92: 'the' is of the kind 1; the first 37 must be words"
            })
    void damageNamesItsPlace(int at, int number, String expected) {
        String message = message(with("softmax.bin", at, number));
        assertTrue(message.contains(expected), message);
    }

    @Test
    void aWordThatComesTwiceAndANumberThatIsNoneAreFoundOut() {
        byte[] content = golden("plain.bin");
        String text = new String(content, StandardCharsets.ISO_8859_1);
        int at = text.indexOf("end\0");
        content[at] = 'a';
        content[at + 2] = 'y'; // any day is left
        int day = text.indexOf("day\0");
        System.arraycopy(content, at, content, day, 3);
        assertTrue(message(content).contains(", 'any', is word "));
        int last = golden("plain.bin").length - 4 * 37 * 5 - 16 - 1 - 4; // before the output matrix
        String message = message(with("plain.bin", last, 0x7fc00000));
        assertTrue(message.startsWith("byte " + last + ": the input matrix has the number NaN"), message);
    }

    /** A file whose length is only claimed: nothing is reserved before it was held against the heap. */
    @Test
    void aMatrixBeyondTheHeapIsToldWithNumbers() {
        byte[] content = golden("plain.bin");
        long rows = 2_000_000_000;
        int at = new String(content, StandardCharsets.ISO_8859_1).indexOf("%\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0"); // [37×5]
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(at, rows);
        ByteReader in = ByteReader.of("model", new ByteArrayInputStream(content), 100_000_000_000L);
        String message = assertThrows(IllegalArgumentException.class, () -> FastTextFile.read(in))
                .getMessage();
        assertTrue(message.contains("takes 40.0 GB, and the heap of this Java is at most"), message);
        assertTrue(message.contains("-Xmx"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WORD2VEC_TEXT", "WORD2VEC_BINARY"})
    void whoTakesAModelForAFileOfVectorsIsToldWhoReadsIt(VectorFormat format) {
        Path file = file(golden("skipgram.bin"));
        String message = assertThrows(IllegalArgumentException.class, () -> WordVectors.load(file, format))
                .getMessage();
        assertTrue(message.contains("a model of fastText; FastTextModel.load reads it"), message);
    }

    /** More rows than one array of the model takes; row r is r in all columns. */
    @Test
    void rowsOfALargeMatrixLieInSeveralArrays() throws IOException {
        int buckets = 200_000;
        ByteBuffer content = ByteBuffer.allocate(140 + 3 * 4 * (buckets + 2)).order(ByteOrder.LITTLE_ENDIAN);
        for (int number : new int[] {793712314, 12, 3, 5, 5, 1, 5, 1, 2, 2, buckets, 3, 4, 100}) {
            content.putInt(number);
        }
        content.putDouble(1e-4).putInt(1).putInt(1).putInt(0).putLong(7).putLong(-1);
        content.put((byte) 'a').put((byte) 0).putLong(7).put((byte) 0);
        content.put((byte) 0).putLong(buckets + 1).putLong(3);
        for (int r = 0; r <= buckets; r++) {
            content.putFloat(r).putFloat(r).putFloat(r);
        }
        content.put((byte) 0).putLong(1).putLong(3).putFloat(0).putFloat(0).putFloat(0);
        byte[] bytes = Arrays.copyOf(content.array(), content.position());
        FastTextModel model = FastTextFile.read(ByteReader.of("x", new ByteArrayInputStream(bytes), bytes.length));
        int furthest = 0;
        for (String word : List.of("seen", "unseen", "Straße", "a")) {
            int[] rows = new Subwords(3, 4, buckets).of(word);
            double sum = 0;
            for (int bucket : rows) {
                sum += bucket + 1;
                furthest = Math.max(furthest, bucket);
            }
            double mean = sum / (rows.length + (word.equals("a") ? 1 : 0)); // row 0 is that of the word
            float[] found = model.vector(word).orElseThrow();
            assertEquals(mean, found[0], 1e-6 * mean, word);
            assertEquals(found[0], found[2]);
        }
        assertTrue(furthest > 2 * (1 << 18) / 3, "a row of the third array was asked for: " + furthest);
    }

    /** Word n-grams by the equation, the bucket of a pair of known hashes. */
    @Test
    void linesHaveTheRowsOfTheirWordsTheirEndAndTheirPairs() {
        FastTextDictionary dictionary = new FastTextDictionary(
                List.of("a", "</s>"), List.of(), Map.of("a", 0, "</s>", 1), Map.of(), null, 2, 1000, null);
        long a = Subwords.hash(new byte[] {'a'});
        long end = Subwords.hash("</s>".getBytes(StandardCharsets.UTF_8));
        int pair = (int) Long.remainderUnsigned(116049371L * a + end, 1000);
        assertArrayEquals(new int[] {0, 1, 2 + pair}, dictionary.line(" a"));
        assertEquals(0, IntStream.of(dictionary.word("b")).count());
    }
}
