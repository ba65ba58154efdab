package org.carousel.data;

/** How byte-level BPE cuts a text before anything is joined: GPT-2's regular expression, by hand. */
final class ByteLevelPieces {
    private static final byte OTHER = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte SPACE = 3;
    private static final byte[] KINDS = new byte[1 << 16];

    static {
        for (int c = 0; c < KINDS.length; c++) {
            KINDS[c] = kindOf(c);
        }
    }

    private ByteLevelPieces() {}

    private static byte kindOf(int c) {
        if ((c >= 9 && c <= 13) || c == 0x85 || Character.isSpaceChar(c)) { // what Unicode calls white space
            return SPACE;
        }
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> OTHER;
        };
    }

    private static byte kind(String text, int at, int to) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c) && at + 1 < to && Character.isLowSurrogate(text.charAt(at + 1))) {
            return kindOf(text.codePointAt(at));
        }
        return KINDS[c];
    }

    /** Where the piece that begins at {@code from} ends. */
    static int end(String text, int from, int to) {
        char c = text.charAt(from);
        if (c == '\'') {
            int end = contraction(text, from, to);
            if (end > 0) {
                return end;
            }
        }
        int at = c == ' ' && from + 1 < to ? from + 1 : from;
        if (kind(text, at, to) != SPACE) {
            return run(text, at, to);
        }
        int end = run(text, from, to);
        return end == to || end == from + 1 ? end : end - 1; // the last blank belongs to what follows
    }

    /** Where characters of the kind of the first one end. */
    static int run(String text, int from, int to) {
        byte kind = kind(text, from, to);
        int at = from;
        while (at < to && kind(text, at, to) == kind) {
            boolean pair = Character.isHighSurrogate(text.charAt(at))
                    && at + 1 < to
                    && Character.isLowSurrogate(text.charAt(at + 1));
            at += pair ? 2 : 1;
        }
        return at;
    }

    private static int contraction(String text, int from, int to) {
        if (from + 1 >= to) {
            return -1;
        }
        return switch (text.charAt(from + 1)) {
            case 's', 't', 'm', 'd' -> from + 2;
            case 'r', 'v' -> from + 2 < to && text.charAt(from + 2) == 'e' ? from + 3 : -1;
            case 'l' -> from + 2 < to && text.charAt(from + 2) == 'l' ? from + 3 : -1;
            default -> -1;
        };
    }
}
