package org.carousel.recurrent;

import org.carousel.tensor.Tensor;

/**
 * Extra steps after the end of a sequence, in which a network can go on computing before it answers.
 *
 * <p>A tick has zeros for input and a 1 in one input more, whose weights are the biases that a network uses while it
 * ticks. Ticks also tell a network that the sequence is over.
 *
 * <p>Source: the ticker steps of Hochreiter's lecture notes on LSTM; learned numbers of them: Graves: Adaptive computation
 * time, 2016, arXiv:1603.08983.
 */
public final class TickerSteps {
    private TickerSteps() {}

    /**
     * Sequences with k ticks behind them: x [B×T×I] gives [B×(T+k)×(I+1)].
     *
     * @throws IllegalArgumentException when x is not [B×T×I], or k is negative
     */
    public static Tensor append(Tensor x, int k) {
        if (x.rank() != 3 || k < 0) {
            throw new IllegalArgumentException("ticker steps: " + k + " ticks behind " + x.shapeText()
                    + "; sequences [B×T×I] and 0 or more ticks are needed");
        }
        int batch = x.size(0);
        Tensor before = Tensor.concat(2, x, Tensor.zeros(batch, x.size(1), 1));
        Tensor ticks = Tensor.concat(2, Tensor.zeros(batch, k, x.size(2)), Tensor.ones(batch, k, 1));
        return Tensor.concat(1, before, ticks);
    }
}
