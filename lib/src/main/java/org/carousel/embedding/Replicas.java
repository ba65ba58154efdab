package org.carousel.embedding;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.carousel.tensor.kernels.Parallel;
import org.carousel.tensor.kernels.RowKernels;
import org.carousel.tensor.kernels.RowTable;

/**
 * Makes replicas that learnt side by side into one again.
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
    private static final int NONE = -1;
    private static final int SEVERAL = -2;

    private Replicas() {}

    /** All moves since the last time, joined into {@code base} and given to every replica. */
    static void join(Tables base, List<Tables> replicas) {
        join(base.in, replicas.stream().map(t -> t.in).toList(), touched(replicas, true));
        join(base.out, replicas.stream().map(t -> t.out).toList(), touched(replicas, false));
    }

    private static List<byte[]> touched(List<Tables> replicas, boolean in) {
        return replicas.stream()
                .map(t -> Objects.requireNonNull(in ? t.inTouched : t.outTouched))
                .toList();
    }

    private static void join(RowTable base, List<RowTable> replicas, List<byte[]> touched) {
        RowTable[] tables = replicas.toArray(new RowTable[0]);
        byte[][] marks = touched.toArray(new byte[0][]);
        long operations = 10L * base.rows() * base.dimension() * tables.length;
        Parallel.over(base.rows(), operations, (from, to) -> {
            float[] work = new float[RowKernels.joinRoom(base)];
            for (int row = from; row < to; row++) {
                int changed = changed(marks, row);
                if (changed == SEVERAL) {
                    RowKernels.active().join(base, tables, row, work);
                } else if (changed != NONE) {
                    RowKernels.active().spread(base, tables, row, changed);
                }
            }
        });
        for (byte[] each : marks) {
            Arrays.fill(each, (byte) 0);
        }
    }

    /** The replica that changed a row, {@link #NONE} or {@link #SEVERAL}. */
    private static int changed(byte[][] marks, int row) {
        int result = NONE;
        for (int r = 0; r < marks.length; r++) {
            if (marks[r][row] != 0) {
                result = result == NONE ? r : SEVERAL;
            }
        }
        return result;
    }
}
