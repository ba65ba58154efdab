package org.carousel.files;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * The frame of saved states: a first line that names the kind and version, the content, and the CRC-32 of both. A file
 * that was cut, changed or prolonged is refused, and what was read of it is never handed out.
 */
public final class CheckedFile {
    private CheckedFile() {}

    /** What is written between the first line and the checksum. */
    @FunctionalInterface
    public interface Content {
        void writeTo(DataOutputStream out) throws IOException;
    }

    /**
     * What the content becomes. It may throw an {@link IllegalArgumentException} that says what is wrong, without naming
     * the file; it must not take more memory than {@code size} bytes justify before the data is there.
     *
     * @param <T> what is read
     */
    @FunctionalInterface
    public interface Reader<T> {
        T read(DataInputStream in, long size) throws IOException;
    }

    /**
     * Writes a file, as {@link AsideFile} does it.
     *
     * @param kind the first line, without its end
     */
    public static void write(Path file, String kind, Content content) {
        AsideFile.write(file, stream -> {
            CRC32 crc = new CRC32();
            DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(new CheckedOutputStream(stream, crc), 1 << 16));
            out.write(firstLine(kind));
            content.writeTo(out);
            out.flush();
            out.writeLong(crc.getValue());
            out.flush();
        });
    }

    /**
     * Reads a whole file.
     *
     * @throws IllegalArgumentException when it is of another kind, cut or damaged, or {@code reader} refuses it; the
     *     message names the file
     * @throws UncheckedIOException when it cannot be read
     */
    public static <T> T read(Path file, String kind, Reader<T> reader) {
        CRC32 crc = new CRC32();
        try (DataInputStream in = new DataInputStream(
                new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), crc))) {
            byte[] first = firstLine(kind);
            if (!Arrays.equals(in.readNBytes(first.length), first)) {
                throw new IllegalArgumentException("it does not begin with the line \"" + kind + "\"");
            }
            T content = reader.read(in, Files.size(file));
            long expected = crc.getValue();
            if (in.readLong() != expected || in.read() >= 0) {
                throw new IllegalArgumentException("the checksum is wrong; the file was changed or damaged");
            }
            return content;
        } catch (EOFException e) {
            throw new IllegalArgumentException("load: " + file + ": the file ends too early", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("load: " + file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    private static byte[] firstLine(String kind) {
        return (kind + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
