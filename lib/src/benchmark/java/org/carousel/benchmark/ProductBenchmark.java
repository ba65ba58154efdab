package org.carousel.benchmark;

import java.util.concurrent.TimeUnit;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The matrix product in the forms that training needs, at the sizes of an LSTM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProductBenchmark {
    /** M, K and N. */
    @Param({"1x64x256", "16x128x512", "32x256x1024", "64x512x2048"})
    public String shape = "1x64x256";

    private int m;
    private int k;
    private int n;
    private float[] a;
    private float[] b;
    private float[] c;
    private PackedMatrix packed;
    private Kernels kernels;

    @Setup
    public void prepare() {
        String[] sizes = shape.split("x");
        m = Integer.parseInt(sizes[0]);
        k = Integer.parseInt(sizes[1]);
        n = Integer.parseInt(sizes[2]);
        RandomStream random = RandomStream.of(1);
        a = Tensor.normal(random, 1, m * k).toArray();
        b = Tensor.normal(random, 1, k * n).toArray();
        c = new float[m * n];
        kernels = Kernels.active();
        packed = kernels.pack(false, k, n, b, 0, n, null);
    }

    @Benchmark
    public float[] packed() {
        kernels.matmulPacked(m, a, 0, k, packed, c, 0, n);
        return c;
    }

    @Benchmark
    public float[] plain() {
        kernels.matmul(false, false, m, n, k, a, 0, k, b, 0, n, c, 0, n, false);
        return c;
    }

    @Benchmark
    public float[] transposedB() {
        kernels.matmul(false, true, m, n, k, a, 0, k, b, 0, k, c, 0, n, false);
        return c;
    }

    @Benchmark
    public float[] transposedA() {
        kernels.matmul(true, false, m, n, k, a, 0, m, b, 0, n, c, 0, n, false);
        return c;
    }
}
