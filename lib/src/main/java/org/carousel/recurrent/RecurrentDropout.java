package org.carousel.recurrent;

import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.LstmMasks;

/**
 * Recurrent dropout without memory loss: while training, what is about to be added to the memory is dropped, never what
 * is already there.
 *
 * <pre>
 * LSTM:  c_t = f_t ⊙ c_{t-1} + i_t ⊙ (m_t ⊙ z_t)                 m_t ∈ {0, 1/(1-p)}, 0 with probability p
 * GRU:   h_t = (1 - z_t) ⊙ (m_t ⊙ n_t) + z_t ⊙ h_{t-1}
 * </pre>
 *
 * <p>The mean of m_t is 1, so evaluation is the cell's own {@link Cell#run}.
 *
 * <p>Source: Semeniuta, Severyn, Barth: Recurrent dropout without memory loss, 2016, arXiv:1603.05118, with masks for each
 * step.
 *
 * @param p the probability of 0, in [0, 1)
 */
public record RecurrentDropout(double p) {
    /** Checks the range. */
    public RecurrentDropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("recurrent dropout: probability " + p + " must lie in [0, 1)");
        }
    }

    /**
     * A training pass over x [B×T×I] as one operation; the same stream drops the same, with any number of threads.
     *
     * @param lengths the steps of each sequence; none when all have T
     */
    public Sequence<Lstm.State> apply(Lstm cell, Tensor x, Lstm.State initial, RandomStream random, int... lengths) {
        cell.requireSequence(x);
        return cell.run(
                cell.W,
                cell.R,
                new LstmMasks(mask(cell, x, random), null, null),
                x,
                initial,
                lengths.length == 0 ? Ragged.full(x) : lengths);
    }

    /** A training pass of a GRU, step by step. */
    public Sequence<Tensor> apply(Gru cell, Tensor x, Tensor initial, RandomStream random, int... lengths) {
        cell.requireSequence(x);
        float[] m = mask(cell, x, random);
        int[] all = lengths.length == 0 ? Ragged.full(x) : lengths;
        return MaskedSteps.run(
                cell, x, initial, all, (t, xt, before) -> cell.step(xt, before, MaskedSteps.at(m, t, before)));
    }

    float[] mask(Cell<?> cell, Tensor x, RandomStream random) {
        return LstmMasks.draw(x.size(1), x.size(0), cell.hiddenSize(), p, 0, (float) (1 / (1 - p)), random);
    }
}
