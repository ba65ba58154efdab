package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.attention.ScaledDotProduct;
import org.carousel.tensor.RandomStream;
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
 * Scaled dot-product attention forward and backward, on 8 sequences with 8 heads of size 64: the workload of {@code
 * attention.py}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AttentionBenchmark {
    static final int BATCH = 8;
    private static final int HEADS = 8;
    private static final int SIZE = 64;

    /** Steps of a sequence. */
    @Param({"64", "256", "1024"})
    public String shape = "64";

    private Tensor q;
    private Tensor k;
    private Tensor v;
    private Tensor outer;

    @Setup
    public void prepare() {
        int steps = Integer.parseInt(shape);
        RandomStream random = RandomStream.of(1);
        q = Tensor.normal(random, 1, BATCH, HEADS, steps, SIZE).requiresGradient();
        k = Tensor.normal(random, 1, BATCH, HEADS, steps, SIZE).requiresGradient();
        v = Tensor.normal(random, 1, BATCH, HEADS, steps, SIZE).requiresGradient();
        outer = Tensor.normal(random, 1, BATCH, HEADS, steps, SIZE);
    }

    @Benchmark
    public Tensor attention() {
        q.clearGradient();
        k.clearGradient();
        v.clearGradient();
        ScaledDotProduct.attend(q, k, v).backward(outer);
        return q.gradient();
    }
}
