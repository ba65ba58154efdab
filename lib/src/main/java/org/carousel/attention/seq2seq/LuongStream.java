package org.carousel.attention.seq2seq;

import org.carousel.attention.Additive;
import org.carousel.attention.Attention;
import org.carousel.attention.Local;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.SourceStream;
import org.carousel.attention.internal.StreamSizes;
import org.carousel.recurrent.CellStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * A {@link LuongDecoder} that writes without making tensors, where its cell is an LSTM or a GRU and its attention
 * {@link Additive}, {@link Multiplicative} or a {@link Local} window over one of them; others cost what their own steps
 * cost.
 *
 * <p>It gives the same bits as {@link LuongDecoder#step} and follows the weights when they change, but for those of the
 * keys, which belong to the source. From the second step on it allocates nothing as long as one thread does the work;
 * sharing large work among threads takes a few objects.
 *
 * @param <S> the state of the cell
 */
final class LuongStream<S> implements DecoderStream<LuongDecoder.State<S>> {
    private final LuongDecoder<S> decoder;
    private final Attention.Memory memory;
    private final SourceStream source;
    private final CellStream<S> cell;
    private final int batch;
    private final float[] x; // [B×(E+H)] E y and h̃, or E y alone
    private final float[] read; // [B×(C+S)] c and s
    private final float[] attentional; // h̃
    private final float[] logits;
    private int t;

    LuongStream(LuongDecoder<S> decoder, LuongDecoder.State<S> state) {
        this.decoder = decoder;
        memory = state.memory();
        batch = memory.values().size(0);
        StreamSizes.requireSame("luong decoder", batch, decoder.cell().output(state.cell()));
        StreamSizes.requireSame("luong decoder", batch, state.attentional());
        source = SourceStream.of(decoder.attention(), memory);
        cell = decoder.cell().stream(state.cell());
        x = new float[batch * decoder.cell().inputSize()];
        read = new float[batch * decoder.combine().W().size(1)];
        attentional = state.attentional().toArray();
        logits = new float[batch * decoder.out().b().size()];
        t = state.t();
    }

    @Override
    public float[] step(int... tokens) {
        StreamSizes.requireTokens("luong decoder", batch, tokens);
        int embedded = decoder.embedding().table().size(1);
        int size = decoder.cell().hiddenSize();
        int context = memory.values().size(2);
        decoder.embedding().into(tokens, x, decoder.cell().inputSize());
        if (decoder.inputFeeding()) {
            int fed = decoder.cell().inputSize() - embedded;
            Strided.copyRows(batch, fed, attentional, 0, fed, x, embedded, embedded + fed);
        }
        float[] s = cell.step(x);
        source.read(t, s, read, 0, context + size);
        Strided.copyRows(batch, size, s, 0, size, read, context, context + size);
        decoder.combine().into(read, attentional);
        Kernels.active().tanh(attentional.length, attentional, 0, attentional, 0);
        decoder.out().into(attentional, logits);
        t++;
        return logits;
    }

    @Override
    public float[] weights() {
        return source.weights();
    }

    @Override
    public LuongDecoder.State<S> state() {
        Tensor h = Tensor.wrap(attentional.clone(), batch, attentional.length / batch);
        return new LuongDecoder.State<>(memory, cell.state(), h, t);
    }
}
