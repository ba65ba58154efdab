package org.carousel.attention.seq2seq;

import org.carousel.layers.Layer;

/**
 * Reads a batch of sources and leaves what a decoder begins with.
 *
 * @param <X> the sources: {@code int[][]} for texts, a tensor for images
 * @param <S> the state that the decoder begins with
 */
public interface Encoder<X, S> extends Layer {
    /** Reads all sources of a batch; they may have different lengths. */
    S encode(X sources);

    /** How many sources a batch holds. */
    int count(X sources);
}
