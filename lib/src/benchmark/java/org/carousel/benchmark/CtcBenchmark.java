package org.carousel.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.carousel.labelling.Ctc;
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

/** CTC from logits forward and backward, 32 sequences, 64 classes, a label for 8 steps: the workload of {@code ctc.py}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CtcBenchmark {
    static final int BATCH = 32;
    private static final int CLASSES = 64;

    /** Steps of a sequence. */
    @Param({"64", "256", "1024"})
    public String shape = "64";

    private Tensor logits;
    private int[] lengths;
    private int[][] targets;

    @Setup
    public void prepare() {
        int steps = Integer.parseInt(shape);
        RandomStream random = RandomStream.of(1);
        logits = Tensor.normal(random, 1, BATCH, steps, CLASSES).requiresGradient();
        lengths = new int[BATCH];
        Arrays.fill(lengths, steps);
        targets = new int[BATCH][steps / 8];
        for (int[] target : targets) {
            Arrays.setAll(target, n -> 1 + random.nextInt(CLASSES - 1));
        }
    }

    @Benchmark
    public Tensor ctc() {
        logits.clearGradient();
        Ctc.of(0).loss(logits, lengths, targets).backward();
        return logits.gradient();
    }
}
