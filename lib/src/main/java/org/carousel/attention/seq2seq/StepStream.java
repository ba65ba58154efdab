package org.carousel.attention.seq2seq;

import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** A stream that takes the steps of its decoder, tensors and all. */
final class StepStream<S> implements DecoderStream<S> {
    private final Decoder<S> decoder;
    private S state;
    private @Nullable Tensor weights;

    StepStream(Decoder<S> decoder, S state) {
        this.decoder = decoder;
        this.state = state;
    }

    @Override
    public float[] step(int... tokens) {
        Decoder.Written<S> written = Tensor.withoutGradient(() -> decoder.step(state, tokens));
        state = written.state();
        weights = written.weights();
        return written.logits().toArray();
    }

    @Override
    public float @Nullable [] weights() {
        return weights == null ? null : weights.toArray();
    }

    @Override
    public S state() {
        return state;
    }
}
