package org.carousel.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.carousel.embedding.Neighbour;
import org.carousel.embedding.WordVectors;
import org.carousel.embedding.counting.CountMatrices;
import org.carousel.embedding.counting.Glove;
import org.carousel.embedding.counting.SparseMatrix;
import org.carousel.embedding.counting.TruncatedSvd;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A query among 100,000 vectors of 100 numbers, and what is made of the counts of 20,000 words in 300,000 places: an epoch of
 * GloVe with 100 numbers, a decomposition of rank 100.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Dcarousel.threads=1"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WordVectorsBenchmark {
    private static final int WORDS = 20_000;

    private WordVectors vectors;
    private SparseMatrix counts;
    private Glove glove;
    private int query;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        List<String> names = IntStream.range(0, 100_000).mapToObj(i -> "w" + i).toList();
        vectors = WordVectors.of(names, Tensor.normal(random, 1, names.size(), 100));
        List<int[]> sentences = new ArrayList<>();
        for (int s = 0; s < 10_000; s++) {
            sentences.add(IntStream.range(0, 30)
                    .map(i -> (int) (StrictMath.pow(WORDS, random.nextDouble()) - 1)) // Zipf's law
                    .toArray());
        }
        counts = CountMatrices.cooccurrence(sentences, WORDS, 5, CountMatrices.Distance.HARMONIC);
        glove = Glove.of(counts, 100, 10, 0.05, random);
    }

    @Benchmark
    public List<Neighbour> nearest() {
        query = (query + 7919) % vectors.size();
        return vectors.nearest(vectors.words().get(query), 10);
    }

    @Benchmark
    public double gloveEpoch() {
        return glove.epoch();
    }

    @Benchmark
    public TruncatedSvd randomisedSvd() {
        return TruncatedSvd.randomised(counts, 100, RandomStream.of(1));
    }
}
