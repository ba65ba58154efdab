package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.attention.seq2seq.Decoder;
import org.carousel.attention.seq2seq.DecoderStream;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.attention.transformer.Transformer;
import org.carousel.attention.transformer.TransformerDecoder;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A Transformer of two layers and four heads writes 128 tokens over a source of 32, by a stream and by {@link
 * Decoder#step}: the time of one token. What {@code -prof gc} shows for the stream is its making and growing.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TransformerStreamBenchmark {
    private static final int TOKENS = 64;
    private static final int STEPS = 32;
    private static final int WRITTEN = 128;

    @Param({"64", "256"})
    public int size = 64;

    /** Sequences written side by side. */
    @Param({"1", "8"})
    public int batch = 1;

    private TransformerDecoder decoder;
    private TransformerDecoder.State first;
    private int[] tokens;

    @Setup
    public void prepare() {
        var sizes = new Transformer.Sizes(size, 4, 4 * size, 2, true, WRITTEN);
        EncoderDecoder<int[][], TransformerDecoder.State> model =
                Transformer.of(TOKENS, TOKENS, sizes, 0, 1, RandomStream.of(1));
        decoder = (TransformerDecoder) model.decoder();
        first = Tensor.withoutGradient(
                () -> model.decoder().begin(model.encoder().encode(new int[batch][STEPS])));
        tokens = new int[batch];
    }

    @Benchmark
    @OperationsPerInvocation(WRITTEN)
    public float stream() {
        DecoderStream<TransformerDecoder.State> stream = decoder.stream(first);
        float last = 0;
        for (int t = 0; t < WRITTEN; t++) {
            last = stream.step(tokens)[0];
        }
        return last;
    }

    @Benchmark
    @OperationsPerInvocation(WRITTEN)
    public float step() {
        return Tensor.withoutGradient(() -> {
            TransformerDecoder.State state = first;
            float last = 0;
            for (int t = 0; t < WRITTEN; t++) {
                Decoder.Written<TransformerDecoder.State> written = decoder.step(state, tokens);
                state = written.state();
                last = Fused.array(written.logits())[0];
            }
            return last;
        });
    }
}
