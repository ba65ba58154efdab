package org.carousel.embedding.word2vec;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * What is learnt.
 *
 * @param in input rows v: words, then buckets of n-grams
 * @param out output rows u
 */
record Tables(RowTable in, RowTable out) {
    /** Inputs uniform in ±1/(2D), as in word2vec; outputs 0. */
    static Tables initial(int inputs, int outputs, int dimension, RandomStream random) {
        Tables tables = empty(inputs, outputs, dimension);
        float[] row = new float[dimension];
        for (int r = 0; r < inputs; r++) {
            fill(row, random);
            tables.in.set(r, row, 0);
        }
        return tables;
    }

    /** All zeros. */
    static Tables empty(int inputs, int outputs, int dimension) {
        return new Tables(new RowTable(inputs, dimension), new RowTable(outputs, dimension));
    }

    private static void fill(float[] row, RandomStream random) {
        for (int k = 0; k < row.length; k++) {
            row[k] = (random.nextFloat() - 0.5f) / row.length;
        }
    }
}
