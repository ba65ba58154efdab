package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * A replica's copies of the rows that it used since the last joining, each made when it is used first: a few blocks of text
 * have some thousand of the many buckets of n-grams, and a copy of all would take as much memory as the model.
 */
final class UsedRows implements Rows.OfReplica {
    private static final int FIRST_ROOM = 1024;

    private final RowTable base;
    /** Of every row of the base: its place + 1, or 0 while it has none. */
    private final int[] places;

    private RowTable copies;
    /** The row in each place. */
    private int[] rows;

    private int count;

    UsedRows(RowTable base) {
        this.base = base;
        this.places = new int[base.rows()];
        int room = Math.min(base.rows(), FIRST_ROOM);
        this.copies = new RowTable(room, base.dimension());
        this.rows = new int[room];
    }

    @Override
    public void locate(int n, int[] numbers) {
        for (int i = 0; i < n; i++) {
            int place = places[numbers[i]] - 1;
            numbers[i] = place >= 0 ? place : copy(numbers[i]);
        }
    }

    private int copy(int row) {
        if (count == rows.length) {
            int room = Math.min(base.rows(), count + count / 4 + 1); // memory is what is to be saved
            copies = copies.resized(room);
            rows = Arrays.copyOf(rows, room);
        }
        copies.copy(count, base, row);
        rows[count++] = row;
        places[row] = count;
        return count - 1;
    }

    @Override
    public RowTable table() {
        return copies;
    }

    @Override
    public int changed(int row) {
        return places[row] - 1;
    }

    @Override
    public void update(int row) {
        // copied again when it is used again
    }

    @Override
    public void joined(int all) {
        if (all != base.rows()) {
            throw new IllegalArgumentException("copies are given up all at once, not those of " + all + " rows");
        }
        for (int i = 0; i < count; i++) {
            places[rows[i]] = 0;
        }
        count = 0;
    }
}
