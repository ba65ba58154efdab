package org.carousel.attention.transformer;

import java.util.Arrays;
import org.carousel.attention.internal.StreamSizes;
import org.carousel.attention.seq2seq.DecoderStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * A {@link TransformerDecoder} that writes without making tensors.
 *
 * <p>It gives the same bits as {@link TransformerDecoder#step} and follows the weights when they change, but for the keys
 * and values that are kept: those of the source and of the steps before. A step costs work in proportion to the steps
 * before it, and packs none of them anew.
 *
 * <p>Keys and values lie in arrays that grow by doubling, up to the number of places there are; a step that lets them
 * grow allocates. The others allocate nothing from the second one on, as long as one thread does the work; sharing large
 * work among threads takes a few objects.
 */
final class TransformerStream implements DecoderStream<TransformerDecoder.State> {
    private final TransformerDecoder decoder;
    private final TransformerDecoder.State first;
    private final DecoderLayerStream[] layers;
    private final int batch;
    private final int size;
    private final float[] x; // [B×E]
    private final float[] looks; // of one layer [B×U]
    private final float[] weights; // the mean over the layers
    private final float[] logits;
    private int t;

    TransformerStream(TransformerDecoder decoder, TransformerDecoder.State state) {
        this.decoder = decoder;
        first = state;
        batch = state.source().size(0);
        size = decoder.places().size(1);
        layers = new DecoderLayerStream[decoder.layers().size()];
        for (int n = 0; n < layers.length; n++) {
            DecoderLayer layer = decoder.layers().get(n);
            DecoderLayer.Cache cache = state.caches().isEmpty()
                    ? Tensor.withoutGradient(() -> layer.cache(state.source(), state.lengths()))
                    : state.caches().get(n);
            layers[n] = new DecoderLayerStream(layer, cache, decoder.places().size(0));
        }
        x = new float[batch * size];
        looks = new float[batch * state.source().size(1)];
        weights = new float[looks.length];
        logits = new float[batch * decoder.out().b().size()];
        t = state.t();
    }

    /**
     * As {@link DecoderStream#step}.
     *
     * @throws IllegalArgumentException also when there is no place for one more token
     */
    @Override
    public float[] step(int... tokens) {
        Tensor places = decoder.places();
        StreamSizes.requireTokens("transformer decoder", batch, tokens);
        PositionalEncoding.requirePlaces(t + 1, places);
        decoder.embedding().into(tokens, x, size);
        Elementwise.scale(x.length, (float) StrictMath.sqrt(size), x, 0);
        Strided.addRows(batch, size, Fused.array(places), Fused.offset(places) + t * size, 0, x, 0, size);
        Arrays.fill(weights, 0);
        for (DecoderLayerStream layer : layers) {
            layer.step(x, looks);
            Kernels.active().add(looks.length, looks, 0, weights, 0);
        }
        Elementwise.divide(weights.length, layers.length, weights, 0);
        if (decoder.norm() != null) {
            decoder.norm().into(x, x);
        }
        decoder.out().into(x, logits);
        t++;
        return logits;
    }

    @Override
    public float[] weights() {
        return weights;
    }

    @Override
    public TransformerDecoder.State state() {
        var caches = Arrays.stream(layers).map(DecoderLayerStream::cache).toList();
        return new TransformerDecoder.State(first.source(), first.lengths(), caches, t);
    }
}
