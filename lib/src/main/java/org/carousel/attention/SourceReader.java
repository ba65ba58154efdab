package org.carousel.attention;

import org.carousel.layers.Layer;
import org.carousel.tensor.Tensor;

/** What a decoder reads its source with: an {@link Attention} over all of it, or {@link Local} for a window. */
public interface SourceReader extends Layer {
    /** Prepares a source h [B×U×H] of the given lengths, 1..U each. */
    Attention.Memory memory(Tensor source, int... lengths);

    /** Reads with the query s [B×S] of step t, counted from 0. */
    Attention.Reading read(int t, Tensor query, Attention.Memory memory);
}
