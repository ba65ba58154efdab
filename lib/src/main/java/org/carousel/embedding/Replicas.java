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
        long work = 10L * base.rows() * base.dimension() * tables.length;
        Parallel.over(base.rows(), work, (from, to) -> {
            RowTable moves = new RowTable(2, base.dimension());
            for (int row = from; row < to; row++) {
                if (anyMark(marks, row)) {
                    RowKernels.active().join(base, tables, row, moves);
                }
            }
        });
        for (byte[] each : marks) {
            Arrays.fill(each, (byte) 0);
        }
    }

    private static boolean anyMark(byte[][] marks, int row) {
        for (byte[] each : marks) {
            if (each[row] != 0) {
                return true;
            }
        }
        return false;
    }
}
