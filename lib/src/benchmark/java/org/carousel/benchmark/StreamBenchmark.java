package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.layers.Affine;
import org.carousel.recurrent.CellStream;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One step of a stream: LSTM and a head of 64 classes for one input. {@code -prof gc} must show 0 bytes. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamBenchmark {
    @Param({"64", "256"})
    public int hiddenSize = 64;

    private CellStream<Lstm.State> stream;
    private Affine head;
    private float[] x;
    private float[] y;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        Lstm lstm = Lstm.of(hiddenSize, hiddenSize, random.split("lstm"));
        stream = lstm.stream(lstm.initial(1));
        head = Affine.of(hiddenSize, 64, random.split("head"));
        x = new float[hiddenSize];
        for (int i = 0; i < hiddenSize; i++) {
            x[i] = (float) random.nextGaussian();
        }
        y = new float[64];
    }

    @Benchmark
    public float step() {
        head.into(stream.step(x), y);
        return y[0];
    }
}
