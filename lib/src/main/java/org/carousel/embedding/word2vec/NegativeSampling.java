package org.carousel.embedding.word2vec;

import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;

/**
 * The word itself (answer 1) and k others (answer 0), drawn with probability ∝ count^0.75 from an alias table: one column
 * per word, each filled by at most two words, so that a draw costs one random number whatever the size.
 *
 * <p>Source: Mikolov et al. 2013, arXiv 1310.4546, section 2.2; alias tables: Walker 1977, doi:10.1145/355744.355749.
 */
final class NegativeSampling implements Outputs {
    private static final double POWER = 0.75;

    private final int negative;
    private final int size;
    /** Below this number of 2^32 a column gives its own word, else its alias. */
    private final long[] own;

    private final int[] alias;

    NegativeSampling(Vocabulary vocabulary, int negative) {
        this.negative = negative;
        this.size = vocabulary.size();
        if (size < 2) {
            throw new IllegalArgumentException(
                    "negative sampling needs at least two different words; the vocabulary is " + vocabulary.words());
        }
        double[] share = new double[size]; // of a column
        double sum = 0;
        for (int i = 0; i < size; i++) {
            share[i] = StrictMath.pow((double) vocabulary.count(i), POWER);
            sum += share[i];
        }
        for (int i = 0; i < size; i++) {
            share[i] *= size / sum;
        }
        own = new long[size];
        alias = new int[size];
        fill(share);
    }

    /** Words with less than a column are filled up by those with more. */
    private void fill(double[] share) {
        int[] small = new int[size];
        int[] large = new int[size];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < size; i++) {
            own[i] = 1L << 32;
            alias[i] = i;
            if (share[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int s = small[--smalls];
            int l = large[larges - 1];
            own[s] = (long) (share[s] * 0x1p32);
            alias[s] = l;
            share[l] -= 1 - share[s];
            if (share[l] < 1) {
                larges--;
                small[smalls++] = l;
            }
        }
    }

    /** A word from a random number. */
    int draw(long random) {
        int column = (int) (((random >>> 32) * size) >>> 32);
        return (random & 0xffffffffL) < own[column] ? column : alias[column];
    }

    @Override
    public int most() {
        return negative + 1;
    }

    @Override
    public int rows() {
        return size;
    }

    @Override
    public int choose(int word, RandomStream random, int[] rows, float[] answers, int at) {
        rows[at] = word;
        answers[at] = 1;
        int end = at + 1 + negative;
        for (int i = at + 1; i < end; i++) {
            int other = draw(random.nextLong());
            while (other == word) {
                other = draw(random.nextLong());
            }
            rows[i] = other;
            answers[i] = 0;
        }
        return end;
    }
}
