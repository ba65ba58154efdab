package org.carousel.embedding.text;

import java.util.Arrays;

/** How often pairs of word indices occur: open addressing with 16 bytes per entry, for many millions of pairs. */
final class PairCounts {
    private static final long EMPTY = -1;

    private long[] keys = new long[1 << 10];
    private long[] counts = new long[1 << 10];
    private int size;

    PairCounts() {
        Arrays.fill(keys, EMPTY);
    }

    void add(int first, int second) {
        if (2L * size >= keys.length) {
            grow();
        }
        long key = key(first, second);
        int at = find(key);
        if (keys[at] == EMPTY) {
            keys[at] = key;
            size++;
        }
        counts[at]++;
    }

    long count(int first, int second) {
        int at = find(key(first, second));
        return keys[at] == EMPTY ? 0 : counts[at];
    }

    private static long key(int first, int second) {
        return (long) first << 32 | second;
    }

    /** Where a key is, or would be. */
    private int find(long key) {
        int mask = keys.length - 1;
        int at = (int) ((key * 0x9e3779b97f4a7c15L) >>> 32) & mask;
        while (keys[at] != EMPTY && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldCounts = counts;
        keys = new long[2 * oldKeys.length];
        counts = new long[2 * oldKeys.length];
        Arrays.fill(keys, EMPTY);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int at = find(oldKeys[i]);
                keys[at] = oldKeys[i];
                counts[at] = oldCounts[i];
            }
        }
    }
}
