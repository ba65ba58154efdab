package org.carousel.recurrent;

import org.carousel.layers.Dropout;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Variational dropout: one mask for all steps of a sequence, for what R multiplies.
 *
 * <pre>
 * net_t = W x_t + R (m ⊙ h_{t-1}) + b      m [B×H] ∈ {0, 1/(1-p)}, drawn once for each sequence
 * </pre>
 *
 * <p>The inputs' mask of the same kind is {@link Dropout#applyToSequences}. Only for cells that see h_{t-1} through R alone:
 * an LSTM or an Elman network. In a GRU h is the memory as well, and would be lost.
 *
 * <p>Source: Gal, Ghahramani: A theoretically grounded application of dropout in recurrent neural networks, 2016,
 * arXiv:1512.05287, with a mask shared by the gates ("tied").
 *
 * @param p the probability of 0, in [0, 1)
 */
public record VariationalDropout(double p) {
    /** Checks the range. */
    public VariationalDropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("variational dropout: probability " + p + " must lie in [0, 1)");
        }
    }

    /** A training pass over x [B×T×I], step by step; evaluation is the cell's own {@link Cell#run}. */
    public Sequence<Lstm.State> apply(Lstm cell, Tensor x, Lstm.State initial, RandomStream random, int... lengths) {
        return masked(cell, mask(cell, x, random), x, initial, lengths.length == 0 ? Ragged.full(x) : lengths);
    }

    static Sequence<Lstm.State> masked(Lstm cell, Tensor m, Tensor x, Lstm.State initial, int... lengths) {
        return MaskedSteps.run(
                cell, x, initial, lengths, (t, xt, s) -> cell.step(xt, new Lstm.State(s.h().times(m), s.c())));
    }

    /** A training pass of an Elman network. */
    public Sequence<Tensor> apply(Elman cell, Tensor x, Tensor initial, RandomStream random, int... lengths) {
        Tensor m = mask(cell, x, random);
        int[] all = lengths.length == 0 ? Ragged.full(x) : lengths;
        return MaskedSteps.run(cell, x, initial, all, (t, xt, h) -> cell.step(xt, h.times(m)));
    }

    private Tensor mask(Cell<?> cell, Tensor x, RandomStream random) {
        cell.requireSequence(x);
        return new Dropout(p).apply(Tensor.ones(x.size(0), cell.hiddenSize()), random);
    }
}
