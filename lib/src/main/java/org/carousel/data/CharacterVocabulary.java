package org.carousel.data;

import java.util.Arrays;

/**
 * The distinct characters of a text, numbered 0 to {@link #size()}-1 in the order of their code points; immutable.
 *
 * <p>A character is a Unicode code point: one outside the basic plane, two {@code char}s in a Java string, is one
 * symbol. {@code decode(encode(text))} is {@code text}, and {@code CharacterVocabulary.of(v.characters())} equals
 * {@code v}, which is how a checkpoint stores a vocabulary.
 */
public final class CharacterVocabulary {
    private final int[] codePoints;

    private CharacterVocabulary(int[] codePoints) {
        this.codePoints = codePoints;
    }

    /**
     * The vocabulary of a text.
     *
     * @throws IllegalArgumentException if the text is empty or holds half a surrogate pair
     */
    public static CharacterVocabulary of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("character vocabulary: the text is empty");
        }
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            // two lone halves could meet in decode and become another character
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("character vocabulary: half a surrogate pair, %s, at position %d"
                        .formatted(name(codePoint), i));
            }
        }
        return new CharacterVocabulary(text.codePoints().sorted().distinct().toArray());
    }

    /** The number of characters. */
    public int size() {
        return codePoints.length;
    }

    /** All characters in the order of their indices. */
    public String characters() {
        return new String(codePoints, 0, codePoints.length);
    }

    /**
     * The index of every character of a text.
     *
     * @return one index per code point [number of code points]
     * @throws IllegalArgumentException if a character is not in the vocabulary; the message names it, its code point and
     *     its position, counted in {@code char}s as {@code text.charAt} does
     */
    public int[] encode(String text) {
        int[] indices = new int[text.codePointCount(0, text.length())];
        int position = 0;
        for (int n = 0; n < indices.length; n++) {
            int codePoint = text.codePointAt(position);
            indices[n] = Arrays.binarySearch(codePoints, codePoint);
            if (indices[n] < 0) {
                throw new IllegalArgumentException("encode: %s at position %d is not among the %d characters"
                        .formatted(name(codePoint), position, codePoints.length));
            }
            position += Character.charCount(codePoint);
        }
        return indices;
    }

    /**
     * The text of some indices.
     *
     * @throws IllegalArgumentException if one is not in 0 to {@link #size()}-1; the message names it and its position
     */
    public String decode(int... indices) {
        StringBuilder text = new StringBuilder(indices.length);
        for (int n = 0; n < indices.length; n++) {
            if (indices[n] < 0 || indices[n] >= codePoints.length) {
                throw new IllegalArgumentException("decode: index %d at position %d is not in 0..%d"
                        .formatted(indices[n], n, codePoints.length - 1));
            }
            text.appendCodePoint(codePoints[indices[n]]);
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CharacterVocabulary that && Arrays.equals(codePoints, that.codePoints);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(codePoints);
    }

    @Override
    public String toString() {
        return "CharacterVocabulary of " + codePoints.length + " characters";
    }

    /** Such as {@code 'é' (U+00E9)}; the code point alone where the character would break the line or show nothing. */
    private static String name(int codePoint) {
        String number = "U+%04X".formatted(codePoint);
        boolean visible =
                switch (Character.getType(codePoint)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> false;
                    default -> true;
                };
        return visible ? "'" + Character.toString(codePoint) + "' (" + number + ")" : number;
    }
}
