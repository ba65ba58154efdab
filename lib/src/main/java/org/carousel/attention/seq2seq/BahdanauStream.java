package org.carousel.attention.seq2seq;

import org.carousel.attention.Attention;
import org.carousel.attention.SourceStream;
import org.carousel.attention.internal.StreamSizes;
import org.carousel.recurrent.CellStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * A {@link BahdanauDecoder} that writes without making tensors.
 *
 * <p>It gives the same bits as {@link BahdanauDecoder#step} and follows the weights when they change, but for those of the
 * keys, which belong to the source. From the second step on it allocates nothing as long as one thread does the work;
 * sharing large work among threads takes a few objects.
 */
final class BahdanauStream implements DecoderStream<BahdanauDecoder.State> {
    private final BahdanauDecoder decoder;
    private final Attention.Memory memory;
    private final SourceStream source;
    private final CellStream<Tensor> cell;
    private final int batch;
    private final float[] x; // [B×(E+C)] E y and c
    private final float[] seen; // [B×(H+E+C)] s, E y and c
    private final float[] deep;
    private final float[] logits;
    private float[] s;

    BahdanauStream(BahdanauDecoder decoder, BahdanauDecoder.State state) {
        this.decoder = decoder;
        memory = state.memory();
        batch = memory.values().size(0);
        StreamSizes.requireSame("bahdanau decoder", batch, state.s());
        source = SourceStream.of(decoder.attention(), memory);
        cell = decoder.cell().stream(state.s());
        s = state.s().toArray();
        x = new float[batch * decoder.cell().inputSize()];
        seen = new float[s.length + x.length];
        deep = new float[batch * decoder.deep().b().size()];
        logits = new float[batch * decoder.out().b().size()];
    }

    @Override
    public float[] step(int... tokens) {
        StreamSizes.requireTokens("bahdanau decoder", batch, tokens);
        int size = decoder.cell().hiddenSize();
        int wide = decoder.cell().inputSize();
        decoder.embedding().into(tokens, x, wide);
        source.read(0, s, x, decoder.embedding().table().size(1), wide);
        s = cell.step(x);
        Strided.copyRows(batch, size, s, 0, size, seen, 0, size + wide);
        Strided.copyRows(batch, wide, x, 0, wide, seen, size, size + wide);
        decoder.deep().into(seen, deep);
        Kernels.active().tanh(deep.length, deep, 0, deep, 0);
        decoder.out().into(deep, logits);
        return logits;
    }

    @Override
    public float[] weights() {
        return source.weights();
    }

    @Override
    public BahdanauDecoder.State state() {
        return new BahdanauDecoder.State(
                memory, Tensor.wrap(s.clone(), batch, decoder.cell().hiddenSize()));
    }
}
