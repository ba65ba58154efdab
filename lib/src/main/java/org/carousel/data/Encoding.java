package org.carousel.data;

import java.util.Arrays;

/**
 * Tokens of a text and where they stand in it.
 *
 * @param ids their indices
 * @param begin where each begins in the text, in {@code char}s; 0 for tokens that are not in the text, such as [CLS]
 * @param end where each ends
 */
public record Encoding(int[] ids, int[] begin, int[] end) {
    /** Grows as tokens come, up to a limit. */
    static final class Builder {
        int limit;
        private int[] ids = new int[32];
        private int[] begin = new int[32];
        private int[] end = new int[32];
        private int count;

        Builder(int limit) {
            this.limit = limit;
        }

        boolean isEmpty() {
            return count == 0;
        }

        boolean full() {
            return count >= limit;
        }

        void add(int id, int from, int to) {
            if (full()) {
                return;
            }
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
                begin = Arrays.copyOf(begin, 2 * count);
                end = Arrays.copyOf(end, 2 * count);
            }
            ids[count] = id;
            begin[count] = from;
            end[count++] = to;
        }

        Encoding encoding() {
            return new Encoding(Arrays.copyOf(ids, count), Arrays.copyOf(begin, count), Arrays.copyOf(end, count));
        }
    }
}
