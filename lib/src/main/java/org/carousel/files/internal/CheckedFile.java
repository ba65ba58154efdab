package org.carousel.files.internal;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * The frame of saved states: a first line that names the kind and version, the content, and the CRC-32 of both. A file
 * that was cut, changed or prolonged is refused before its content is looked at.
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
        try {
            Files.newInputStream(file).close(); // says in other words than the system's why it cannot be read
            return readChecked(file, kind, reader);
        } catch (UTFDataFormatException e) {
            throw new IllegalArgumentException("load: " + file + ": a name in it is not valid", e);
        } catch (EOFException e) {
            throw new IllegalArgumentException("load: " + file + ": the file ends too early", e);
        } catch (IllegalArgumentException e) {
            throw Failures.loading(file, e);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    private static <T> T readChecked(Path file, String kind, Reader<T> reader) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "r")) { // an interrupt does not close it
            byte[] first = firstLine(kind);
            byte[] begin = new byte[first.length];
            long content = opened.length() - begin.length - Long.BYTES;
            if (opened.length() >= begin.length) {
                opened.readFully(begin);
            }
            if (!Arrays.equals(begin, first)) {
                throw new IllegalArgumentException("it does not begin with the line \"" + kind + "\"");
            }
            if (content < 0) {
                throw new EOFException();
            }
            checkSum(opened);
            opened.seek(begin.length);
            DataInputStream in = new DataInputStream(
                    new BufferedInputStream(new LimitedStream(new FileInputStream(opened.getFD()), content), 1 << 16));
            T result = reader.read(in, content);
            if (in.read() >= 0) {
                throw new IllegalArgumentException("it holds more than it should");
            }
            return result;
        }
    }

    private static void checkSum(RandomAccessFile opened) throws IOException {
        CRC32 crc = new CRC32();
        byte[] buffer = new byte[1 << 16];
        opened.seek(0);
        for (long left = opened.length() - Long.BYTES; left > 0; ) {
            int n = opened.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException();
            }
            crc.update(buffer, 0, n);
            left -= n;
        }
        if (opened.readLong() != crc.getValue()) {
            throw new IllegalArgumentException("the checksum is wrong; the file was changed, cut or damaged");
        }
    }

    /** The content alone, without the checksum behind it. */
    private static final class LimitedStream extends InputStream {
        private final InputStream in;
        private long left;

        LimitedStream(InputStream in, long limit) {
            this.in = in;
            this.left = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            if (left == 0 && length > 0) {
                return -1;
            }
            int n = in.read(to, from, (int) Math.min(left, length));
            left -= Math.max(0, n);
            return n;
        }
    }

    private static byte[] firstLine(String kind) {
        return (kind + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
