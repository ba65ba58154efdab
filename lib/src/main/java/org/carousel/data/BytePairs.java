package org.carousel.data;

import java.util.Arrays;
import java.util.PriorityQueue;

/** What byte-pair encoding learned: which neighbours become one token, and which pair goes first. */
final class BytePairs {
    private static final int SHORT = 48;

    private final long[] keys; // left and right, -1 where free
    private final long[] found; // rank and token
    private final int mask;

    BytePairs(int count) {
        int size = Integer.highestOneBit(Math.max(1, count)) * 4;
        keys = new long[size];
        found = new long[size];
        mask = size - 1;
        Arrays.fill(keys, -1);
    }

    void put(int left, int right, int rank, int token) {
        long key = key(left, right);
        int at = place(key);
        if (keys[at] != key) { // a pair that stands twice keeps its first rank
            keys[at] = key;
            found[at] = (long) rank << 32 | token;
        }
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    private int place(long key) {
        int at = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (keys[at] != -1 && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** Rank and token of a pair, or the largest number. */
    private long find(int left, int right) {
        int at = place(key(left, right));
        return keys[at] == -1 ? Long.MAX_VALUE : found[at];
    }

    /**
     * Joins, the pair of the lowest rank first, of equal ones the leftmost.
     *
     * @param n how many tokens there are
     * @param ids modified: the tokens that remain
     * @param ends modified: where each of them ends among the first ones
     * @return how many remain
     */
    int join(int n, int[] ids, int[] ends) {
        return n <= SHORT ? joinShort(n, ids, ends) : joinLong(n, ids, ends);
    }

    private int joinShort(int n, int[] ids, int[] ends) {
        long[] ranks = new long[n];
        for (int i = 0; i < n; i++) {
            ends[i] = i + 1;
            ranks[i] = i + 1 < n ? find(ids[i], ids[i + 1]) : Long.MAX_VALUE;
        }
        int count = n;
        while (true) {
            int best = 0;
            for (int i = 1; i < count; i++) {
                if (ranks[i] < ranks[best]) {
                    best = i;
                }
            }
            if (count == 0 || ranks[best] == Long.MAX_VALUE) {
                return count;
            }
            ids[best] = (int) ranks[best];
            ends[best] = ends[best + 1];
            int rest = count - best - 2;
            System.arraycopy(ids, best + 2, ids, best + 1, rest);
            System.arraycopy(ends, best + 2, ends, best + 1, rest);
            System.arraycopy(ranks, best + 2, ranks, best + 1, rest);
            count--;
            ranks[best] = best + 1 < count ? find(ids[best], ids[best + 1]) : Long.MAX_VALUE;
            if (best > 0) {
                ranks[best - 1] = find(ids[best - 1], ids[best]);
            }
        }
    }

    /** A pair that waits: it is stale when one of its tokens has been joined since. */
    private record Waiting(long found, int at, int left, int right) implements Comparable<Waiting> {
        @Override
        public int compareTo(Waiting other) {
            int order = Long.compare(found, other.found);
            return order != 0 ? order : Integer.compare(at, other.at);
        }
    }

    /** The same with a queue, so that a word of a million letters does not take a million times a million steps. */
    private int joinLong(int n, int[] ids, int[] ends) {
        int[] next = new int[n];
        int[] before = new int[n];
        PriorityQueue<Waiting> queue = new PriorityQueue<>();
        for (int i = 0; i < n; i++) {
            next[i] = i + 1;
            before[i] = i - 1;
            ends[i] = i + 1;
            offer(queue, i, i + 1, n, ids);
        }
        boolean[] gone = new boolean[n];
        for (Waiting w = queue.poll(); w != null; w = queue.poll()) {
            int right = next[w.at];
            if (gone[w.at] || ids[w.at] != w.left || right >= n || ids[right] != w.right) {
                continue;
            }
            ids[w.at] = (int) w.found;
            ends[w.at] = ends[right];
            gone[right] = true;
            next[w.at] = next[right];
            if (next[w.at] < n) {
                before[next[w.at]] = w.at;
            }
            offer(queue, w.at, next[w.at], n, ids);
            if (before[w.at] >= 0) {
                offer(queue, before[w.at], w.at, n, ids);
            }
        }
        int count = 0;
        for (int i = 0; i < n; i = next[i]) {
            ids[count] = ids[i];
            ends[count++] = ends[i];
        }
        return count;
    }

    private void offer(PriorityQueue<Waiting> queue, int left, int right, int n, int[] ids) {
        if (right < n) {
            long pair = find(ids[left], ids[right]);
            if (pair != Long.MAX_VALUE) {
                queue.add(new Waiting(pair, left, ids[left], ids[right]));
            }
        }
    }
}
