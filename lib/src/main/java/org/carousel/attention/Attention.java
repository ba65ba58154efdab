package org.carousel.attention;

import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;

/**
 * A way of reading a source h_1 .. h_U with a query s: scores, weights, context.
 *
 * <pre>
 * e_j = score(s, h_j)      α = softmax(e)      c = Σ_j α_j h_j
 * </pre>
 *
 * <p>What depends on the source alone is computed once, by {@link #memory}; then every query reads it.
 */
public interface Attention extends SourceReader {
    /** e [B×U]: how well each step of the source fits the query s [B×S]. */
    Tensor scores(Tensor query, Memory memory);

    /** The part of the scores that depends on the source alone: [B×U×K] from h [B×U×H]. */
    Tensor keys(Tensor source);

    /**
     * A source to read from.
     *
     * @param source h [B×U×H]
     * @param lengths how many steps of each are not padding, 1..U
     * @throws IllegalArgumentException when the lengths do not fit, or one is 0: nothing could be read
     */
    @Override
    default Memory memory(Tensor source, int... lengths) {
        Tensor clean = Fused.keepPacked(Ragged.mask(source, lengths));
        float[] hidden = new float[source.size(0) * source.size(1)];
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] == 0) {
                throw new IllegalArgumentException(
                        "attention: sequence " + b + " of the source is empty; there is nothing to read");
            }
            java.util.Arrays.fill(hidden, b * source.size(1) + lengths[b], (b + 1) * source.size(1), Ragged.NEVER);
        }
        return new Memory(clean, keys(clean), Tensor.wrap(hidden, source.size(0), source.size(1)), lengths.clone());
    }

    /** As {@link #memory(Tensor, int...)} for sources without padding. */
    default Memory memory(Tensor source) {
        return memory(source, Ragged.full(source));
    }

    @Override
    default Reading read(int t, Tensor query, Memory memory) {
        return read(query, memory);
    }

    /** Reads with a query s [B×S]. */
    default Reading read(Tensor query, Memory memory) {
        Tensor weights = Tensor.softmax(scores(query, memory).plus(memory.hidden()));
        return Reading.of(weights, memory);
    }

    /**
     * A source, ready to be read.
     *
     * @param values h [B×U×H], zeros behind the ends
     * @param keys what the scores need of it [B×U×K]
     * @param hidden 0 for steps and a large negative number for padding [B×U]
     * @param lengths the steps of each sequence
     */
    record Memory(Tensor values, Tensor keys, Tensor hidden, int[] lengths) {}

    /**
     * What a query has read.
     *
     * @param context c [B×H]
     * @param weights α [B×U], each row sums to 1
     */
    record Reading(Tensor context, Tensor weights) {
        static Reading of(Tensor weights, Memory memory) {
            int batch = weights.size(0);
            Tensor context = weights.reshape(batch, 1, weights.size(1)).matmul(memory.values());
            return new Reading(context.reshape(batch, memory.values().size(2)), weights);
        }
    }
}
