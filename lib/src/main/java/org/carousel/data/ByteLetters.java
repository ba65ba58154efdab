package org.carousel.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The letters by which the files of byte-level BPE write the 256 bytes. */
final class ByteLetters {
    private static final char[] LETTERS = new char[256];
    private static final int[] BYTES = new int[512];

    static {
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printed = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            LETTERS[b] = (char) (printed ? b : next++);
        }
        Arrays.fill(BYTES, -1);
        for (int b = 0; b < 256; b++) {
            BYTES[LETTERS[b]] = b;
        }
    }

    private ByteLetters() {}

    static char letter(int b) {
        return LETTERS[b];
    }

    /** The bytes of a piece of the vocabulary. */
    static byte[] bytes(String piece) {
        byte[] all = new byte[piece.length()];
        for (int i = 0; i < all.length; i++) {
            int b = piece.charAt(i) < BYTES.length ? BYTES[piece.charAt(i)] : -1;
            if (b < 0) {
                throw new IllegalArgumentException("'" + piece + "' has a letter that stands for no byte");
            }
            all[i] = (byte) b;
        }
        return all;
    }

    /** UTF-8, with U+FFFD for surrogates without a partner. */
    static byte[] utf8(String text) {
        boolean lonely = text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        String sound = !lonely
                ? text
                : text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
        return sound.getBytes(StandardCharsets.UTF_8);
    }

    /** How many bytes of UTF-8 a character has. */
    static int size(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
