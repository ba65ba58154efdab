package org.carousel.attention.seq2seq;

import java.util.Set;
import org.carousel.layers.Layer;

/**
 * Reads a batch of sources.
 *
 * @param <X> the sources: {@code int[][]} for texts, a tensor for images
 */
public interface Encoder<X> extends Layer {
    /** Reads all sources of a batch; they may have different lengths. */
    Source encode(X sources);

    /** How many sources a batch holds. */
    int count(X sources);

    /** The parts of a source that a decoder must read for all parameters of this encoder to learn. */
    default Set<Source.Part> mustBeRead() {
        return Set.of();
    }
}
