package org.carousel.layers;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Dropout: while training each element is 0 with probability p, and the others grow by 1/(1-p) so that the mean stays.
 *
 * <p>Source: Srivastava et al.: Dropout, Journal of Machine Learning Research 15, 2014; on the connections between the
 * layers of recurrent networks, and only there: Zaremba, Sutskever, Vinyals 2014, arXiv:1409.2329.
 *
 * @param p the probability of 0, in [0, 1)
 */
public record Dropout(double p) {
    /** Checks the range. */
    public Dropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("dropout: probability " + p + " must lie in [0, 1)");
        }
    }

    /** x with elements dropped, for training; the same stream drops the same elements. */
    public Tensor apply(Tensor x, RandomStream random) {
        if (p == 0) {
            return x;
        }
        float[] mask = new float[x.size()];
        float kept = (float) (1 / (1 - p));
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < p ? 0 : kept;
        }
        return x.times(Tensor.wrap(mask, x.shape()));
    }

    /** x [B×T×F] with the same features dropped in all steps of a sequence (Gal, Ghahramani 2016, arXiv:1512.05287). */
    public Tensor applyToSequences(Tensor x, RandomStream random) {
        if (x.rank() != 3) {
            throw new IllegalArgumentException("dropout: sequences " + x.shapeText() + " must be [B×T×F]");
        }
        return p == 0 ? x : x.times(apply(Tensor.ones(x.size(0), 1, x.size(2)), random));
    }
}
