package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.RecurrentDropout;
import org.carousel.recurrent.Zoneout;
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

/** A training step of the LSTM as in {@link LstmBenchmark}, with masks drawn anew in each pass: what they cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RegulariserBenchmark {

    /** What is drawn. */
    @Param({"none", "zoneout", "recurrent dropout"})
    public String regulariser = "none";

    /** Batch and hidden size. */
    @Param({"1x64", "16x128", "32x256"})
    public String shape = "1x64";

    private final Zoneout zoneout = new Zoneout(0.5, 0.05);
    private final RecurrentDropout dropout = new RecurrentDropout(0.25);
    private final RandomStream masks = RandomStream.of(2);
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
        Lstm.State zero = lstm.initial(step.x.size(0));
        Tensor h =
                switch (regulariser) {
                    case "zoneout" -> zoneout.apply(lstm, step.x, zero, masks).h();
                    case "recurrent dropout" ->
                        dropout.apply(lstm, step.x, zero, masks).h();
                    default -> lstm.run(step.x).h();
                };
        return step.after(h);
    }
}
