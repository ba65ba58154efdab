package org.carousel.embedding;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.kernels.RowTable;
import org.jspecify.annotations.Nullable;

/** What is learnt: input rows v (words, then buckets of n-grams) and output rows u; and which rows changed lately. */
final class Tables {
    final RowTable in;
    final RowTable out;
    /** 1 for a row that changed, where somebody wants to know. */
    final byte @Nullable [] inTouched;

    final byte @Nullable [] outTouched;

    private Tables(RowTable in, RowTable out, boolean track) {
        this.in = in;
        this.out = out;
        this.inTouched = track ? new byte[in.rows()] : null;
        this.outTouched = track ? new byte[out.rows()] : null;
    }

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
        return new Tables(new RowTable(inputs, dimension), new RowTable(outputs, dimension), false);
    }

    private static void fill(float[] row, RandomStream random) {
        for (int k = 0; k < row.length; k++) {
            row[k] = (random.nextFloat() - 0.5f) / row.length;
        }
    }

    /** A copy that notes which rows change. */
    Tables replica() {
        RowTable inCopy = new RowTable(in.rows(), in.dimension());
        RowTable outCopy = new RowTable(out.rows(), out.dimension());
        inCopy.copyFrom(in);
        outCopy.copyFrom(out);
        return new Tables(inCopy, outCopy, true);
    }
}
