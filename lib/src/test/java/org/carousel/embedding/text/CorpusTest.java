package org.carousel.embedding.text;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusTest {
    private static final String TEXT = "ein Wort\n\n  größe\t語 \r\n😀 end";
    private static final List<List<String>> LINES =
            List.of(List.of("ein", "Wort"), List.of(), List.of("größe", "語"), List.of("😀", "end"));

    @TempDir
    Path folder;

    private static List<List<String>> read(Corpus corpus) {
        List<List<String>> lines = new ArrayList<>();
        try (var stream = corpus.lines()) {
            stream.forEachOrdered(lines::add);
        }
        return lines;
    }

    private void gzip(Path file, String text) throws IOException {
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void aFileIsReadAsOftenAsNeeded() throws IOException {
        Path file = folder.resolve("text.txt");
        Files.writeString(file, TEXT);
        assertEquals(LINES, read(Corpus.of(file)));
        assertEquals(LINES, read(Corpus.of(file)));
    }

    @Test
    void gzipAndFoldersAreRead() throws IOException {
        Files.createDirectory(folder.resolve("b"));
        Files.writeString(folder.resolve("c.txt"), "3");
        gzip(folder.resolve("b/2.gz"), "2 zwei");
        Files.writeString(folder.resolve("a.txt"), "1\n");
        Files.writeString(folder.resolve(".hidden"), "0");
        assertEquals(List.of(List.of("1"), List.of("2", "zwei"), List.of("3")), read(Corpus.of(folder)));
    }

    @Test
    void linesLongerThanTheBufferAreRead() throws IOException {
        String word = "wörter".repeat(20_000);
        Path file = folder.resolve("long.txt");
        Files.writeString(file, word + " " + word + "\n" + word);
        assertEquals(List.of(List.of(word, word), List.of(word)), read(Corpus.of(file)));
    }

    @Test
    void linesOfTooManyWordsComeInPieces() throws IOException {
        for (String end : List.of("", "\n", " \n", "\r\n")) {
            Path file = Files.writeString(
                    folder.resolve("long.txt"), "w ".repeat(19_999) + "w" + end + "v ".repeat(10_001) + "\n\nend\n");
            if (end.isEmpty()) {
                Files.writeString(file, "w ".repeat(20_001));
            }
            try (Stream<List<String>> lines = Corpus.of(file).lines()) {
                assertEquals(
                        end.isEmpty() ? List.of(10_000, 10_000, 1) : List.of(10_000, 10_000, 10_000, 1, 0, 1),
                        lines.map(List::size).toList());
            }
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfAWord() throws IOException {
        Path file = folder.resolve("marked.txt");
        Files.writeString(file, "\ufeffa b\n\ufeffa");
        assertEquals(List.of(List.of("a", "b"), List.of("\ufeffa")), read(Corpus.of(file)));
        Files.writeString(file, "\ufeff\na");
        assertEquals(List.of(List.of(), List.of("a")), read(Corpus.of(file)));
    }

    @Test
    void wrongEncodingNamesFileLineAndByte() throws IOException {
        Path file = folder.resolve("latin1.txt");
        byte[] bytes = ("x".repeat(70_000) + "\nab größe\n").getBytes(StandardCharsets.ISO_8859_1);
        Files.write(file, bytes);
        assertMessage("latin1.txt, line 2: byte 70006 (0xF6)", () -> read(Corpus.of(file)));
        Files.write(file, new byte[] {'a', ' ', (byte) 0xe4, (byte) 0xb8}); // cut off within a character
        assertMessage("line 1: byte 2 (0xE4)", () -> read(Corpus.of(file)));
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("missing.txt");
        assertNames("missing.txt", () -> read(Corpus.of(missing)));
        Path notGzip = folder.resolve("not.gz");
        Files.writeString(notGzip, "text");
        assertNames("not.gz", () -> read(Corpus.of(notGzip)));
        Path cut = folder.resolve("cut.gz");
        gzip(cut, "a b c ".repeat(1000));
        Files.write(cut, java.util.Arrays.copyOf(Files.readAllBytes(cut), 40));
        assertNames("cut.gz, line 1", () -> read(Corpus.of(cut)));
    }

    private static void assertNames(String part, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(UncheckedIOException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}
