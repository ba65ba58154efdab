package org.carousel.layers;

import java.util.Arrays;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.functions.Windows;
import org.jspecify.annotations.Nullable;

/**
 * Batches of sequences of different lengths: [B×T×F] and an {@code int[B]} of lengths, each 0..T. What stands behind
 * the end of a sequence is padding.
 */
public final class Ragged {
    /**
     * Added to a score it takes all weight away, and as the logarithm of a weight it is that of nothing: so far below
     * every score that its exponential is 0, and finite, so that differences of two of them are numbers.
     */
    public static final float NEVER = Windows.NEVER;

    private Ragged() {}

    /** The lengths of a batch without padding. */
    public static int[] full(Tensor x) {
        int[] lengths = new int[x.rank() == 0 ? 0 : x.size(0)];
        Arrays.fill(lengths, x.rank() < 2 ? 0 : x.size(1));
        return lengths;
    }

    /** x [B×T×F] with zeros for padding; gradients of padding are 0, whatever it holds. */
    public static Tensor mask(Tensor x, int... lengths) {
        require("mask", x, lengths);
        return isFull(x, lengths) ? x : gather(x, lengths, (b, t) -> t);
    }

    /** Every sequence from its last step to its first; padding stays behind the end, as zeros. */
    public static Tensor reverse(Tensor x, int... lengths) {
        require("reverse", x, lengths);
        return gather(x, lengths, (b, t) -> lengths[b] - 1 - t);
    }

    /** The last step of every sequence: [B×F]; zeros for a sequence without steps. */
    public static Tensor last(Tensor x, int... lengths) {
        require("last", x, lengths);
        int[] rows = new int[lengths.length];
        Arrays.setAll(rows, b -> lengths[b] == 0 ? x.size(0) * x.size(1) : b * x.size(1) + lengths[b] - 1);
        return withZeroRow(x).rows(rows);
    }

    /** The last step of every sequence [B×F]; for one without steps its row of {@code before} [B×F]. */
    public static Tensor lastOr(Tensor before, Tensor x, int... lengths) {
        boolean[] read = new boolean[lengths.length];
        for (int b = 0; b < read.length; b++) {
            read[b] = lengths[b] > 0;
        }
        return choose(read, last(x, lengths), before);
    }

    private interface Source {
        int of(int sequence, int step);
    }

    private static Tensor gather(Tensor x, int[] lengths, Source source) {
        int steps = x.size(1);
        int[] rows = new int[lengths.length * steps];
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < steps; t++) {
                rows[b * steps + t] = t < lengths[b] ? b * steps + source.of(b, t) : lengths.length * steps;
            }
        }
        return withZeroRow(x).rows(rows).reshape(x.shape());
    }

    /** The steps as rows [B·T+1 × F], the last one of zeros: what padding is read from. */
    private static Tensor withZeroRow(Tensor x) {
        int features = x.size(2);
        return Tensor.concat(0, x.reshape(x.size(0) * x.size(1), features), Tensor.zeros(1, features));
    }

    private static boolean isFull(Tensor x, int[] lengths) {
        return Arrays.stream(lengths).allMatch(n -> n == x.size(1));
    }

    /** Which sequences have a step t; null when all have. */
    public static boolean @Nullable [] running(int t, int[] lengths) {
        boolean[] running = new boolean[lengths.length];
        boolean all = true;
        for (int b = 0; b < lengths.length; b++) {
            running[b] = t < lengths[b];
            all &= running[b];
        }
        return all ? null : running;
    }

    /** Row b of {@code yes} where {@code rows[b]}, else of {@code no}; both [B×..]. */
    public static Tensor choose(boolean[] rows, Tensor yes, Tensor no) {
        int batch = rows.length;
        if (!Arrays.equals(yes.shape(), no.shape()) || yes.rank() == 0 || yes.size(0) != batch) {
            throw new IllegalArgumentException("choose: " + batch + " choices between " + yes.shapeText() + " and "
                    + no.shapeText() + "; both must be [" + batch + "×..]");
        }
        int[] from = new int[batch];
        Arrays.setAll(from, b -> rows[b] ? b : batch + b);
        int width = yes.size() / Math.max(1, batch); // a batch may have no sequences
        Tensor both = Tensor.concat(0, yes.reshape(batch, width), no.reshape(batch, width));
        return both.rows(from).reshape(yes.shape());
    }

    public static void require(String operation, Tensor x, int[] lengths) {
        if (x.rank() != 3 || x.size(0) != lengths.length) {
            throw new IllegalArgumentException(operation + ": " + lengths.length + " lengths for sequences "
                    + x.shapeText() + "; one for each sequence of [B×T×F] is needed");
        }
        for (int length : lengths) {
            if (length < 0 || length > x.size(1)) {
                throw new IllegalArgumentException(operation + ": length " + length + " of a sequence is outside 0.."
                        + x.size(1) + ", the steps of " + x.shapeText());
            }
        }
    }
}
