package org.carousel.embedding.word2vec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The character n-grams of words, each hashed into one of {@code buckets} vectors: parts that words share, and all there
 * is of a word never seen.
 *
 * <p>A word is put between {@code <} and {@code >}; its n-grams are all runs of {@code shortest} to {@code longest} code
 * points of that. The bucket is the FNV-1a hash of the UTF-8 bytes, with the bytes extended by their sign as fastText
 * does it, modulo {@code buckets}: the buckets of {@code where} are those of fastText.
 *
 * <p>Source: Bojanowski et al. 2017, arXiv 1607.04606, doi:10.1162/tacl_a_00051.
 *
 * @param shortest the shortest n-gram, from 1
 * @param longest the longest
 * @param buckets how many vectors the n-grams share
 */
public record Subwords(int shortest, int longest, int buckets) {
    /** The hash of nothing: FNV's offset basis. */
    private static final int NO_BYTES = 0x811c9dc5;

    /** Checks the ranges. */
    public Subwords {
        if (shortest < 1 || longest < shortest || buckets < 1) {
            throw new IllegalArgumentException("subwords: n-grams of " + shortest + " to " + longest + " in " + buckets
                    + " buckets; 1 <= shortest <= longest and at least one bucket");
        }
    }

    /** N-grams of 3 to 6 characters in 200,000 buckets: a tenth of fastText's memory, enough for a few million words. */
    public static Subwords standard() {
        return new Subwords(3, 6, 200_000);
    }

    /** The buckets of the n-grams of a word, by where they begin and then by length; equal ones are repeated. */
    public int[] of(String word) {
        return of(word.getBytes(StandardCharsets.UTF_8));
    }

    /** {@link #of(String)} of the bytes of a word, which need not be UTF-8. */
    int[] of(byte[] word) {
        byte[] text = new byte[word.length + 2];
        text[0] = '<';
        System.arraycopy(word, 0, text, 1, word.length);
        text[word.length + 1] = '>';
        int[] result = new int[16];
        int count = 0;
        for (int begin = 0; begin < text.length; begin++) {
            if (continues(text[begin])) {
                continue;
            }
            int hash = NO_BYTES;
            int end = begin;
            for (int n = 1; n <= longest && end < text.length; n++) {
                do {
                    hash = hash(hash, text[end++]);
                } while (end < text.length && continues(text[end]));
                boolean onlyABracket = n == 1 && (begin == 0 || end == text.length);
                if (n >= shortest && !onlyABracket) {
                    result = count == result.length ? Arrays.copyOf(result, 2 * count) : result;
                    result[count++] = Integer.remainderUnsigned(hash, buckets);
                }
            }
        }
        return Arrays.copyOf(result, count);
    }

    /** The hash of one byte more, extended by its sign. */
    private static int hash(int before, byte next) {
        return (before ^ next) * 0x01000193;
    }

    /** The hash of a whole text. */
    static int hash(byte[] text) {
        int hash = NO_BYTES;
        for (byte next : text) {
            hash = hash(hash, next);
        }
        return hash;
    }

    /** Whether a byte of UTF-8 is not the first of its character. */
    private static boolean continues(byte b) {
        return (b & 0xc0) == 0x80;
    }
}
