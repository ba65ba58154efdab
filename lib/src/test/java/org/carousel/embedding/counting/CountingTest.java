package org.carousel.embedding.counting;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.embedding.counting.CountMatrices.Distance;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Counts and weights by hand, decompositions against EJML's full one. */
class CountingTest {
    private static final List<int[]> SENTENCES = List.of(new int[] {0, 1, 2, 0}, new int[] {1, -1, 1}, new int[] {3});

    @Test
    void termsInDocumentsAreCounted() {
        SparseMatrix x = CountMatrices.termDocument(SENTENCES, 5);
        assertEquals("[5×3], 5 not 0", x.toString());
        assertArrayEquals(
                new float[] {2, 0, 0, 1, 2, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0},
                x.toTensor().toArray());
        SparseMatrix w = CountMatrices.tfIdf(x);
        assertEquals((float) (2 * Math.log(3)), w.get(0, 0), 1e-6);
        assertEquals((float) (2 * Math.log(1.5)), w.get(1, 1), 1e-6);
        assertEquals(0, w.get(4, 2));
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.termDocument(SENTENCES, 3));
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.termDocument(List.of(), 3));
    }

    @Test
    void wordsNearEachOtherAreCounted() {
        SparseMatrix flat = CountMatrices.cooccurrence(SENTENCES, 4, 2, Distance.FLAT);
        assertArrayEquals(
                new float[] {
                    0, 2, 2, 0, //
                    2, 2, 1, 0, // 1 beside 1 counts once from each side
                    2, 1, 0, 0, //
                    0, 0, 0, 0
                },
                flat.toTensor().toArray());
        SparseMatrix harmonic = CountMatrices.cooccurrence(SENTENCES, 4, 3, Distance.HARMONIC);
        assertEquals(1.5f, harmonic.get(0, 1));
        assertEquals(2 / 3f, harmonic.get(0, 0));
        assertEquals(1, harmonic.get(1, 1), "two places, half a count each way");
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.cooccurrence(SENTENCES, 4, 0, Distance.FLAT));
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.cooccurrence(SENTENCES, 3, 1, Distance.FLAT));
    }

    @Test
    void manyPairsAreCountedAsByBruteForce() {
        RandomStream random = RandomStream.of(1);
        int v = 700;
        List<int[]> sentences = new ArrayList<>();
        for (int s = 0; s < 2000; s++) {
            sentences.add(IntStream.range(0, 1 + random.nextInt(60))
                    .map(i -> (int) (v * random.nextDouble() * random.nextDouble()))
                    .toArray());
        }
        double[] expected = new double[v * v];
        for (int[] sentence : sentences) {
            for (int a = 0; a < sentence.length; a++) {
                for (int b = 0; b < sentence.length; b++) {
                    if (a != b && Math.abs(a - b) <= 4) {
                        expected[sentence[a] * v + sentence[b]] += 1.0 / Math.abs(a - b);
                    }
                }
            }
        }
        SparseMatrix x = CountMatrices.cooccurrence(sentences, v, 4, Distance.HARMONIC);
        assertTrue(x.nonZeros() > 100_000, x.toString());
        float[] all = x.toTensor().toArray();
        for (int i = 0; i < all.length; i++) {
            assertEquals(expected[i], all[i], 1e-5 * Math.max(1, expected[i]));
        }
        assertArrayEquals(all, x.transpose().toTensor().toArray(), "symmetric");
    }

    @Test
    void mutualInformationByHand() {
        // rows sum to 3 and 6, columns to 4 and 5, all to 9
        SparseMatrix x = SparseMatrix.of(Tensor.of(new float[][] {{3, 0}, {1, 5}}));
        float[] ppmi = CountMatrices.ppmi(x).toTensor().toArray();
        assertEquals(Math.log(3 * 9 / (3 * 4.0)), ppmi[0], 1e-6);
        assertEquals(0, ppmi[1]);
        assertEquals(0, ppmi[2], "ln(9/24) is negative");
        assertEquals(Math.log(5 * 9 / (6 * 5.0)), ppmi[3], 1e-6);
        float[] smooth = CountMatrices.ppmi(x, 0.5, 1.2).toTensor().toArray();
        double sum = 2 + Math.sqrt(5);
        assertEquals(Math.log(3 / 3.0 / (2 / sum) / 1.2), smooth[0], 1e-6);
        assertEquals(Math.log(5 / 6.0 / (Math.sqrt(5) / sum) / 1.2), smooth[3], 1e-6);
        assertEquals(2, CountMatrices.ppmi(x).nonZeros());
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.ppmi(x, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> CountMatrices.ppmi(x, 1, 0.5));
    }

    /** A sparse matrix whose singular values decrease, and which has no special shape. */
    private static SparseMatrix some(int m, int n) {
        RandomStream random = RandomStream.of(2);
        Tensor left = Tensor.normal(random, 1, m, 12);
        Tensor right = Tensor.normal(random, 1, 12, n);
        float[] scale = new float[12];
        for (int k = 0; k < 12; k++) {
            scale[k] = (float) StrictMath.pow(0.7, k);
        }
        Tensor low = left.times(Tensor.wrap(scale, 12)).matmul(right);
        return SparseMatrix.of(low.plus(Tensor.normal(random, 0.1, m, n))).map((i, j, x) -> (i + j) % 3 == 0 ? 0 : x);
    }

    @Test
    void productsOfSparseMatrices() {
        SparseMatrix a = some(40, 30);
        Tensor b = Tensor.normal(RandomStream.of(3), 1, 30, 7);
        assertArrayEquals(a.toTensor().matmul(b).toArray(), a.times(b).toArray(), 1e-5f);
        assertThrows(IllegalArgumentException.class, () -> a.times(a.toTensor()));
        assertArrayEquals(
                a.toTensor().transpose().toArray(), a.transpose().toTensor().toArray());
    }

    @Test
    void exactAndRandomisedDecompositionsAgree() {
        for (int[] size : new int[][] {{120, 80}, {60, 150}}) {
            SparseMatrix a = some(size[0], size[1]);
            var full = a.toTensor().toEjml().svd();
            TruncatedSvd exact = TruncatedSvd.exact(a, 8);
            TruncatedSvd random = TruncatedSvd.randomised(a, 8, RandomStream.of(4));
            double first = exact.singularValues()[0];
            for (int k = 0; k < 8; k++) {
                assertEquals(full.getSingleValue(k), exact.singularValues()[k], 1e-9 * first);
                assertEquals(exact.singularValues()[k], random.singularValues()[k], 2e-5 * first, "σ" + k);
            }
            for (int k = 0; k < 4; k++) {
                Tensor u = exact.u().select(1, k);
                Tensor v = exact.v().select(1, k);
                assertEquals(1, u.times(random.u().select(1, k)).sum().item(), 1e-3, "u" + k);
                assertEquals(1, v.times(random.v().select(1, k)).sum().item(), 1e-3, "v" + k);
                // A v = σ u, with the sign shared
                Tensor av = a.times(v.reshape(size[1], 1)).reshape(size[0]);
                assertArrayEquals(u.times(exact.singularValues()[k]).toArray(), av.toArray(), (float) (1e-5 * first));
            }
        }
    }

    @Test
    void basesAreOrthonormal() {
        RandomStream random = RandomStream.of(12);
        Tensor low = Tensor.normal(random, 1, 300, 5).matmul(Tensor.normal(random, 1, 5, 9));
        Tensor q = TruncatedSvd.orthonormal(low.plus(Tensor.normal(random, 1e-4, 300, 9)));
        Tensor ones = Tensor.oneHot(IntStream.range(0, 9).toArray(), 9);
        assertArrayEquals(ones.toArray(), q.matmul(q.transpose()).toArray(), 1e-5f, "nearly dependent");
        Tensor dependent = TruncatedSvd.orthonormal(low);
        float[] gram = dependent.matmul(dependent.transpose()).toArray();
        for (int i = 0; i < 81; i++) {
            boolean diagonal = i % 10 == 0;
            double expected = diagonal && (i / 10 < 5 || gram[i] > 0.5) ? 1 : 0; // a row of rounding errors may stay
            assertEquals(expected, gram[i], 1e-5, "five of nine are independent: " + i);
        }
        SparseMatrix a = SparseMatrix.of(low);
        double[] sigma = TruncatedSvd.randomised(a, 7, random).singularValues();
        assertEquals(TruncatedSvd.exact(a, 7).singularValues()[4], sigma[4], 1e-5 * sigma[0]);
        assertEquals(0, sigma[5], 1e-5 * sigma[0]);
    }

    @Test
    void ranksOutOfRangeAreRefused() {
        SparseMatrix a = some(9, 6);
        assertEquals(6, TruncatedSvd.randomised(a, 6, RandomStream.of(1)).singularValues().length);
        assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.exact(a, 7));
        assertThrows(IllegalArgumentException.class, () -> TruncatedSvd.randomised(a, 0, RandomStream.of(1)));
    }

    @Test
    void latentSemanticAnalysisFindsTopics() {
        // words 0..4 and 5..9 make up two kinds of documents; a document has some words of its kind
        RandomStream random = RandomStream.of(6);
        List<int[]> documents = new ArrayList<>();
        for (int n = 0; n < 40; n++) {
            int kind = n % 2;
            documents.add(
                    IntStream.range(0, 3).map(i -> 5 * kind + random.nextInt(5)).toArray());
        }
        List<String> words = IntStream.range(0, 10).mapToObj(i -> "w" + i).toList();
        SparseMatrix weighted = CountMatrices.tfIdf(CountMatrices.termDocument(documents, 10));
        Lsa lsa = Lsa.of(words, weighted, 2, random);
        for (int i = 0; i < 10; i++) {
            for (int j = 0; j < 10; j++) {
                double cosine = lsa.words().similarity("w" + i, "w" + j);
                assertTrue(i / 5 == j / 5 ? cosine > 0.9 : cosine < 0.1, i + " " + j + " " + cosine);
            }
        }
        assertEquals(40, lsa.documents().size(0));
        assertThrows(IllegalArgumentException.class, () -> Lsa.of(words.subList(1, 5), weighted, 2, random));
        assertThrows(IllegalArgumentException.class, () -> Lsa.of(words, weighted, 2, -1, random));
    }
}
