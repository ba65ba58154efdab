package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.carousel.embedding.Tsne;
import org.carousel.embedding.counting.CountMatrices;
import org.carousel.embedding.counting.Glove;
import org.carousel.embedding.counting.SparseMatrix;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is learned from counts does not depend on the number of threads. */
class WordVectorThreadsTest {
    private static final int THREADS = Parallel.threads();

    @AfterEach
    void restoreThreads() {
        Parallel.threads(THREADS);
    }

    private static SparseMatrix counts() {
        RandomStream random = RandomStream.of(5);
        List<int[]> sentences = IntStream.range(0, 800)
                .mapToObj(s -> IntStream.range(0, 40)
                        .map(i -> (int) (400 * random.nextDouble() * random.nextDouble()))
                        .toArray())
                .toList();
        return CountMatrices.cooccurrence(sentences, 400, 8, CountMatrices.Distance.HARMONIC);
    }

    @Test
    void threadsDoNotChangeBits() {
        SparseMatrix counts = counts();
        long work = counts.nonZeros() / 16 * 100 * 40L;
        assertTrue(Parallel.worthwhile(work) || THREADS == 1, "enough work to be shared: " + work);
        float[][] words = new float[3][];
        float[][] products = new float[3][];
        double[] losses = new double[3];
        double[][][] maps = new double[3][][];
        Tensor dense = Tensor.normal(RandomStream.of(3), 1, 400, 100);
        for (int k = 0; k < 3; k++) {
            Parallel.threads(new int[] {1, 2, 5}[k]);
            Glove glove = Glove.of(counts, 100, 10, 0.05, RandomStream.of(7));
            losses[k] = glove.epoch() + glove.epoch();
            words[k] = glove.wordMatrix().toArray();
            products[k] = counts.times(dense).toArray();
            maps[k] = Tsne.of(dense, 20, 5, RandomStream.of(1));
        }
        for (int k = 1; k < 3; k++) {
            assertArrayEquals(words[0], words[k]);
            assertArrayEquals(products[0], products[k]);
            assertEquals(losses[0], losses[k]);
            for (int i = 0; i < 400; i++) {
                assertArrayEquals(maps[0][i], maps[k][i]);
            }
        }
    }
}
