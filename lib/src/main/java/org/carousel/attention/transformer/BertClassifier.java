package org.carousel.attention.transformer;

import org.carousel.layers.Affine;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * {@link Bert} with a head that sorts whole sequences into classes; both are trained together, which is called
 * fine-tuning when the reader was trained before.
 *
 * <pre>
 * logits = W pooled + b
 * </pre>
 *
 * <p>Source: Devlin et al. 2018, arXiv:1810.04805, section 3.2. Differs from the paper in: no dropout.
 *
 * @param bert reads
 * @param head W [classes×E] and b
 */
public record BertClassifier(Bert bert, Affine head) implements Layer {
    /** A new head on a reader, which is not copied: training changes it. */
    public static BertClassifier of(Bert bert, int classes, RandomStream random) {
        return new BertClassifier(bert, Affine.of(bert.pooler().b().size(), classes, random));
    }

    /** Logits of sequences of one segment: [B×classes]. */
    public Tensor apply(int[][] tokens) {
        return apply(tokens, Bert.firstSegment(tokens));
    }

    /** Logits of sequences as {@link Bert#apply(int[][], int[][])} takes them: [B×classes]. */
    public Tensor apply(int[][] tokens, int[][] segments) {
        return head.apply(bert.pooled(bert.apply(tokens, segments)));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("bert", bert).and("classifier", head);
    }
}
