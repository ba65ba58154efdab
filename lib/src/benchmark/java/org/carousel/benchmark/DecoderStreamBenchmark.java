package org.carousel.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.carousel.attention.Additive;
import org.carousel.attention.Attention;
import org.carousel.attention.Local;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.SourceReader;
import org.carousel.attention.seq2seq.BahdanauDecoder;
import org.carousel.attention.seq2seq.Decoder;
import org.carousel.attention.seq2seq.DecoderStream;
import org.carousel.attention.seq2seq.LuongDecoder;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One token of a decoder with attention over a source of 32 steps, by a stream and by {@link Decoder#step}. {@code -prof
 * gc} must show 0 bytes for the stream.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecoderStreamBenchmark {
    private static final int TOKENS = 64;
    private static final int STEPS = 32;

    @Param({"64", "256"})
    public int hiddenSize = 64;

    /** The last two are Luong's with the cosine, and with a window that a Gaussian softens. */
    @Param({"bahdanau", "luong", "cosine", "local"})
    public String decoder = "bahdanau";

    /** Sequences written side by side. */
    @Param({"1", "8"})
    public int batch = 1;

    private Writer<?> writer;
    private int[] tokens;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        tokens = new int[batch];
        Tensor source = Tensor.normal(random, 1, batch, STEPS, 2 * hiddenSize);
        writer = decoder.equals("bahdanau") ? bahdanau(source, random) : luong(source, random);
    }

    private Writer<?> bahdanau(Tensor source, RandomStream random) {
        Additive attention = Additive.of(hiddenSize, 2 * hiddenSize, hiddenSize, random);
        Attention.Memory memory = attention.memory(source);
        return new Writer<>(
                BahdanauDecoder.of(TOKENS, hiddenSize, hiddenSize, 2 * hiddenSize, attention, random),
                new BahdanauDecoder.State(memory, Tensor.zeros(batch, hiddenSize)));
    }

    private Writer<?> luong(Tensor source, RandomStream random) {
        int own = decoder.equals("luong") ? hiddenSize : 2 * hiddenSize; // the others compare vectors of one size
        SourceReader attention =
                switch (decoder) {
                    case "cosine" -> Multiplicative.cosine(3);
                    case "local" -> Local.predictive(Multiplicative.dot(), 4, own, hiddenSize, random);
                    default -> Multiplicative.general(hiddenSize, 2 * hiddenSize, random);
                };
        Attention.Memory memory = attention.memory(source, lengths());
        Lstm lstm = Lstm.of(2 * hiddenSize, own, random);
        var made = new LuongDecoder<>(
                Embedding.of(TOKENS, hiddenSize, random),
                lstm,
                attention,
                Affine.of(2 * hiddenSize + own, hiddenSize, random),
                Affine.of(hiddenSize, TOKENS, random),
                true);
        return new Writer<>(
                made, new LuongDecoder.State<>(memory, lstm.initial(batch), Tensor.zeros(batch, hiddenSize), 0));
    }

    private int[] lengths() {
        int[] lengths = new int[batch];
        Arrays.fill(lengths, STEPS);
        return lengths;
    }

    /** A decoder, both ways. */
    private static final class Writer<S> {
        private final Decoder<S> decoder;
        private final DecoderStream<S> stream;
        private S state;

        Writer(Decoder<S> decoder, S state) {
            this.decoder = decoder;
            this.state = state;
            stream = decoder.stream(state);
        }

        float step(int... tokens) {
            Decoder.Written<S> written = Tensor.withoutGradient(() -> decoder.step(state, tokens));
            state = written.state();
            return Fused.array(written.logits())[0];
        }
    }

    @Benchmark
    public float stream() {
        return writer.stream.step(tokens)[0];
    }

    @Benchmark
    public float step() {
        return writer.step(tokens);
    }
}
