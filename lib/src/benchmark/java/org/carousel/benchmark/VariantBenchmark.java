package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.catalogue.Variants;
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

/** A training step of every cell that runs fused, at the sizes (16, 128) of {@link LstmBenchmark}: what a variant costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VariantBenchmark {
    private static final int BATCH = 16;
    private static final int STEPS = 64;
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
    private Affine head;
    private Parameters parameters;
    private Optimizer optimizer;
    private Tensor x;
    private int[] targets;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        cell = Variants.named(variant).cell(HIDDEN, HIDDEN, random.split("cell"));
        head = Affine.of(HIDDEN, 64, random.split("head"));
        parameters = Parameters.of("cell", cell).and("head", head);
        optimizer = Optimizer.sgd(0.05);
        x = Tensor.normal(random.split("x"), 1, BATCH, STEPS, HIDDEN);
        targets = new int[BATCH * STEPS];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = random.nextInt(64);
        }
    }

    @Benchmark
    public float train() {
        parameters.clearGradients();
        Tensor loss = Loss.crossEntropy(head.apply(cell.run(x).h()), targets);
        loss.backward();
        optimizer.step(parameters, 1);
        return loss.item();
    }
}
