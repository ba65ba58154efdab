package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.RowTable;

/** A replica's copy of a whole table: the fastest where most rows are used again and again, as those of words are. */
final class WholeCopy implements Rows.OfReplica {
    private final RowTable base;
    private final RowTable copy;
    /** 1 for a row that changed. */
    private final byte[] changed;

    WholeCopy(RowTable base) {
        this.base = base;
        this.copy = base.resized(base.rows());
        this.changed = new byte[base.rows()];
    }

    @Override
    public void locate(int n, int[] rows) {
        for (int i = 0; i < n; i++) {
            changed[rows[i]] = 1;
        }
    }

    @Override
    public RowTable table() {
        return copy;
    }

    @Override
    public int changed(int row) {
        return changed[row] == 0 ? -1 : row;
    }

    @Override
    public void update(int row) {
        copy.copy(row, base, row);
    }

    @Override
    public void joined(int rows) {
        Arrays.fill(changed, 0, rows, (byte) 0);
    }
}
