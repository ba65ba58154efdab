package org.carousel.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Neighbours and analogies against brute force in double and against gensim. */
class WordVectorsTest {
    private static final int V = 500;
    private static final int D = 37;

    private final WordVectors vectors = random(V, D);

    static WordVectors random(int v, int d) {
        List<String> words = IntStream.range(0, v).mapToObj(i -> "w" + i).toList();
        return WordVectors.of(words, Tensor.normal(RandomStream.of(v + d), 1, v, d));
    }

    private double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int j = 0; j < a.length; j++) {
            dot += (double) a[j] * b[j];
            aa += (double) a[j] * a[j];
            bb += (double) b[j] * b[j];
        }
        return aa == 0 || bb == 0 ? 0 : dot / Math.sqrt(aa * bb);
    }

    private interface Score {
        double of(String word);
    }

    private List<String> bruteForce(Score score, int count, String... without) {
        List<String> words = new ArrayList<>(vectors.words());
        words.removeAll(List.of(without));
        words.sort(Comparator.comparingDouble(w -> -score.of(w)));
        return words.subList(0, count);
    }

    private static List<String> words(List<Neighbour> found) {
        return found.stream().map(Neighbour::word).toList();
    }

    @Test
    void neighboursAreThoseOfBruteForce() {
        for (String word : List.of("w0", "w7", "w499")) {
            float[] x = vectors.vector(word);
            List<Neighbour> found = vectors.nearest(word, 12);
            assertEquals(bruteForce(w -> cosine(x, vectors.vector(w)), 12, word), words(found));
            for (Neighbour n : found) {
                assertEquals(cosine(x, vectors.vector(n.word())), n.similarity(), 1e-6);
                assertEquals(vectors.similarity(word, n.word()), n.similarity(), 1e-6);
            }
        }
        assertEquals(V - 1, vectors.nearest("w3", 10_000).size());
        assertEquals("w3", vectors.nearest(vectors.vector("w3"), 1).get(0).word());
        assertEquals(vectors.nearest("w3", 1), vectors.nearest(vectors.vector("w3"), 1, "w3"));
    }

    @Test
    void analogiesAreThoseOfBruteForce() {
        float[] a = vectors.vector("w1");
        float[] b = vectors.vector("w2");
        float[] c = vectors.vector("w3");
        Score add = w -> cosine(vectors.vector(w), b) - cosine(vectors.vector(w), a) + cosine(vectors.vector(w), c);
        assertEquals(bruteForce(add, 8, "w1", "w2", "w3"), words(vectors.analogy("w1", "w2", "w3", 8)));
        Score mul = w -> (1 + cosine(vectors.vector(w), b))
                * (1 + cosine(vectors.vector(w), c))
                / 4
                / ((1 + cosine(vectors.vector(w), a)) / 2 + 0.001);
        List<Neighbour> found = vectors.analogyMul("w1", "w2", "w3", 8);
        assertEquals(bruteForce(mul, 8, "w1", "w2", "w3"), words(found));
        assertEquals(mul.of(found.get(0).word()), found.get(0).similarity(), 1e-6);
    }

    @Test
    void gensimGivesTheSameAnswers() {
        WordVectors golden = VectorFilesTest.expected();
        String answers = new String(VectorFilesTest.golden("answers.txt"), StandardCharsets.UTF_8);
        int checked = 0;
        for (String line : answers.lines().toList()) {
            String[] question = line.substring(0, line.indexOf(" = ")).split(" ");
            String[] answer = line.substring(line.indexOf(" = ") + 3).split(" ");
            String[] given = java.util.Arrays.copyOfRange(question, 1, question.length);
            if (question[0].equals("outlier")) {
                assertEquals(answer[0], golden.outlier(given), line);
            } else {
                List<Neighbour> found = question[0].equals("nearest")
                        ? golden.nearest(given[0], 4)
                        : golden.analogy(given[0], given[1], given[2], 3);
                for (int k = 0; k < found.size(); k++) {
                    assertEquals(answer[2 * k], found.get(k).word(), line);
                    assertEquals(
                            Double.parseDouble(answer[2 * k + 1]), found.get(k).similarity(), 2e-6, line);
                }
            }
            checked++;
        }
        assertEquals(21, checked);
    }

    @Test
    void aVectorOfZerosIsSimilarToNothing() {
        WordVectors some = WordVectors.of(
                List.of("zero", "a", "b"), Tensor.of(0, 0, 1, 0, -1, 1).reshape(3, 2));
        assertEquals(0, some.similarity("zero", "a"));
        assertEquals(List.of("zero", "b"), words(some.nearest("a", 2)));
        assertEquals(0, some.normalized().norm("zero"));
        assertEquals(1, some.normalized().norm("b"), 1e-6);
        assertEquals(Math.sqrt(2), some.norm("b"), 1e-6);
    }

    @Test
    void equallySimilarWordsComeInOrder() {
        WordVectors same = WordVectors.of(List.of("a", "b", "c", "d"), Tensor.ones(4, 3));
        assertEquals(List.of("a", "b", "d"), words(same.nearest("c", 3)));
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> vectors.nearest("absent", 1));
        assertThrows(IllegalArgumentException.class, () -> vectors.nearest("w1", 0));
        assertThrows(IllegalArgumentException.class, () -> vectors.nearest(new float[D - 1], 1));
        float[] bad = new float[D];
        bad[3] = Float.NaN;
        assertThrows(IllegalArgumentException.class, () -> vectors.nearest(bad, 1));
        assertThrows(IllegalArgumentException.class, () -> vectors.outlier("w1", "w2"));
        assertThrows(IllegalArgumentException.class, () -> vectors.outlier("w1", "w2", "w1"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> WordVectors.of(List.of("a", "a"), Tensor.ones(2, 2)))
                .getMessage();
        assertTrue(message.contains("'a' comes twice"), message);
        assertThrows(IllegalArgumentException.class, () -> WordVectors.of(List.of("a"), Tensor.ones(2, 2)));
        assertThrows(
                IllegalArgumentException.class,
                () -> WordVectors.of(List.of("a"), Tensor.of(Float.NaN).reshape(1, 1)));
    }

    @Test
    void selectKeepsVectors() {
        WordVectors some = vectors.select(List.of("w9", "w2"));
        assertEquals(List.of("w9", "w2"), some.words());
        assertArrayEquals(vectors.vector("w2"), some.vector("w2"));
        assertEquals(-1, some.indexOf("w1"));
    }

    @Test
    void reportsCountWhatSingleQuestionsAnswer() {
        RandomStream random = RandomStream.of(4);
        List<String> lines = new ArrayList<>(List.of(": some"));
        int add = 0;
        int mul = 0;
        for (int i = 0; i < 150; i++) {
            String a = "w" + random.nextInt(20);
            String b = "w" + (20 + random.nextInt(20));
            String c = "w" + (40 + random.nextInt(20));
            String d = (i % 2 == 0 ? vectors.analogy(a, b, c, 1 + i % 4) : vectors.analogyMul(a, b, c, 1 + i % 4))
                    .get(i % 4 / 2)
                    .word();
            add += vectors.analogy(a, b, c, 1).get(0).word().equals(d) ? 1 : 0;
            mul += vectors.analogyMul(a, b, c, 1).get(0).word().equals(d) ? 1 : 0;
            lines.add(String.join(" ", a, b, c, d).toUpperCase(Locale.ROOT));
        }
        lines.add("w1 w2 w3 absent");
        lines.add(": gram-x");
        lines.add("w1 w2 w3 w1");
        AnalogyReport report = AnalogyReport.of(vectors, lines);
        assertTrue(add > 30 && add < 150 && mul != add, add + " " + mul);
        assertEquals(
                new AnalogyReport.Category("some", add, 150, 1),
                report.categories().get(0));
        assertEquals(
                new AnalogyReport.Category("gram-x", 0, 1, 0),
                report.categories().get(1));
        assertEquals(add / 151.0, report.accuracy());
        assertEquals(150, report.semantic().asked());
        assertEquals(1, report.syntactic().asked());
        AnalogyReport product = AnalogyReport.of(vectors, lines, AnalogyReport.Method.MUL);
        assertEquals(mul, product.categories().get(0).correct());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> AnalogyReport.of(vectors, List.of(": a", "b c")))
                .getMessage()
                .contains("line 2"));
    }

    @Test
    void rankCorrelationByHand() {
        assertArrayEquals(new double[] {3.5, 1, 3.5, 2}, RankCorrelation.ranks(7, -1, 7, 0));
        assertEquals(1, RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {10, 100, 1000}));
        assertEquals(-1, RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {3, 2, 1}));
        // 1 - 6 Σ d² / (n (n² - 1)) with d = 1, -1, 1, -1, 0
        assertEquals(0.8, RankCorrelation.spearman(new double[] {1, 2, 3, 4, 5}, new double[] {2, 1, 4, 3, 5}), 1e-12);
        assertThrows(
                IllegalArgumentException.class, () -> RankCorrelation.spearman(new double[] {1}, new double[] {1}));
    }

    @Test
    void similarityReportReadsWordSim() {
        List<String> lines = List.of("# a comment", "w1\tw2\t3.5", "W3\tw4\t1", "w5\tabsent\t9", "w6\tw7\t2");
        SimilarityReport report = SimilarityReport.of(vectors, lines);
        double rho = RankCorrelation.spearman(
                new double[] {
                    vectors.similarity("w1", "w2"), vectors.similarity("w3", "w4"), vectors.similarity("w6", "w7")
                },
                new double[] {3.5, 1, 2});
        assertEquals(new SimilarityReport(rho, 3, 1), report);
        assertTrue(assertThrows(
                        IllegalArgumentException.class, () -> SimilarityReport.of(vectors, List.of("#", "w1 w2 3")))
                .getMessage()
                .contains("line 2"));
    }

    @Test
    void principalComponentsOfAnEllipse() {
        RandomStream random = RandomStream.of(8);
        int n = 4000;
        float[] points = new float[n * 3];
        for (int i = 0; i < n; i++) {
            double long_ = 5 * random.nextGaussian();
            double short_ = random.nextGaussian();
            points[3 * i] = (float) (1 + 0.6 * long_ - 0.8 * short_);
            points[3 * i + 1] = (float) (2 + 0.8 * long_ + 0.6 * short_);
            points[3 * i + 2] = 3;
        }
        Tensor x = Tensor.wrap(points, n, 3);
        PrincipalComponents pca = PrincipalComponents.of(x, 2);
        assertArrayEquals(new double[] {0.6, 0.8, 0}, pca.directions()[0], 0.02);
        assertArrayEquals(new double[] {0.8, -0.6, 0}, pca.directions()[1], 0.02);
        assertEquals(25, pca.variances()[0], 1.5);
        assertEquals(pca.totalVariance(), pca.variances()[0] + pca.variances()[1], 1e-9);
        double[][] y = pca.project(x);
        double mean = 0;
        double product = 0;
        double squares = 0;
        for (double[] row : y) {
            mean += row[0] / n;
            product += row[0] * row[1] / n;
            squares += row[1] * row[1] / n;
        }
        assertEquals(0, mean, 1e-9);
        assertEquals(0, product, 1e-9, "coordinates are uncorrelated");
        assertEquals(pca.variances()[1], squares, 1e-9);
        assertThrows(IllegalArgumentException.class, () -> PrincipalComponents.of(x, 4));
        assertEquals(2, vectors.pca(2)[0].length);
    }
}
