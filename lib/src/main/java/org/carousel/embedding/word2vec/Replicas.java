package org.carousel.embedding.word2vec;

import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.RowKernels;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * Makes replicas of a table that learnt side by side into one again.
 *
 * <p>Each replica moved a row from b to b + g. Where the moves are at right angles, as they are for rare words, they add
 * up; where they point the same way, as for frequent words that each replica has moved as far as they should go, the sum
 * would go twice as far. So the smaller move counts only with its part at right angles to the larger:
 *
 * <pre>
 * g ← g_1 + g_2 - (g_1 · g_2) / |g_1|² g_1        for g_1 · g_2 > 0 and |g_1| ≥ |g_2|, else g_1 + g_2
 * </pre>
 *
 * and so on for the next replica. Source: Maleki et al. 2021, arXiv 1909.03359 (model combiners).
 */
final class Replicas {
    /**
     * Rows that follow each other and are joined by one thread; the next so many are another thread's, as the frequent
     * words, which come first, make more work than the rare ones.
     */
    private static final int STRIP = 64;

    private final RowTable base;
    private final boolean fewAreUsed;
    private final List<Rows.OfReplica> replicas = new ArrayList<>();

    /** @param fewAreUsed from one joining to the next each replica uses a small part of the rows */
    Replicas(RowTable base, boolean fewAreUsed) {
        this.base = base;
        this.fewAreUsed = fewAreUsed;
    }

    /** The rows of one more replica. */
    Rows add() {
        Rows.OfReplica result = fewAreUsed ? new UsedRows(base) : new WholeCopy(base);
        replicas.add(result);
        return result;
    }

    /** The moves of the first so many rows since they were joined last, joined into the base and given to every replica. */
    void join(int rows) {
        Rows.OfReplica[] all = replicas.toArray(new Rows.OfReplica[0]);
        int parts = Math.max(1, Math.min(Parallel.threads(), rows / STRIP));
        Parallel.over(parts, Costs.JOIN * rows * base.dimension() * all.length, (from, to) -> {
            RowTable[] tables = new RowTable[all.length];
            int[] places = new int[all.length];
            float[] work = new float[RowKernels.JOIN_ROOM];
            for (int part = from; part < to; part++) {
                for (int strip = part * STRIP; strip < rows; strip += parts * STRIP) {
                    join(all, strip, Math.min(rows, strip + STRIP), tables, places, work);
                }
            }
        });
        replicas.forEach(each -> each.joined(rows));
    }

    private void join(Rows.OfReplica[] all, int from, int to, RowTable[] tables, int[] places, float[] work) {
        for (int row = from; row < to; row++) {
            int moved = moved(all, row, tables, places);
            if (moved == 0) {
                continue;
            }
            RowKernels.active().join(moved, tables, places, base, row, work);
            for (Rows.OfReplica each : all) {
                if (each.changed(row) < 0) { // the others have it already
                    each.update(row);
                }
            }
        }
    }

    /** How many replicas changed a row; where each of them has it. Modified: tables, places. */
    private static int moved(Rows.OfReplica[] all, int row, RowTable[] tables, int[] places) {
        int moved = 0;
        for (Rows.OfReplica each : all) {
            int place = each.changed(row);
            if (place >= 0) {
                tables[moved] = each.table();
                places[moved++] = place;
            }
        }
        return moved;
    }
}
