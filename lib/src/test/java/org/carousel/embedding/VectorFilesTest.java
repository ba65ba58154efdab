package org.carousel.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of gensim, NumPy and our own, sound and damaged; the golden ones come from vectors.py. */
class VectorFilesTest {
    private static final List<String> WORDS =
            List.of("the", "café", "naïve", "東京", "new_york", "x", "1914", "don't", "\u00a0nbsp", "λόγος");
    private static final int D = 6;

    @TempDir
    Path folder;

    static WordVectors expected() {
        float[] scales = {1, 1e-8f, 0.1f, 1, 1e15f, 1, 1, 1, 1, 1};
        float[] values = new float[WORDS.size() * D];
        for (int i = 0; i < WORDS.size(); i++) {
            for (int j = 0; j < D; j++) {
                values[i * D + j] = ((7 * i + 13 * j + i * j * j) % 17 - 8) * scales[i] / (i == 3 ? 3 : 1);
            }
        }
        return WordVectors.of(WORDS, Tensor.wrap(values, WORDS.size(), D));
    }

    static byte[] golden(String name) {
        try (InputStream in = VectorFilesTest.class.getResourceAsStream("/golden/vectors/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertSame(WordVectors a, WordVectors b) {
        assertEquals(a.words(), b.words());
        assertArrayEquals(a.matrix().toArray(), b.matrix().toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "gensim.txt,WORD2VEC_TEXT",
        "gensim.bin,WORD2VEC_BINARY",
        "gensim.glove,GLOVE_TEXT",
        "fasttext.vec,WORD2VEC_TEXT",
        "numpy.npy,NPY",
        "numpy64.npy,NPY"
    })
    void filesOfOthersAreRead(String name, VectorFormat format) {
        if (format == VectorFormat.NPY) {
            String words = name.replace(".npy", ".words");
            file(words, golden(words));
        }
        assertSame(expected(), WordVectors.load(file(name, golden(name)), format));
    }

    @ParameterizedTest
    @CsvSource({
        "carousel.txt,WORD2VEC_TEXT",
        "carousel.bin,WORD2VEC_BINARY",
        "carousel.glove,GLOVE_TEXT",
        "carousel.npy,NPY",
    })
    void whatIsWrittenIsWhatGensimWasSeenToRead(String name, VectorFormat format) throws IOException {
        Path file = folder.resolve(name);
        expected().save(file, format);
        assertArrayEquals(golden(name), Files.readAllBytes(file));
        assertSame(expected(), WordVectors.load(file, format));
    }

    @ParameterizedTest
    @EnumSource(VectorFormat.class)
    void everyFiniteNumberSurvives(VectorFormat format) {
        RandomStream random = RandomStream.of(3);
        float[] values = new float[4000];
        for (int i = 0; i < values.length; i++) {
            float any = Float.intBitsToFloat((int) random.nextLong());
            values[i] = Float.isFinite(any) ? any : i;
        }
        float[] special = {
            Float.MIN_VALUE, Float.MAX_VALUE, -Float.MIN_NORMAL, 1e9f, 999999999f, 0.1f, 9.9999994f, 16777217f, -0.001f
        };
        System.arraycopy(special, 0, values, 0, special.length);
        WordVectors all = WordVectors.of(List.of("a", "b"), Tensor.wrap(values, 2, 2000));
        Path file = folder.resolve("all.npy");
        all.save(file, format);
        assertArrayEquals(values, WordVectors.load(file, format).matrix().toArray());
    }

    private String message(String content, VectorFormat format) {
        return message(content.getBytes(StandardCharsets.UTF_8), format);
    }

    private String message(byte[] content, VectorFormat format) {
        Path file = file("bad.vec", content);
        String message = assertThrows(IllegalArgumentException.class, () -> WordVectors.load(file, format))
                .getMessage();
        assertTrue(message.contains(file.toString()), message);
        return message.substring(
                message.indexOf(file.toString()) + file.toString().length() + 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 2~a 1 2~b 3 4~c 5 6~|line 4: more words than the 2",
                "3 2~a 1 2~b 3 4444444~|line 1 declares 3 words and the file ends after 2",
                "2000000000 300~a 1 2~|line 1 declares 2000000000 words of 300 numbers, more than the 6 bytes that follow",
                "2 999999999999999999~a 1~|line 1 declares 2 words",
                "99999999999999999999 1~a 1~|line 1: '99999999999999999999 1' does not give",
                "a 1 2~b 3 4~|line 1: 'a 1 2' does not give the number of words",
                "0 2~|line 1: 0 words",
                "2 2~a 1 2~a 3 4~|line 3: the word 'a' comes a second time; it stands on line 2",
                "2 2~a 1 NaN~b 3 4~|line 2: number 2 of 'a' is NaN",
                "2 2~a 1 2~b 1e39 4~|line 3: number 1 of 'b' is Infinity",
                "2 2~a 1 2~new york 3 4 5~|line 3: more than 2 numbers behind the word",
                "2 2~a 1 2~b 3 4 5~|line 3: more than 2 numbers behind the word",
                "3 2~a 1 2~b 3 4 c 5 6~|line 3: two words with their numbers; a line end is missing",
                "2 2~a 1 2~b 3~|line 3: 2 fields",
                "2 2~a 1 2~b 3 x4~|line 3: 'x4' is not a number",
                "2 2~~a 1 2~b 3 4~|line 2 is empty and more lines follow",
                "2 2~ 1 2~b 3 4~|line 2: a vector without a word",
                "''|line 1: ''"
            })
    void damagedTextNamesItsLine(String content, String expected) {
        String message = message(content.replace('~', '\n'), VectorFormat.WORD2VEC_TEXT);
        assertTrue(message.startsWith(expected), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 2~a 1 2~b 3 4~|line 1: '3 2' looks like sizes",
                "a 1 2~b 3~|line 2: 2 fields",
                "a~|line 1: 'a' has no numbers",
                "''|no vectors; the file is empty"
            })
    void damagedGloveNamesItsLine(String content, String expected) {
        String message = message(content.replace('~', '\n'), VectorFormat.GLOVE_TEXT);
        assertTrue(message.startsWith(expected), message);
    }

    /** Words of the public file glove.840B.300d: with spaces, a next-line character, and a number in the first line. */
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", " \n"})
    void wordsMayHoldSpacesAndEveryLineEndIsRead(String end) {
        List<String> words = List.of("7", ". . .", "at name@domain.com", "a\u0085b", "c\u2028d", "été");
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            lines.append(words.get(i)).append(" ").append(i).append(" -0.5").append(end);
        }
        String cut = lines.substring(0, lines.length() - end.length());
        for (String text : List.of(lines.toString(), cut, lines + end)) {
            for (String mark : List.of("", "\ufeff")) {
                byte[] glove = (mark + text).getBytes(StandardCharsets.UTF_8);
                byte[] vec = (mark + "6 2" + end + text).getBytes(StandardCharsets.UTF_8);
                WordVectors first = WordVectors.load(file("a.txt", glove), VectorFormat.GLOVE_TEXT);
                WordVectors second = WordVectors.load(file("a.vec", vec), VectorFormat.WORD2VEC_TEXT);
                assertEquals(words, first.words());
                assertEquals(words, second.words());
                assertArrayEquals(new float[] {5, -0.5f}, first.vector("été"));
                assertArrayEquals(first.matrix().toArray(), second.matrix().toArray());
            }
        }
        WordVectors.of(words, Tensor.zeros(6, 1)).save(folder.resolve("v.npy"), VectorFormat.NPY);
        file("v.words", ("\ufeff" + String.join("\r\n", words)).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                words,
                WordVectors.load(folder.resolve("v.npy"), VectorFormat.NPY).words());
    }

    @Test
    void anotherEncodingIsNamed() {
        byte[] latin = "1 2\ncafé 1 2\n".getBytes(StandardCharsets.ISO_8859_1);
        String message = message(latin, VectorFormat.WORD2VEC_TEXT);
        assertTrue(message.startsWith("line 2: 'café' is not valid UTF-8 (byte 0xE9)"), message);
    }

    @Test
    void carriageReturnsAndBlankLinesAtTheEndDoNoHarm() {
        Path file = file("dos.vec", "2 1\r\na 1\r\nb 2\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        WordVectors vectors = WordVectors.load(file, VectorFormat.WORD2VEC_TEXT);
        assertEquals(List.of("a", "b"), vectors.words());
        assertEquals(2, vectors.vector("b")[0]);
    }

    @Test
    void everyCutOfABinaryFileIsFoundOut() {
        byte[] whole = golden("gensim.bin");
        for (int length = 0; length < whole.length; length++) {
            String message = message(Arrays.copyOf(whole, length), VectorFormat.WORD2VEC_BINARY);
            assertTrue(message.matches("(?s)(byte|line) \\d+.*"), message);
        }
        String more = message(Arrays.copyOf(whole, whole.length + 5), VectorFormat.WORD2VEC_BINARY);
        assertTrue(more.startsWith("byte " + whole.length + ": 5 bytes more than"), more);
    }

    @Test
    void everyDamagedByteOfABinaryFileCostsAtMostAnException() {
        byte[] whole = golden("gensim.bin");
        RandomStream random = RandomStream.of(5);
        int refused = 0;
        for (int trial = 0; trial < 500; trial++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] = (byte) random.nextInt(256);
            Path file = file("damaged.bin", damaged);
            try {
                assertEquals(
                        10, WordVectors.load(file, VectorFormat.WORD2VEC_BINARY).size());
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue(refused > 20, "refused " + refused);
    }

    @Test
    void binaryNamesTheByteOfAVectorThatIsNotFinite() {
        byte[] bytes = "2 1\na \0\0\0\0\nb ????".getBytes(StandardCharsets.ISO_8859_1);
        bytes[bytes.length - 1] = 0x7f; // 0x7f3f3f3f is finite
        bytes[bytes.length - 2] = (byte) 0xc0; // NaN
        assertTrue(message(bytes, VectorFormat.WORD2VEC_BINARY).startsWith("byte 10: number 1 of 'b' is NaN"));
    }

    @Test
    void damagedNpyFilesAreFoundOut() throws IOException {
        byte[] whole = golden("numpy.npy");
        Path file = folder.resolve("x.npy");
        Path words = file("x.words", golden("numpy.words"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            String message = assertThrows(
                            IllegalArgumentException.class, () -> WordVectors.load(file, VectorFormat.NPY))
                    .getMessage();
            assertTrue(message.contains(file.toString()), message);
        }
        Files.write(file, whole);
        Files.writeString(words, "only\ntwo\n");
        String message = assertThrows(IllegalArgumentException.class, () -> WordVectors.load(file, VectorFormat.NPY))
                .getMessage();
        assertTrue(message.contains("a matrix of 10 rows and 2 words"), message);
        Files.writeString(words, "same\n".repeat(10));
        message = assertThrows(IllegalArgumentException.class, () -> WordVectors.load(file, VectorFormat.NPY))
                .getMessage();
        assertTrue(message.contains(file + ": word vectors: 'same' comes twice"), message);
    }

    @ParameterizedTest
    @EnumSource(VectorFormat.class)
    void wordsThatAFormatCannotHoldLeaveTheOldFileAlone(VectorFormat format) throws IOException {
        Path file = folder.resolve("old.npy");
        Files.writeString(file, "precious");
        for (String word : List.of("line\nend", "half\ud800")) {
            WordVectors bad = WordVectors.of(List.of("good", word), Tensor.zeros(2, 3));
            assertThrows(IllegalArgumentException.class, () -> bad.save(file, format));
        }
        WordVectors spaced = WordVectors.of(List.of("new york"), Tensor.zeros(1, 3));
        if (format != VectorFormat.NPY) {
            String message = assertThrows(IllegalArgumentException.class, () -> spaced.save(file, format))
                    .getMessage();
            assertTrue(message.contains("'new york' cannot be written"), message);
        }
        assertEquals("precious", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList(), "nothing half-written lies about");
        }
    }

    @Test
    void aMissingFileIsNamed() {
        Path file = folder.resolve("absent");
        assertTrue(assertThrows(UncheckedIOException.class, () -> WordVectors.load(file, VectorFormat.WORD2VEC_TEXT))
                .getMessage()
                .contains(file.toString()));
    }
}
