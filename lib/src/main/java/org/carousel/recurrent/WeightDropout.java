package org.carousel.recurrent;

import org.carousel.layers.Dropout;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Weight dropout (DropConnect) and weight noise: while training, one other R for the whole pass.
 *
 * <pre>
 * R' = M ⊙ R,   M ∈ {0, 1/(1-p)}, 0 with probability p
 * </pre>
 *
 * <p>A connection is missing in all steps of all sequences of a batch or in none. The cell runs as one operation as
 * without it, and evaluation is the cell's own {@link Cell#run}.
 *
 * <p>Sources: Wan et al.: Regularization of neural networks using DropConnect, ICML 2013; on the recurrent weights: Merity,
 * Keskar, Socher: Regularizing and optimizing LSTM language models, 2018, arXiv:1708.02182, section 2.
 *
 * @param p the probability of 0, in [0, 1)
 */
public record WeightDropout(double p) {
    /** Checks the range. */
    public WeightDropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("weight dropout: probability " + p + " must lie in [0, 1)");
        }
    }

    /** A training pass over x [B×T×I]. */
    public Sequence<Lstm.State> apply(Lstm cell, Tensor x, Lstm.State initial, RandomStream random, int... lengths) {
        Tensor R = new Dropout(p).apply(cell.R, random);
        return cell.run(cell.W, R, null, x, initial, lengths.length == 0 ? Ragged.full(x) : lengths);
    }

    /** A training pass over x [B×T×I]. */
    public Sequence<Tensor> apply(Gru cell, Tensor x, Tensor initial, RandomStream random, int... lengths) {
        Tensor R = new Dropout(p).apply(cell.R, random);
        return cell.run(cell.W, R, x, initial, lengths.length == 0 ? Ragged.full(x) : lengths);
    }
}
