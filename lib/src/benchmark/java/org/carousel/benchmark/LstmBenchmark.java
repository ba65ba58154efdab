package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A one-layer LSTM of input size H over 64 steps with a head of 64 classes at every step: the workload of {@code
 * lstm.py}. Training is forward, cross-entropy, backward and SGD, without a gradient for x.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LstmBenchmark {
    static final int STEPS = 64;
    private static final int CLASSES = 64;

    /** Batch and hidden size. */
    @Param({"1x64", "16x128", "32x256", "64x512"})
    public String shape = "1x64";

    private Lstm lstm;
    private Affine head;
    private Parameters parameters;
    private Optimizer optimizer;
    private Tensor x;
    private int[] targets;

    @Setup
    public void prepare() {
        int batch = Integer.parseInt(shape.split("x")[0]);
        int hiddenSize = Integer.parseInt(shape.split("x")[1]);
        RandomStream random = RandomStream.of(1);
        lstm = Lstm.of(hiddenSize, hiddenSize, random.split("lstm"));
        head = Affine.of(hiddenSize, CLASSES, random.split("head"));
        parameters = Parameters.of("lstm", lstm).and("head", head);
        optimizer = Optimizer.sgd(0.05);
        x = Tensor.normal(random.split("x"), 1, batch, STEPS, hiddenSize);
        targets = new int[batch * STEPS];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(CLASSES);
        }
    }

    @Benchmark
    public float train() {
        parameters.clearGradients();
        Tensor loss = Loss.crossEntropy(head.apply(lstm.run(x).h()), targets);
        loss.backward();
        optimizer.step(parameters, 1);
        return loss.item();
    }

    @Benchmark
    public Tensor forward() {
        return Tensor.withoutGradient(() -> head.apply(lstm.run(x).h()));
    }
}
