package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A training step of every cell that runs fused, at the sizes (16, 128) of {@link LstmBenchmark}: what a variant costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VariantBenchmark {
    private static final int BATCH = 16;
    private static final int HIDDEN = 128;

    /** The name in the catalogue. */
    @Param({
        "LSTM",
        "vanilla",
        "NIG",
        "NFG",
        "NOG",
        "NIAF",
        "NOAF",
        "CIFG",
        "NP",
        "FGR",
        "peephole 2000",
        "focused",
        "lightweight",
        "GRU",
        "GRU, reset before"
    })
    public String variant = "vanilla";

    private Cell<?> cell;
    private TrainingStep step;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        cell = Variants.named(variant).cell(HIDDEN, HIDDEN, random.split("cell"));
        step = new TrainingStep(cell, BATCH, random);
    }

    @Benchmark
    public float train() {
        step.clear();
        return step.after(cell.run(step.x).h());
    }
}
