package org.carousel.attention;

import static org.carousel.tensor.Tensor.concat;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The n-gram RNN: no attention, only the last N-1 outputs of a recurrent network side by side, each with a part of its
 * own.
 *
 * <pre>
 * h_t  = [h_t¹; h_t²; .. h_tᴺ⁻¹]
 * h*_t = tanh(W [h_t¹; h_{t-1}²; .. h_{t-N+2}ᴺ⁻¹])
 * </pre>
 *
 * <p>With N = 4 it is the 4-gram RNN, which the paper found on a par with attention. Steps before the first count as
 * zeros.
 *
 * <p>Source: Daniluk, Rocktäschel, Welbl, Riedel: Frustratingly short attention spans in neural language modeling, ICLR
 * 2017, arXiv:1702.04521, section 2.
 *
 * @param parts N-1, how many steps are seen
 * @param W [D×(N-1)D]
 */
public record NgramRnn(int parts, Tensor W) implements Layer {
    /** Checks that the shape belongs to the parts. */
    public NgramRnn {
        if (parts < 1 || W.rank() != 2 || W.size(1) != parts * W.size(0)) {
            throw new IllegalArgumentException(
                    "n-gram rnn: W " + W.shapeText() + " must be [D×nD] with n = " + parts + " parts, at least 1");
        }
        W.requiresGradient();
    }

    /**
     * Glorot weights.
     *
     * @param n N, at least 2: 4 for the 4-gram RNN
     * @param size D, the size of a part and of the result; h has (N-1)·D numbers
     */
    public static NgramRnn of(int n, int size, RandomStream random) {
        if (n < 2) {
            throw new IllegalArgumentException("n-gram rnn: N = " + n + "; must be at least 2");
        }
        return new NgramRnn(n - 1, Initializer.glorot().matrix(size, (n - 1) * size, random));
    }

    /** h* [B×T×D] of outputs h [B×T×(N-1)D] without padding. */
    public Tensor apply(Tensor h) {
        return apply(h, Ragged.full(h));
    }

    /** h* [B×T×D], zeros behind the ends, of outputs h [B×T×(N-1)D]. */
    public Tensor apply(Tensor h, int... lengths) {
        int size = W.size(0);
        if (h.rank() != 3 || h.size(2) != parts * size) {
            throw new IllegalArgumentException("n-gram rnn: " + h.shapeText() + " must be [batch×steps×" + parts * size
                    + "], " + parts + " parts of " + size);
        }
        Tensor clean = Ragged.mask(h, lengths);
        Tensor[] seen = new Tensor[parts];
        for (int n = 0; n < parts; n++) {
            seen[n] = delayed(clean.slice(2, n * size, (n + 1) * size), Math.min(n, h.size(1)));
        }
        return Ragged.mask(tanh(linear(concat(2, seen), W)), lengths);
    }

    /** x [B×T×D] so many steps later, zeros first. */
    private static Tensor delayed(Tensor x, int steps) {
        return concat(1, Tensor.zeros(x.size(0), steps, x.size(2)), x.slice(1, 0, x.size(1) - steps));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W);
    }
}
