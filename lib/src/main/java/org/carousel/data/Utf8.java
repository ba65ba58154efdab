package org.carousel.data;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Strict decoding of UTF-8: a wrong byte is an error, not a replacement character that a model would learn. */
final class Utf8 {
    private Utf8() {}

    /**
     * The text of some bytes.
     *
     * @param source names the bytes in the error message
     * @throws DatasetException if they are not UTF-8; the message names the source and the first wrong byte
     */
    static String decode(byte[] bytes, String source) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length); // UTF-8 never has more characters than bytes
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new DatasetException(
                    "%s: byte %d (0x%02X) is not valid UTF-8"
                            .formatted(source, in.position(), bytes[in.position()] & 0xFF),
                    null);
        }
        return out.flip().toString();
    }
}
