package org.carousel.recurrent;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.LstmMasks;
import org.jspecify.annotations.Nullable;

/**
 * Zoneout: while training, units keep their value of the step before instead of taking up the new one.
 *
 * <pre>
 * s_t = d_t ⊙ s_{t-1} + (1 - d_t) ⊙ ŝ_t      d_t ∈ {0, 1}, 1 with probability p; ŝ_t what the cell computes
 * </pre>
 *
 * <p>{@link #apply} draws d_t, for c and h apart; {@link #expected} has p in its place. What the cell computes for h is made from
 * its new c, before c is mixed with the old one. Nothing is ever set to 0, so memory is delayed and not lost, and the
 * gradient has a way back on which it is not multiplied.
 *
 * <p>For cells whose state is h, or h and c. An {@link Lstm} runs as one operation.
 *
 * <p>Source: Krueger et al.: Zoneout: regularizing RNNs by randomly preserving hidden activations, 2017,
 * arXiv:1606.01305.
 *
 * @param c how often a cell state is kept, in [0, 1)
 * @param h how often an output is kept, in [0, 1)
 */
public record Zoneout(double c, double h) {
    /** Checks the ranges. */
    public Zoneout {
        if (!(c >= 0 && c < 1) || !(h >= 0 && h < 1)) {
            throw new IllegalArgumentException("zoneout: rates c " + c + " and h " + h + " must lie in [0, 1)");
        }
    }

    /**
     * A training pass over x [B×T×I]; the same stream keeps the same units, with any number of threads.
     *
     * @param lengths the steps of each sequence; none when all have T
     */
    public <S> Sequence<S> apply(Cell<S> cell, Tensor x, S initial, RandomStream random, int... lengths) {
        cell.requireSequence(x);
        float[] ofC = draw(cell, x, c, random.split("c"));
        float[] ofH = draw(cell, x, h, random.split("h"));
        return run(cell, new LstmMasks(null, ofC, ofH), x, initial, lengths);
    }

    /** A pass for evaluation: every mask is its mean. */
    public <S> Sequence<S> expected(Cell<S> cell, Tensor x, S initial, int... lengths) {
        cell.requireSequence(x);
        return run(cell, new LstmMasks(null, mean(cell, x, c), mean(cell, x, h)), x, initial, lengths);
    }

    /** Which units keep their old value at which step; null when none does. */
    private static float @Nullable [] draw(Cell<?> cell, Tensor x, double rate, RandomStream random) {
        return rate == 0 ? null : LstmMasks.draw(x.size(1), x.size(0), cell.hiddenSize(), rate, 1, 0, random);
    }

    private static float @Nullable [] mean(Cell<?> cell, Tensor x, double rate) {
        return rate == 0 ? null : LstmMasks.constant(x.size(1), x.size(0), cell.hiddenSize(), rate);
    }

    @SuppressWarnings("unchecked") // an Lstm is a Cell<Lstm.State>
    private static <S> Sequence<S> run(Cell<S> cell, LstmMasks masks, Tensor x, S initial, int... given) {
        int[] lengths = given.length == 0 ? Ragged.full(x) : given;
        if (cell instanceof Lstm lstm) {
            return (Sequence<S>) lstm.run(lstm.W, lstm.R, masks, x, (Lstm.State) initial, lengths);
        }
        return unrolled(cell, masks, x, initial, lengths);
    }

    /** The equations. */
    static <S> Sequence<S> unrolled(Cell<S> cell, LstmMasks masks, Tensor x, S initial, int... lengths) {
        List<Tensor> parts = cell.tensors(initial);
        if (parts.size() > 2 || parts.get(0) != cell.output(initial)) {
            throw new IllegalArgumentException(
                    "zoneout: the state of " + cell.getClass().getSimpleName()
                            + " is neither h nor h and c; what keeping a part of it would mean is not defined");
        }
        float[][] shares = {masks.h(), masks.c()};
        return MaskedSteps.run(cell, x, initial, lengths, (t, xt, before) -> {
            List<Tensor> old = cell.tensors(before);
            List<Tensor> next = new ArrayList<>(cell.tensors(cell.step(xt, before)));
            for (int k = 0; k < next.size(); k++) {
                if (shares[k] != null) {
                    Tensor d = MaskedSteps.at(shares[k], t, next.get(k));
                    next.set(k, d.times(old.get(k)).plus(d.oneMinus().times(next.get(k))));
                }
            }
            return cell.state(next);
        });
    }
}
