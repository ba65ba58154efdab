package org.carousel.embedding.word2vec;

import org.carousel.tensor.internal.kernels.RowTable;

/** The rows of a table as one trainer uses them: it asks where they are, and finds them there. */
interface Rows {
    /** Replaces the numbers of n rows, which are going to change, by their places in {@link #table}. */
    void locate(int n, int[] rows);

    /** Where the rows are; may be another one after {@link #locate}. */
    RowTable table();

    /** All rows in their places: the trainer is the only one and works on the table itself. */
    static Rows of(RowTable table) {
        return new Rows() {
            @Override
            public void locate(int n, int[] rows) {
                // a row's place is its number
            }

            @Override
            public RowTable table() {
                return table;
            }
        };
    }

    /** The rows of a replica, to be joined with those of the others by {@link Replicas}. */
    interface OfReplica extends Rows {
        /** Where a row is if it changed since it was joined last, else -1. */
        int changed(int row);

        /** Takes over a row of the base, which some replica changed. */
        void update(int row);

        /** The first so many rows are as in the base now, each that changed anywhere having been taken over. */
        void joined(int rows);
    }
}
