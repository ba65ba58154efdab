package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubwordVocabularyTest {
    /** The dictionary of Sennrich et al. 2016, algorithm 1: 5 low, 2 lower, 6 newest, 3 widest. */
    private static final String PAPER =
            "low ".repeat(5) + "lower ".repeat(2) + "newest ".repeat(6) + "widest ".repeat(3);

    private static final int PAPER_LETTERS = 5 + 11;

    @TempDir
    private Path folder;

    private static SubwordVocabulary learn(SubwordVocabulary.Method method, String text, int size) {
        return method == SubwordVocabulary.Method.WORD_PIECE
                ? SubwordVocabulary.wordPiece(text, size)
                : SubwordVocabulary.bytePairEncoding(text, size);
    }

    @Test
    void theTenMergesOfThePaper() {
        SubwordVocabulary learned = SubwordVocabulary.bytePairEncoding(PAPER, PAPER_LETTERS + 10);
        assertEquals(
                List.of("es", "est", "est ", "lo", "low", "ne", "new", "newest ", "low ", "wi"),
                learned.merges().stream().map(SubwordVocabulary.Merge::joined).toList());
        assertEquals(
                new SubwordVocabulary.Merge("new", "est ", "newest "),
                learned.merges().get(7));
        assertEquals(
                List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", " ", "d", "e", "i"),
                learned.pieces().subList(0, 9));
        assertEquals(List.of("low", "est "), learned.split("lowest"), "a word the text does not have");
        assertEquals(List.of("newest ", "wi", "d", "e", "r", " "), learned.split("newest wider"));
    }

    @Test
    void wordPieceJoinsWhatIsSeldomSeenApart() {
        // counts: ##e 17, ##s and ##t 9, w 3 ##i 3 ##d 3, l 7 ##o 7, n 6: (##i ##d) and (w ##i) score 3 / (3 · 3)
        SubwordVocabulary learned = SubwordVocabulary.wordPiece(PAPER, 100);
        assertEquals(
                new SubwordVocabulary.Merge("w", "##i", "wi"), learned.merges().get(0));
        assertEquals(
                new SubwordVocabulary.Merge("wi", "##d", "wid"),
                learned.merges().get(1));
        assertEquals(
                new SubwordVocabulary.Merge("l", "##o", "lo"), learned.merges().get(2));
        assertEquals(List.of("newest", "lower"), learned.split("newest lower"), "in the end all words are pieces");
        assertTrue(learned.size() < 100, "and no pair is left");
    }

    @Test
    void wordPieceDividesByTheCountsOfTheParts() {
        String text = "hug ".repeat(10) + "pug ".repeat(5) + "pun ".repeat(12) + "bun ".repeat(4) + "hugs ".repeat(5);
        // ##u ##g is seen 20 times, but 20 / (36 · 20) is less than 5 / (20 · 5)
        assertEquals(
                "##gs",
                SubwordVocabulary.wordPiece(text, 5 + 7 + 1).merges().get(0).joined());
        assertEquals(
                "ug",
                SubwordVocabulary.bytePairEncoding(text, 5 + 8 + 1)
                        .merges()
                        .get(0)
                        .joined());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpe", "wordpiece"})
    void mergesAndEncodingsOfThePeer(String name) {
        String text = Samples.resource("/golden/subwords/text.txt");
        List<String> golden =
                Samples.resource("/golden/subwords/" + name + ".txt").lines().toList();
        List<String> pieces =
                Stream.of(part(golden, "piece")).map(row -> row[1]).toList();
        SubwordVocabulary learned = name.equals("bpe")
                ? SubwordVocabulary.bytePairEncoding(text, 5 + pieces.size())
                : SubwordVocabulary.wordPiece(text, 5 + pieces.size());
        assertEquals(
                pieces,
                learned.pieces().stream()
                        .skip(5)
                        .map(SubwordVocabularyTest::json)
                        .toList());
        assertEquals(
                Stream.of(part(golden, "merge"))
                        .map(row -> row[1] + " " + row[2])
                        .toList(),
                learned.merges().stream()
                        .map(m -> json(m.left()) + " " + json(m.right()))
                        .toList());
        String[] lines = (text + Samples.resource("/golden/subwords/unseen.txt")).split("\n");
        String[][] ids = part(golden, "ids");
        assertEquals(lines.length, ids.length);
        for (int n = 0; n < lines.length; n++) {
            int[] expected =
                    Stream.of(ids[n]).skip(1).mapToInt(Integer::parseInt).toArray();
            assertArrayEquals(expected, learned.encode(withoutMarks(lines[n])), lines[n]);
        }
    }

    private static String[][] part(List<String> lines, String kind) {
        return lines.stream()
                .map(line -> line.split("\t"))
                .filter(row -> row[0].equals(kind))
                .toArray(String[][]::new);
    }

    private static String json(String piece) {
        return '"' + piece.replace("\"", "\\\"") + '"';
    }

    /** Without the words that the peer takes for pieces; see the generator. */
    private static String withoutMarks(String line) {
        return String.join(
                " ",
                SubwordVocabulary.words(line).stream()
                        .filter(w -> !w.startsWith("##") && !SubwordVocabulary.SPECIALS.contains(w))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void decodingGivesTheTextBack(SubwordVocabulary.Method method) {
        String text = Samples.resource("/golden/subwords/text.txt");
        String words = String.join(" ", SubwordVocabulary.words(text));
        for (int size : new int[] {150, 300, 100_000}) {
            SubwordVocabulary learned = learn(method, text, size);
            assertEquals(words, learned.decode(learned.encode(text)));
            assertEquals(
                    "[CLS] the lowest [MASK] river [SEP]",
                    learned.decode(concat(
                            new int[] {SubwordVocabulary.CLS},
                            learned.encode("the lowest"),
                            new int[] {SubwordVocabulary.MASK},
                            learned.encode("river"),
                            new int[] {SubwordVocabulary.SEP})));
        }
    }

    private static int[] concat(int[]... parts) {
        return Stream.of(parts).flatMapToInt(java.util.Arrays::stream).toArray();
    }

    @ParameterizedTest
    @EnumSource
    void textNeverBecomesASpecialTokenNorTheInsideOfAWord(SubwordVocabulary.Method method) {
        SubwordVocabulary learned = learn(method, "[MASK] ##a #a xa a ".repeat(9), 1000);
        for (int token : learned.encode("[MASK] ##a xa [MASK]")) {
            assertTrue(token >= SubwordVocabulary.SPECIALS.size());
        }
        assertEquals("[MASK] ##a xa", learned.decode(learned.encode("[MASK] ##a xa")));
    }

    @Test
    void whatIsUnknown() {
        SubwordVocabulary pairs = SubwordVocabulary.bytePairEncoding(PAPER, PAPER_LETTERS + 10);
        assertEquals(List.of("low", "[UNK]", " "), pairs.split("low☃"));
        assertEquals("low[UNK] new", pairs.decode(pairs.encode("low☃ new")));
        SubwordVocabulary wordPiece = SubwordVocabulary.wordPiece(PAPER, 40);
        assertEquals(List.of("[UNK]", "wid"), wordPiece.split("low☃ wid"));
        assertArrayEquals(new int[] {SubwordVocabulary.UNK}, wordPiece.encode("o"), "only inside of words");
        assertArrayEquals(new int[] {SubwordVocabulary.UNK}, wordPiece.encode("l" + "o".repeat(100)));
        assertEquals("l" + "o".repeat(99), wordPiece.decode(wordPiece.encode("l" + "o".repeat(99))));
        assertArrayEquals(new int[0], wordPiece.encode("  \n"));
    }

    @Test
    void equallyGoodPairsAreTakenAsTheyComeInTheText() {
        SubwordVocabulary learned = SubwordVocabulary.bytePairEncoding("yz xy yz xy", 5 + 4 + 1);
        assertEquals("yz", learned.merges().get(0).joined());
        assertEquals(learned, SubwordVocabulary.bytePairEncoding("yz xy yz xy", 10));
        assertNotEquals(learned, SubwordVocabulary.bytePairEncoding("xy yz xy yz", 10));
    }

    @Test
    void whatCannotBeLearned() {
        assertEquals(
                "subword vocabulary: the text has no words",
                assertThrows(IllegalArgumentException.class, () -> SubwordVocabulary.bytePairEncoding(" \n", 100))
                        .getMessage());
        assertEquals(
                "subword vocabulary: size 15 is too small: 5 special tokens and 11 characters need 16",
                assertThrows(IllegalArgumentException.class, () -> SubwordVocabulary.bytePairEncoding(PAPER, 15))
                        .getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SubwordVocabulary.wordPiece("a\ud83d b", 99))
                .getMessage()
                .contains("half a surrogate pair"));
        SubwordVocabulary learned = SubwordVocabulary.bytePairEncoding(PAPER, 16);
        assertEquals(0, learned.merges().size());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> learned.decode(16))
                .getMessage()
                .contains("outside 0..15"));
    }

    @ParameterizedTest
    @EnumSource
    void savingAndLoading(SubwordVocabulary.Method method) throws IOException {
        SubwordVocabulary learned = learn(method, Samples.resource("/golden/subwords/text.txt"), 300);
        Path file = folder.resolve("new/pieces.txt");
        learned.save(file);
        learned.save(file);
        assertEquals(learned, SubwordVocabulary.load(file));
        assertEquals(learned.pieces(), SubwordVocabulary.load(file).pieces());
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(List.of(file), left.toList());
        }
    }

    @Test
    void filesThatAreNotWhole() throws IOException {
        SubwordVocabulary learned = SubwordVocabulary.bytePairEncoding(PAPER, PAPER_LETTERS + 3);
        Path file = folder.resolve("pieces.txt");
        learned.save(file);
        String whole = Files.readString(file);
        for (int length = 0; length < whole.length() - 1; length++) {
            refuses(whole.substring(0, length));
        }
        refuses(whole + "more\n");
        refuses(whole.replace("\nd\n", "\nD\n"));
        refuses(whole.replace("7 13", "7 12"));
        refuses(sealed(whole.replace("3 merges", "2 merges")));
        refuses(sealed(whole.replace("11 characters", "2147483647 characters")));
        refuses(sealed(whole.replace("11 characters", "-1 characters")));
        refuses(sealed(whole.replace("BYTE_PAIR_ENCODING", "BYTES")));
        refuses(sealed(whole.replace("BYTE_PAIR_ENCODING", "WORD_PIECE")));
        refuses(sealed(whole.replace("\nd\n", "\ne\n")));
        refuses(sealed(whole.replace("\nd\n", "\nde\n")));
        refuses(sealed(whole.replaceFirst("\\d+ \\d+\nend", "99 5\nend")));
        refuses(sealed(whole.replaceFirst("\\d+ \\d+\nend", "4 5\nend")));
        refuses(sealed(whole.replaceFirst("\\d+ \\d+\nend", "x 5\nend")));
        assertThrows(UncheckedIOException.class, () -> SubwordVocabulary.load(folder.resolve("nowhere")));
    }

    /** With the checksum that it should have. */
    private static String sealed(String content) {
        String before = content.substring(0, content.lastIndexOf("end "));
        CRC32 crc = new CRC32();
        crc.update(before.getBytes(StandardCharsets.UTF_8));
        return before + String.format(Locale.ROOT, "end %08x\n", crc.getValue());
    }

    private void refuses(String content) throws IOException {
        Path file = folder.resolve("damaged.txt");
        Files.writeString(file, content);
        String message = assertThrows(IllegalArgumentException.class, () -> SubwordVocabulary.load(file), content)
                .getMessage();
        assertTrue(message.contains("damaged.txt is not a whole vocabulary of subwords"), message);
    }

    @Test
    void aFailedSaveLeavesTheOldFile() throws IOException {
        SubwordVocabulary learned = SubwordVocabulary.bytePairEncoding(PAPER, 20);
        Path taken = Files.createDirectory(folder.resolve("pieces.txt"));
        Files.writeString(taken.resolve("inside"), "kept");
        assertThrows(UncheckedIOException.class, () -> learned.save(taken));
        assertEquals("kept", Files.readString(taken.resolve("inside")));
        try (Stream<Path> left = Files.list(folder)) {
            assertFalse(left.anyMatch(p -> p.toString().endsWith(".part")));
        }
    }
}
