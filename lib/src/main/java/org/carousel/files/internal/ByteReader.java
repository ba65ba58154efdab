package org.carousel.files.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A file read byte by byte or line by line that knows where it is, for messages that say where something is wrong.
 *
 * <p>A line ends with a line feed, before which there may be a carriage return, or with the file; nothing else ends one,
 * also not the next-line character (U+0085) and the other line ends of Unicode, which stand in words of public files. A
 * byte order mark before the first line is no part of it.
 */
public final class ByteReader implements Closeable {
    private static final int END = -1;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final String name;
    private final InputStream in;
    private final long length;
    private final byte[] buffer = new byte[1 << 13];
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is not UTF-8
    private int at;
    private int filled;
    private long before; // bytes of the file before the buffer
    private int lineNumber;

    private ByteReader(String name, InputStream in, long length) {
        this.name = name;
        this.in = in;
        this.length = length;
    }

    /** Reads a file from its beginning. */
    public static ByteReader of(Path file) throws IOException {
        return new ByteReader(file.toString(), Files.newInputStream(file), Files.size(file));
    }

    /** Reads so many bytes that come from elsewhere; {@code name} stands for the file in messages. */
    public static ByteReader of(String name, InputStream in, long length) {
        return new ByteReader(name, in, length);
    }

    /** The bytes of the file. */
    public long length() {
        return length;
    }

    /** How many were read. */
    public long position() {
        return before + at;
    }

    /** The number of the line that {@link #line} returned last, counted from 1. */
    public int lineNumber() {
        return lineNumber;
    }

    /** The next byte, 0..255, or −1 at the end. */
    public int read() throws IOException {
        return at < filled || fill() ? buffer[at++] & 0xFF : END;
    }

    private boolean fill() throws IOException {
        before += filled;
        at = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }

    /**
     * The next line without its end, or null after the last one.
     *
     * @param most more bytes than this are refused: a file without line ends must not fill the memory
     */
    public byte @Nullable [] line(int most) throws IOException {
        boolean first = position() == 0;
        if (at == filled && !fill()) {
            return null;
        }
        lineNumber++;
        byte[] line = until('\n', most, "line " + lineNumber);
        int from = first && startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
        int to = line.length > from && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return from == 0 && to == line.length ? line : Arrays.copyOfRange(line, from, to);
    }

    /** {@link #line}, which must be UTF-8. */
    public @Nullable String textLine(int most) throws IOException {
        byte[] line = line(most);
        return line == null ? null : text(line, "line " + lineNumber);
    }

    private static boolean startsWithMark(byte[] line) {
        int n = BYTE_ORDER_MARK.length;
        return line.length >= n && Arrays.equals(line, 0, n, BYTE_ORDER_MARK, 0, n);
    }

    /**
     * The bytes before the next {@code delimiter}, which is skipped; those before the end of the file when there is none.
     *
     * @param most more bytes than this are refused: a file without delimiters must not fill the memory
     */
    public byte[] until(int delimiter, int most, String what) throws IOException {
        byte[] bytes = {};
        int n = 0;
        boolean found = false;
        while (!found && (at < filled || fill())) {
            int end = at;
            while (end < filled && buffer[end] != delimiter) {
                end++;
            }
            int some = end - at;
            if (n + some > most) {
                throw damaged("byte " + (position() + most - n + 1) + ": " + what + " of more than " + most + " bytes");
            }
            if (n + some > bytes.length) { // doubled: a long line costs time in proportion to its length
                bytes = Arrays.copyOf(bytes, n == 0 ? some : Math.max(n + some, 2 * n));
            }
            System.arraycopy(buffer, at, bytes, n, some);
            n += some;
            found = end < filled;
            at = found ? end + 1 : end;
        }
        return n == bytes.length ? bytes : Arrays.copyOf(bytes, n);
    }

    /** So many bytes. */
    public byte[] exactly(int count, String what) throws IOException {
        long from = position();
        byte[] bytes = new byte[(int) Math.min(count, Math.max(0, length - from))];
        int n = Math.min(filled - at, bytes.length);
        System.arraycopy(buffer, at, bytes, 0, n);
        at += n;
        if (n < bytes.length) { // past the buffer, which is empty: files of gigabytes are read in such pieces
            int some = in.readNBytes(bytes, n, bytes.length - n);
            before += some;
            n += some;
        }
        if (n < count) {
            throw damaged("byte " + from + ": " + what + " needs " + count + " bytes and the file ends after " + n);
        }
        return bytes;
    }

    /** Text of bytes that must be UTF-8. */
    public String text(byte[] bytes, String where) {
        ByteBuffer buffered = ByteBuffer.wrap(bytes);
        try {
            return decoder.decode(buffered).toString();
        } catch (CharacterCodingException e) {
            String shown = new String(bytes, 0, Math.min(40, bytes.length), StandardCharsets.ISO_8859_1);
            throw damaged(where + ": '" + shown + (bytes.length > 40 ? "..." : "") + "' is not valid UTF-8 (byte 0x"
                    + Integer.toHexString(bytes[buffered.position()] & 0xFF).toUpperCase(Locale.ROOT)
                    + "); convert the file first");
        }
    }

    /** What to throw about this file. */
    public IllegalArgumentException damaged(@Nullable String what) {
        return new IllegalArgumentException("load: " + name + ": " + Failures.shortened(what));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
