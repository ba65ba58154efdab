package org.carousel.attention;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.softmax;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A sentence as a matrix: several weighted sums of its steps, with weights that the steps give themselves.
 *
 * <pre>
 * A = softmax(W₂ tanh(W₁ Hᵀ))     over the steps, one row per view
 * M = A H                         one row per view
 * P = ‖A Aᵀ - 1‖²                 a penalty that keeps the views apart
 * </pre>
 *
 * <p>Source: Lin et al.: A structured self-attentive sentence embedding, ICLR 2017, arXiv:1703.03130, eqs. (6)-(8).
 *
 * @param W1 [D×H]
 * @param W2 [R×D], a row per view
 */
public record SentenceEmbedding(Tensor W1, Tensor W2) implements Layer {
    /** Checks that the shapes belong together. */
    public SentenceEmbedding {
        if (W1.rank() != 2 || W2.rank() != 2 || W2.size(1) != W1.size(0)) {
            throw new IllegalArgumentException("sentence embedding: W1 " + W1.shapeText() + " and W2 " + W2.shapeText()
                    + " must be [D×H] and [R×D]");
        }
        W1.requiresGradient();
        W2.requiresGradient();
    }

    /** Glorot weights. */
    public static SentenceEmbedding of(int hiddenSize, int size, int views, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        return new SentenceEmbedding(
                glorot.matrix(size, hiddenSize, random.split("W1")), glorot.matrix(views, size, random.split("W2")));
    }

    /**
     * What it makes of sentences.
     *
     * @param matrix M [B×R×H]
     * @param weights A [B×R×T], each row sums to 1
     */
    public record Embedded(Tensor matrix, Tensor weights) {
        /** P, the mean over the batch: 0 when every view looks at one step and no two at the same. */
        public Tensor penalty() {
            int views = weights.size(1);
            int[] diagonal = new int[views];
            java.util.Arrays.setAll(diagonal, r -> r);
            return weights.matmul(weights.transpose())
                    .minus(Tensor.oneHot(diagonal, views))
                    .squared()
                    .sum()
                    .dividedBy(weights.size(0));
        }
    }

    /** Sentences h [B×T×H] of the given lengths, 1..T each; padding gets no weight. */
    public Embedded apply(Tensor h, int... lengths) {
        Tensor clean = Ragged.mask(h, lengths);
        float[] hidden = new float[h.size(0) * h.size(1)];
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] == 0) {
                throw new IllegalArgumentException("sentence embedding: sentence " + b + " is empty");
            }
            java.util.Arrays.fill(hidden, b * h.size(1) + lengths[b], (b + 1) * h.size(1), Ragged.NEVER);
        }
        Tensor scores = linear(tanh(linear(clean, W1)), W2).transpose();
        Tensor A = softmax(scores.plus(Tensor.wrap(hidden, h.size(0), 1, h.size(1))));
        return new Embedded(A.matmul(clean), A);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W1", W1).and("W2", W2);
    }
}
