package org.carousel.data;

import java.util.List;

/** The table of the tokenizers of others. */
final class Pieces {
    private Pieces() {}

    static String name(List<String> pieces, int index) {
        if (index < 0 || index >= pieces.size()) {
            throw new IllegalArgumentException("piece: index " + index + " is outside 0.." + (pieces.size() - 1));
        }
        return pieces.get(index);
    }
}
