package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.recurrent.Elman;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.learning.Learner;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The gradient of an Elman layer with 8 inputs over one sequence of 256 steps with an error at every step, forward in time:
 * RTRL, the workload of {@code rtrl.py}, and the blocks of 1992, as long as there are units, for the same gradient.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class LearningBenchmark {
    static final int STEPS = 256;
    private static final int INPUTS = 8;

    /** Units of the layer. */
    @Param({"16", "32", "64"})
    public String shape = "32";

    private Elman cell = Elman.of(INPUTS, 1, RandomStream.of(1));
    private Learner rtrl = Learner.rtrl(cell);
    private Learner blocks = rtrl;
    private Tensor[] x = {};
    private Tensor[] error = {};

    @Setup
    public void prepare() {
        int n = Integer.parseInt(shape);
        RandomStream random = RandomStream.of(2);
        cell = Elman.of(INPUTS, n, random);
        rtrl = Learner.rtrl(cell);
        blocks = Learner.blocks(cell, n);
        x = new Tensor[STEPS];
        error = new Tensor[STEPS];
        for (int t = 0; t < STEPS; t++) {
            x[t] = Tensor.normal(random, 1, 1, INPUTS);
            error[t] = Tensor.normal(random, 1, 1, n);
        }
    }

    private Tensor learn(Learner learner) {
        cell.parameters().clearGradients();
        learner.begin(1);
        for (int t = 0; t < STEPS; t++) {
            learner.read(x[t]);
            learner.teach(error[t]);
        }
        learner.collect();
        return cell.R().gradient();
    }

    @Benchmark
    public Tensor rtrl() {
        return learn(rtrl);
    }

    @Benchmark
    public Tensor blocks() {
        return learn(blocks);
    }
}
