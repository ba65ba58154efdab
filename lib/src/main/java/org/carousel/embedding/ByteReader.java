package org.carousel.embedding;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file read byte by byte that knows where it is, for messages that say where something is wrong. */
final class ByteReader implements Closeable {
    private static final int END = -1;

    private final Path file;
    private final InputStream in;
    private final long length;
    private long position;

    ByteReader(Path file) throws IOException {
        this.file = file;
        this.length = Files.size(file);
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    }

    /** The bytes of the file. */
    long length() {
        return length;
    }

    /** How many were read. */
    long position() {
        return position;
    }

    /** The next byte, 0..255, or −1 at the end. */
    int read() throws IOException {
        int b = in.read();
        position += b == END ? 0 : 1;
        return b;
    }

    /**
     * The bytes before the next {@code delimiter}, which is skipped; those before the end of the file when there is none.
     *
     * @param most more bytes than this are refused: a file without delimiters must not fill the memory
     */
    byte[] until(int delimiter, int most, String what) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int b = read(); b != delimiter && b != END; b = read()) {
            if (bytes.size() == most) {
                throw damaged("byte " + position + ": " + what + " of more than " + most + " bytes");
            }
            bytes.write(b);
        }
        return bytes.toByteArray();
    }

    /** So many bytes. */
    byte[] exactly(int count, String what) throws IOException {
        long from = position;
        byte[] bytes = in.readNBytes(count);
        position += bytes.length;
        if (bytes.length < count) {
            throw damaged("byte " + from + ": " + what + " needs " + count + " bytes and the file ends after "
                    + bytes.length);
        }
        return bytes;
    }

    /** Text of bytes that must be UTF-8. */
    String text(byte[] bytes, String where) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(buffer)
                    .toString();
        } catch (CharacterCodingException e) {
            throw damaged(where + ": '" + new String(bytes, StandardCharsets.ISO_8859_1) + "' is not valid UTF-8 (byte "
                    + "0x"
                    + Integer.toHexString(bytes[buffer.position()] & 0xFF).toUpperCase(java.util.Locale.ROOT)
                    + "); convert the file first");
        }
    }

    /** What to throw about this file. */
    IllegalArgumentException damaged(String what) {
        return new IllegalArgumentException("load: " + file + ": " + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
