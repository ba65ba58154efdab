package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.Tensor;
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

    /** Batch and hidden size. */
    @Param({"1x64", "16x128", "32x256", "64x512"})
    public String shape = "1x64";

    private Lstm lstm;
    private TrainingStep step;

    @Setup
    public void prepare() {
        step = TrainingStep.ofLstm(shape);
        lstm = (Lstm) step.cell;
    }

    @Benchmark
    public float train() {
        step.clear();
        return step.after(lstm.run(step.x).h());
    }

    @Benchmark
    public Tensor forward() {
        return Tensor.withoutGradient(() -> step.head.apply(lstm.run(step.x).h()));
    }
}
