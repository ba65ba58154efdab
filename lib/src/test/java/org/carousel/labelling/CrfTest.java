package org.carousel.labelling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Predicate;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CrfTest {
    private static final int K = 3;
    private static final int STEPS = 5;

    private static Crf random(long seed) {
        RandomStream random = RandomStream.of(seed);
        return new Crf(Tensor.normal(random, 1, K, K), Tensor.normal(random, 1, K), Tensor.normal(random, 1, K), null);
    }

    private static double score(Crf crf, Tensor a, int... d) {
        double s = crf.first().get(d[0]) + crf.last().get(d[d.length - 1]);
        for (int t = 0; t < d.length; t++) {
            s += a.get(0, t, d[t]) + (t > 0 ? crf.pairs().get(d[t - 1], d[t]) : 0);
        }
        return s;
    }

    private record Exhaustive(double logSum, int[] best) {}

    private static Exhaustive everySequence(Crf crf, Tensor a, Predicate<int[]> allowed) {
        double sum = 0;
        double most = Double.NEGATIVE_INFINITY;
        int[] best = {};
        for (int n = 0; n < 243; n++) {
            int[] d = new int[STEPS];
            for (int t = 0, rest = n; t < STEPS; t++, rest /= K) {
                d[t] = rest % K;
            }
            if (allowed.test(d)) {
                double s = score(crf, a, d);
                sum += Math.exp(s);
                if (s > most) {
                    most = s;
                    best = d;
                }
            }
        }
        return new Exhaustive(Math.log(sum), best);
    }

    @Test
    void equalsTheSumOverAllSequences() {
        for (long seed = 1; seed <= 10; seed++) {
            Crf crf = random(seed);
            Tensor a = Tensor.normal(RandomStream.of(100 + seed), 1, 1, STEPS, K);
            Exhaustive all = everySequence(crf, a, d -> true);
            int[] d = {0, 2, 1, 1, 0};
            double loss = crf.loss(a, new int[] {STEPS}, new int[][] {d}).item();
            assertEquals(all.logSum() - score(crf, a, d), loss, 1e-5);
            assertArrayEquals(all.best(), crf.best(a, STEPS).get(0));
        }
    }

    @Test
    void constrainedSequencesShareAllProbability() {
        List<String> tags = List.of("O", "B-X", "I-X");
        for (long seed = 1; seed <= 10; seed++) {
            Crf crf = random(seed).constrained(Spans.rule(tags));
            Tensor a = Tensor.normal(RandomStream.of(200 + seed), 1, 1, STEPS, K);
            Exhaustive all = everySequence(crf, a, CrfTest::isBio);
            int[] d = {1, 2, 0, 1, 1};
            assertEquals(
                    all.logSum() - score(crf, a, d),
                    crf.loss(a, new int[] {STEPS}, new int[][] {d}).item(),
                    1e-5);
            assertArrayEquals(all.best(), crf.best(a, STEPS).get(0));
            int[] forbidden = {1, 2, 0, 2, 0};
            assertThrows(IllegalArgumentException.class, () -> crf.loss(a, new int[] {STEPS}, new int[][] {forbidden}));
        }
    }

    @Test
    void marginalsAreSharesOfAllSequences() {
        for (boolean bio : new boolean[] {false, true}) {
            Crf free = random(3);
            Crf crf = bio ? free.constrained(Spans.rule(List.of("O", "B-X", "I-X"))) : free;
            Tensor a = Tensor.normal(RandomStream.of(300), 1, 2, STEPS, K);
            Tensor one = a.slice(0, 0, 1);
            double[][] shares = new double[STEPS][K];
            double total = 0;
            for (int n = 0; n < 243; n++) {
                int[] d = new int[STEPS];
                for (int t = 0, rest = n; t < STEPS; t++, rest /= K) {
                    d[t] = rest % K;
                }
                double weight = !bio || isBio(d) ? Math.exp(score(crf, one, d)) : 0;
                total += weight;
                for (int t = 0; t < STEPS; t++) {
                    shares[t][d[t]] += weight;
                }
            }
            Tensor p = crf.marginals(a, STEPS, 2);
            for (int t = 0; t < STEPS; t++) {
                for (int k = 0; k < K; k++) {
                    assertEquals(shares[t][k] / total, p.get(0, t, k), 1e-6);
                    assertTrue(t < 2 || p.get(1, t, k) == 0);
                }
            }
            assertEquals(2, p.select(0, 1).sum().item(), 1e-6);
        }
    }

    private static boolean isBio(int... d) {
        for (int t = 0; t < d.length; t++) {
            if (d[t] == 2 && (t == 0 || d[t - 1] == 0)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void gradientsAreTheDerivatives() {
        Crf crf = random(1);
        Tensor a = Tensor.normal(RandomStream.of(2), 1, 2, STEPS, K).requiresGradient();
        int[] lengths = {STEPS, 3};
        int[][] tags = {{0, 2, 1, 1, 0}, {2, 2, 1}};
        crf.loss(a, lengths, tags).backward();
        for (Tensor x : List.of(a, crf.pairs(), crf.first(), crf.last())) {
            float[] gradient = x.gradient().toArray();
            for (int n = 0; n < gradient.length; n++) {
                int at = n;
                float h = 0.01f;
                x.update(v -> v[at] += h);
                double up = crf.loss(a, lengths, tags).item();
                x.update(v -> v[at] -= 2 * h);
                double down = crf.loss(a, lengths, tags).item();
                x.update(v -> v[at] += h);
                assertEquals((up - down) / (2 * h), gradient[n], 2e-4, x.shapeText() + " " + n);
            }
        }
    }

    @Test
    void paddingIsNotRead() {
        Crf crf = random(1);
        Tensor a = Tensor.normal(RandomStream.of(2), 1, 1, STEPS, K);
        float[] spoiled = a.toArray();
        java.util.Arrays.fill(spoiled, 3 * K, spoiled.length, Float.NaN);
        Tensor x = Tensor.wrap(spoiled, 1, STEPS, K);
        int[][] tags = {{0, 1, 2}};
        assertEquals(
                crf.loss(a.slice(1, 0, 3), new int[] {3}, tags).item(),
                crf.loss(x, new int[] {3}, tags).item());
        assertEquals(3, crf.best(x, 3).get(0).length);
        assertThrows(IllegalArgumentException.class, () -> crf.best(x, 4));
        assertThrows(IllegalArgumentException.class, () -> crf.loss(a, new int[] {3}, new int[][] {{0, 1, 3}}));
        assertThrows(IllegalArgumentException.class, () -> crf.loss(a, new int[] {3}, new int[][] {{0, 1}}));
    }

    @Test
    void emptySequencesHaveNoLoss() {
        Tensor a = Tensor.zeros(1, 2, K);
        assertEquals(0, random(1).loss(a, new int[] {0}, new int[][] {{}}).item());
        assertTrue(random(1).best(a, 0).get(0).length == 0);
    }
}
