package org.carousel.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.carousel.attention.seq2seq.BahdanauDecoder;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An encoder-decoder with additive attention, loss and gradients of a batch of 32, H 256, 32 steps of the decoder: the
 * workload of {@code bahdanau.py}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BahdanauBenchmark {
    static final int BATCH = 32;
    static final int WRITTEN = 32;
    private static final int SIZE = 256;
    private static final int TOKENS = 64;

    /** Tokens of a source. */
    @Param({"32", "128", "256"})
    public String shape = "32";

    private EncoderDecoder<int[][], BahdanauDecoder.State> model =
            EncoderDecoder.bahdanau(TOKENS, TOKENS, SIZE, SIZE, 0, 1, RandomStream.of(1));
    private int[][] sources = {};
    private int[][] targets = {};
    private int[][] labels = {};

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(2);
        sources = new int[BATCH][Integer.parseInt(shape)];
        targets = new int[BATCH][WRITTEN - 1]; // and the end token
        for (int b = 0; b < BATCH; b++) {
            Arrays.setAll(sources[b], t -> random.nextInt(2, TOKENS));
            Arrays.setAll(targets[b], t -> random.nextInt(2, TOKENS));
        }
        labels = model.labels(targets);
    }

    @Benchmark
    public Tensor bahdanau() {
        model.parameters().clearGradients();
        Tensor loss = Loss.crossEntropy(model.logits(sources, targets), labels);
        loss.backward();
        return loss;
    }
}
