package org.carousel.files.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.Refusals;
import org.carousel.data.SubwordVocabulary;
import org.carousel.embedding.WordVectors;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.tensor.Tensor;
import org.carousel.weights.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @TempDir
    Path folder;

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    @Test
    void aFailureInTheMiddleLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("a.txt");
        Files.writeString(file, "old");
        var failure = assertThrows(
                UncheckedIOException.class,
                () -> AsideFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IOException("disk full");
                }));
        assertEquals("save: " + file + ": disk full", failure.getMessage());
        assertEquals("old", Files.readString(file));
        assertEquals(List.of(file), files());
        AsideFile.write(file, out -> out.write('n'));
        assertEquals("n", Files.readString(file));
        assertEquals(List.of(file), files());
    }

    @Test
    void anInterruptedThreadWritesAndReadsAsAnyOther() throws IOException {
        Path file = folder.resolve("state");
        Thread.currentThread().interrupt();
        CheckedFile.write(file, "kind-1", out -> out.writeLong(78));
        assertEquals((Long) 78L, CheckedFile.read(file, "kind-1", (in, size) -> in.readLong()));
        assertTrue(Thread.interrupted(), "and stays interrupted");
    }

    /** What a program that was killed has left is removed; what another program is writing stays. */
    @Test
    void leftoversAreRemovedUnlessSomebodyWritesThem() throws IOException {
        Path file = folder.resolve("a.txt");
        Path left = folder.resolve(".a.txt.01234567-89ab-cdef-0123-456789abcdef.part");
        Path written = folder.resolve(".a.txt.11234567-89ab-cdef-0123-456789abcdef.part");
        Path ofOther = folder.resolve(".b.txt.01234567-89ab-cdef-0123-456789abcdef.part");
        for (Path path : List.of(left, written, ofOther)) {
            Files.writeString(path, "half");
        }
        try (var other = new java.io.RandomAccessFile(written.toFile(), "rw");
                var lock = other.getChannel().lock()) {
            assertTrue(lock.isValid());
            AsideFile.write(file, out -> out.write('n'));
            assertEquals(List.of(written, ofOther, file), files());
        }
        AsideFile.write(file, out -> out.write('m'));
        assertEquals(List.of(ofOther, file), files());
    }

    @Test
    void linesEndInOneWayEverywhere() throws IOException {
        String text = "\ufeffa\r\n\n b\u0085c\u2028d \re\nlast";
        List<String> lines = List.of("a", "", " b\u0085c\u2028d \re", "last");
        assertEquals(lines, Lines.of(text));
        assertEquals(lines, Lines.of(text + "\n"));
        Path file = folder.resolve("lines.txt");
        Files.writeString(file, text);
        assertEquals(lines, Lines.read(file));
        assertEquals(text, Lines.text(file));
        assertEquals(List.of(), Lines.of(""));
        Files.write(file, new byte[] {'a', '\n', 'b', (byte) 0xff});
        Refusals.assertMessage(
                "load: " + file + ": line 2: 'b\u00ff' is not valid UTF-8 (byte 0xFF)", () -> Lines.read(file));
    }

    @Test
    void aFolderInThePlaceOfTheFileIsNamed() throws IOException {
        Path file = Files.createDirectories(folder.resolve("a/b")).getParent();
        String message = assertThrows(UncheckedIOException.class, () -> AsideFile.write(file, out -> out.write(1)))
                .getMessage();
        assertTrue(message.startsWith("save: " + file), message);
        assertTrue(Files.isDirectory(file.resolve("b")));
    }

    @Test
    void aLinkStaysAndItsFileIsReplaced() throws IOException {
        Path real = folder.resolve("real");
        Files.writeString(real, "old");
        Path link;
        try {
            link = Files.createSymbolicLink(folder.resolve("link"), real);
        } catch (UnsupportedOperationException | IOException e) {
            assumeTrue(false, "no symbolic links here");
            return;
        }
        AsideFile.write(link, out -> out.write('n'));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("n", Files.readString(real));
    }

    /** Whatever saves a file: others may read it as they may read any new file of this user. */
    @Test
    void everySavedFileHasThePermissionsOfAnyNewFile() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        Path any = Files.createFile(folder.resolve("any"));
        Corpus corpus = Corpus.of(List.of(List.of("a", "b", "a", "b"), List.of("b", "a")));
        var vectors = WordVectors.of(List.of("a", "b"), Tensor.ones(2, 3));
        SafeTensors.save(folder.resolve("weights.safetensors"), Map.of("W", Tensor.ones(2, 2)));
        vectors.save(folder.resolve("vectors.txt"), org.carousel.embedding.VectorFormat.WORD2VEC_TEXT);
        Vocabulary.of(corpus, 1).save(folder.resolve("vocabulary"));
        SubwordVocabulary.bytePairEncoding("aa ab aa ab", 8).save(folder.resolve("subwords"));
        Word2Vec.skipGram().dimension(2).minimumCount(1).epochs(1).train(corpus).save(folder.resolve("model"));
        CheckedFile.write(folder.resolve("checked"), "kind-1", out -> out.writeInt(5));
        assertEquals(7, files().size());
        for (Path file : files()) {
            assertEquals(Files.getPosixFilePermissions(any), Files.getPosixFilePermissions(file), file.toString());
        }
    }

    @Test
    void aCheckedFileIsReadOnlyWhole() throws IOException {
        Path file = folder.resolve("state");
        CheckedFile.write(file, "kind-1", out -> out.writeLong(77));
        assertEquals((Long) 77L, CheckedFile.read(file, "kind-1", (in, size) -> in.readLong()));
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 0; cut < whole.length; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, cut));
            Refusals.assertMessage(
                    "load: " + file + ": ", () -> CheckedFile.read(file, "kind-1", (in, size) -> in.readLong()));
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 1));
        Refusals.assertMessage(
                "the checksum is wrong", () -> CheckedFile.read(file, "kind-1", (in, size) -> in.readLong()));
        byte[] changed = whole.clone();
        changed[10] ^= 1;
        Files.write(file, changed);
        Refusals.assertMessage(
                "the checksum is wrong", () -> CheckedFile.read(file, "kind-1", (in, size) -> in.readLong()));
        Files.write(file, whole);
        Refusals.assertMessage(
                "it does not begin with the line \"kind-2\"",
                () -> CheckedFile.read(file, "kind-2", (in, size) -> in.readLong()));
        assertArrayEquals(whole, Files.readAllBytes(file));
    }
}
