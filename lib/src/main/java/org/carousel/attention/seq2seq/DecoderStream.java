package org.carousel.attention.seq2seq;

import org.jspecify.annotations.Nullable;

/**
 * A {@link Decoder} that writes on and on from one state, for inference: the bits of {@link Decoder#step}, in arrays that
 * belong to the stream and are overwritten by its next step. Not for use by several threads at once.
 *
 * @param <S> the state of the decoder
 */
public interface DecoderStream<S> {
    /**
     * Reads the token before, one for each of the B sequences.
     *
     * @return logits [B×V]
     * @throws IllegalArgumentException when there are not B tokens, or one does not exist
     */
    float[] step(int... tokens);

    /** α [B×U]: where the last step looked; null for a decoder without attention. */
    float @Nullable [] weights();

    /** A copy of the state after the last step. */
    S state();
}
