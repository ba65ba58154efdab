package org.carousel.fuzzing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.carousel.files.internal.CheckedFile;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/** Contents without the file around them, for readers that never see a damaged file because its frame is checked first. */
public final class Sealed {
    private static @Nullable Path folder;

    private Sealed() {}

    /** What a writer writes. */
    public static byte[] written(Consumer<Path> save) {
        try {
            Path file = Files.createTempFile("fuzzed", ".file");
            try {
                save.accept(file);
                return Files.readAllBytes(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a content from a file, for readers that take nothing else. */
    public static void in(byte[] content, Consumer<Path> read) {
        in(content, Reader.FILE, read);
    }

    /** Reads a content from a file whose name says what it is. */
    public static void in(byte[] content, String name, Consumer<Path> read) {
        try {
            Path file = folder().resolve(name);
            Files.write(file, content);
            try {
                read.accept(file);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One for all contents, because folders cost more time than what is read. */
    private static synchronized Path folder() throws IOException {
        if (folder == null) {
            folder = Files.createTempDirectory("fuzzed");
            folder.toFile().deleteOnExit();
        }
        return folder;
    }

    /** The content of what is written through {@link CheckedFile}, without the first line and the checksum. */
    public static byte[] content(Consumer<Path> save) {
        byte[] whole = written(save);
        int begin = 0;
        while (whole[begin] != '\n') {
            begin++;
        }
        return Arrays.copyOfRange(whole, begin + 1, whole.length - Long.BYTES);
    }

    /** Reads a content as {@link CheckedFile} would after all its checks. */
    public static void read(byte[] content, CheckedFile.Reader<?> reader) throws IOException {
        try {
            reader.read(new DataInputStream(new ByteArrayInputStream(content)), content.length);
        } catch (EOFException | UTFDataFormatException e) {
            throw new IllegalArgumentException(Reader.FILE + ": the file ends too early", e);
        } catch (IllegalArgumentException e) {
            throw named(e);
        }
    }

    /** With the name that a caller further out adds. */
    public static IllegalArgumentException named(IllegalArgumentException e) {
        return new IllegalArgumentException(Reader.FILE + ": " + Failures.shortened(e.getMessage()), e);
    }

    /** Several contents one after the other, each with its length. */
    public static byte[] joined(Iterable<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
            out.write(0x1f);
        }
        return out.toByteArray();
    }
}
