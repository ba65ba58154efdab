package org.carousel.labelling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CtcTest {
    private static double[][] probabilities(Tensor a) { // [T×K]
        double[][] p = new double[a.size(0)][a.size(1)];
        for (int t = 0; t < p.length; t++) {
            double sum = 0;
            for (int k = 0; k < p[t].length; k++) {
                p[t][k] = Math.exp(a.get(t, k));
                sum += p[t][k];
            }
            for (int k = 0; k < p[t].length; k++) {
                p[t][k] /= sum;
            }
        }
        return p;
    }

    /** Of every reading the sum over all its paths. */
    private static Map<List<Integer>, Double> everyPath(double[][] p, int blank) {
        Map<List<Integer>, Double> sums = new HashMap<>();
        int classes = p[0].length;
        long paths = Math.round(Math.pow(classes, p.length));
        for (long n = 0; n < paths; n++) {
            int[] path = new int[p.length];
            double product = 1;
            long rest = n;
            for (int t = 0; t < path.length; t++, rest /= classes) {
                path[t] = (int) (rest % classes);
                product *= p[t][path[t]];
            }
            int[] labels = new CtcDecoder(blank).collapse(path);
            sums.merge(Arrays.stream(labels).boxed().toList(), product, Double::sum);
        }
        return sums;
    }

    @Test
    void equalsTheSumOverAllPaths() {
        RandomStream random = RandomStream.of(1);
        for (int blank = 0; blank < 4; blank++) {
            Tensor a = Tensor.normal(random, 2, 5, 4);
            int checked = 0;
            for (Map.Entry<List<Integer>, Double> reading :
                    everyPath(probabilities(a), blank).entrySet()) {
                int[] target = reading.getKey().stream().mapToInt(k -> k).toArray();
                double loss = Ctc.of(blank)
                        .loss(a.reshape(1, 5, 4), new int[] {5}, new int[][] {target})
                        .item();
                assertEquals(-Math.log(reading.getValue()), loss, 2e-6 * Math.max(1, loss), reading.toString());
                checked++;
            }
            assertEquals(148, checked); // 1 + 3 + 9 + 27 + 24 + 36 + 48 by length and equal neighbours
        }
    }

    @Test
    void decodersEqualExhaustiveSearch() {
        RandomStream random = RandomStream.of(2);
        CtcDecoder decoder = new CtcDecoder(0);
        for (int trial = 0; trial < 20; trial++) {
            Tensor a = Tensor.normal(random, 1, 5, 3);
            Map<List<Integer>, Double> all = everyPath(probabilities(a), 0);
            Map.Entry<List<Integer>, Double> best =
                    all.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
            List<CtcDecoder.Reading> found =
                    decoder.beam(a.reshape(1, 5, 3), 1000, 5).get(0);
            assertEquals(all.size(), found.size());
            assertArrayEquals(
                    best.getKey().stream().mapToInt(k -> k).toArray(),
                    found.get(0).labels());
            for (CtcDecoder.Reading reading : found) {
                double p = Objects.requireNonNull(
                        all.get(Arrays.stream(reading.labels()).boxed().toList()));
                assertEquals(Math.log(p), reading.logProbability(), 1e-6);
            }
            int[] greedy = decoder.greedy(a.reshape(1, 5, 3), 5).get(0);
            double pGreedy =
                    Objects.requireNonNull(all.get(Arrays.stream(greedy).boxed().toList()));
            assertTrue(found.get(0).logProbability() >= Math.log(pGreedy) - 1e-6);
        }
    }

    @Test
    void aPriorDecidesBetweenEqualReadings() {
        Tensor a = Tensor.wrap(new float[] {0, 2, 2}, 1, 1, 3);
        CtcDecoder decoder = new CtcDecoder(0);
        assertArrayEquals(
                new int[] {2},
                decoder.beam(a, 4, (before, next) -> next == 2 ? -0.1 : -3, 1)
                        .get(0)
                        .get(0)
                        .labels());
        assertArrayEquals(
                new int[] {1},
                decoder.beam(a, 4, (before, next) -> next == 1 ? -0.1 : -3, 1)
                        .get(0)
                        .get(0)
                        .labels());
    }

    @Test
    void alignmentIsTheBestPathOfTheTarget() {
        Tensor a = Tensor.normal(RandomStream.of(3), 2, 6, 3);
        double[][] p = probabilities(a);
        int[] target = {1, 1, 2};
        double best = 0;
        int[] right = new int[0];
        for (int n = 0; n < 729; n++) {
            int[] path = new int[6];
            double product = 1;
            for (int t = 0, rest = n; t < 6; t++, rest /= 3) {
                path[t] = rest % 3;
                product *= p[t][path[t]];
            }
            if (Arrays.equals(new CtcDecoder(0).collapse(path), target) && product > best) {
                best = product;
                right = path;
            }
        }
        assertArrayEquals(right, new CtcDecoder(0).align(a, target));
        assertThrows(IllegalArgumentException.class, () -> new CtcDecoder(0).align(a, 1, 1, 1, 1));
    }

    @Test
    void equalsPyTorch() throws IOException {
        Map<String, float[]> golden = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(CtcTest.class.getResourceAsStream("/golden/ctc.txt")),
                StandardCharsets.UTF_8))) {
            in.lines().forEach(line -> {
                String[] parts = line.split(" ");
                float[] values = new float[parts.length - 1];
                for (int n = 0; n < values.length; n++) {
                    values[n] = Float.parseFloat(parts[n + 1]);
                }
                golden.put(parts[0], values);
            });
        }
        for (String name : List.of("moderate", "far")) {
            Tensor a = Tensor.wrap(Objects.requireNonNull(golden.get(name + ".logits")), 3, 12, 5)
                    .requiresGradient();
            Tensor losses = Ctc.of(2).losses(a, new int[] {12, 9, 4}, new int[][] {{0, 0, 1, 4}, {3, 1, 3}, {}});
            losses.sum().backward();
            float[] loss = Objects.requireNonNull(golden.get(name + ".losses"));
            float[] gradient = Objects.requireNonNull(golden.get(name + ".gradient"));
            for (int b = 0; b < 3; b++) {
                assertEquals(loss[b], losses.get(b), 2e-6 * Math.max(1, loss[b]), name + " loss " + b);
            }
            assertArrayEquals(gradient, a.gradient().toArray(), 2e-6f, name);
        }
    }

    /** 300 steps of probabilities far below what a double holds: the way over logarithms. */
    @Test
    void gradientIsTheDerivativeAlsoWhereProbabilitiesVanish() {
        RandomStream random = RandomStream.of(4);
        for (double scale : new double[] {1, 40}) {
            int steps = scale > 1 ? 60 : 12;
            int[][] targets = {{1, 2, 2, 3}};
            float[] values = Tensor.normal(random, scale, 1, steps, 5).toArray();
            Tensor a = Tensor.wrap(values.clone(), 1, steps, 5).requiresGradient();
            Ctc.of(0).loss(a, new int[] {steps}, targets).backward();
            float[] gradient = a.gradient().toArray();
            for (int n = 0; n < values.length; n += 3) {
                float h = 0.01f * (float) scale;
                float[] up = values.clone();
                float[] down = values.clone();
                up[n] += h;
                down[n] -= h;
                double slope = (reference(up, steps, 5, targets[0]) - reference(down, steps, 5, targets[0]))
                        / ((double) up[n] - down[n]);
                assertEquals(slope, gradient[n], 0.002 * scale, "scale " + scale + ", logit " + n);
            }
            assertEquals(
                    reference(values, steps, 5, targets[0]),
                    Ctc.of(0).loss(a, new int[] {steps}, targets).item(),
                    2e-6 * reference(values, steps, 5, targets[0]));
        }
    }

    /** Forward in logarithms, blank 0, written once more as plainly as can be. */
    private static double reference(float[] a, int steps, int classes, int... target) {
        int states = 2 * target.length + 1;
        double[] alpha = new double[states];
        Arrays.fill(alpha, Double.NEGATIVE_INFINITY);
        for (int t = 0; t < steps; t++) {
            double norm = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < classes; k++) {
                norm = sum(norm, a[t * classes + k]);
            }
            double[] next = new double[states];
            for (int s = 0; s < states; s++) {
                int k = s % 2 == 0 ? 0 : target[s / 2];
                double in = t == 0 ? (s < 2 ? 0 : Double.NEGATIVE_INFINITY) : alpha[s];
                if (t > 0 && s > 0) {
                    in = sum(in, alpha[s - 1]);
                }
                if (t > 0 && s > 2 && s % 2 == 1 && k != target[s / 2 - 1]) {
                    in = sum(in, alpha[s - 2]);
                }
                next[s] = in + a[t * classes + k] - norm;
            }
            alpha = next;
        }
        return -sum(alpha[states - 1], alpha[states - 2]);
    }

    private static double sum(double a, double b) {
        double most = Math.max(a, b);
        return Double.isInfinite(most) ? most : most + Math.log(Math.exp(a - most) + Math.exp(b - most));
    }

    @Test
    void longSequencesWhoseBulkCannotReachTheEnd() {
        int steps = 256;
        float[] values = new float[steps * 4];
        for (int t = 0; t < steps; t++) {
            values[t * 4] = 60; // the blank is all but certain
        }
        int[] target = new int[100];
        Arrays.setAll(target, n -> 1 + n % 3);
        Tensor a = Tensor.wrap(values, 1, steps, 4).requiresGradient();
        Tensor loss = Ctc.of(0).loss(a, new int[] {steps}, new int[][] {target});
        double right = reference(values, steps, 4, target);
        assertEquals(right, loss.item(), 2e-6 * right);
        loss.backward();
        assertEquals(0, a.gradient().sum().item(), 1e-3); // each step: Σ_k y - Σ_k share = 0
    }

    @Test
    void paddingIsNeitherReadNorTaught() {
        RandomStream random = RandomStream.of(5);
        Tensor a = Tensor.normal(random, 1, 2, 6, 4);
        float[] spoiled = a.toArray();
        for (int n = 3 * 4; n < 6 * 4; n++) {
            spoiled[n] = Float.NaN;
        }
        Tensor x = Tensor.wrap(spoiled, 2, 6, 4).requiresGradient();
        int[][] targets = {{1}, {2, 3}};
        Tensor losses = Ctc.of(0).losses(x, new int[] {3, 6}, targets);
        losses.sum().backward();
        Tensor alone = Ctc.of(0).losses(a.slice(0, 0, 1).slice(1, 0, 3), new int[] {3}, new int[][] {{1}});
        assertEquals(alone.get(0), losses.get(0));
        for (int n = 3 * 4; n < 6 * 4; n++) {
            assertEquals(0, x.gradient().toArray()[n]);
        }
    }

    @Test
    void emptyTargetsAndInputs() {
        Tensor a = Tensor.zeros(2, 2, 4);
        Tensor losses = Ctc.of(3).losses(a, new int[] {2, 0}, new int[][] {{}, {}});
        assertEquals(2 * Math.log(4), losses.get(0), 1e-6);
        assertEquals(0, losses.get(1));
    }

    @Test
    void impossibleTargetsAreNamedOrCountAsZero() {
        Tensor a = Tensor.zeros(1, 3, 3).requiresGradient();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Ctc.of(0).loss(a, new int[] {3}, new int[][] {{1, 1, 2}}));
        assertTrue(String.valueOf(e.getMessage()).contains("needs 4 steps"), e.getMessage());
        Tensor loss = Ctc.of(0).zeroingImpossible().loss(a, new int[] {3}, new int[][] {{1, 1, 2}});
        loss.backward();
        assertEquals(0, loss.item());
        assertArrayEquals(new float[9], a.gradient().toArray());
    }

    @Test
    void badInputIsNamed() {
        Tensor a = Tensor.zeros(1, 3, 3);
        refuses("blank", a, 0);
        refuses("label 3", a, 3);
        refuses("label -1", a, -1);
        float[] nan = new float[9];
        nan[5] = Float.NaN;
        refuses("class 2, step 1", Tensor.wrap(nan, 1, 3, 3), 1);
        assertThrows(IllegalArgumentException.class, () -> Ctc.of(0).loss(a, new int[] {4}, new int[][] {{1}}));
        assertThrows(IllegalArgumentException.class, () -> Ctc.of(0).loss(a, new int[] {3}, new int[][] {{1}, {2}}));
        assertThrows(IllegalArgumentException.class, () -> Ctc.of(3).loss(a, new int[] {3}, new int[][] {{1}}));
    }

    /**
     * Whoever keeps all beginnings never finds less than the best path does; whoever keeps one may: the same beginning comes
     * in two ways, with a blank and with a label at its end, and only one of them goes on with the label once more.
     */
    @Test
    void aBeamThatLosesNothingIsNeverWorseThanTheBestPath() {
        RandomStream random = RandomStream.of(7);
        CtcDecoder decoder = new CtcDecoder(0);
        int narrow = 0;
        for (int trial = 0; trial < 300; trial++) {
            Tensor a = Tensor.normal(random, 1, 1, 5, 3);
            double greedy = probability(a, decoder.greedy(a, 5).get(0));
            double wide = probability(a, decoder.beam(a, 1000, 5).get(0).get(0).labels());
            double one = probability(a, decoder.beam(a, 1, 5).get(0).get(0).labels());
            assertTrue(wide >= greedy - 1e-6, "trial " + trial);
            assertTrue(wide >= one - 1e-6, "trial " + trial);
            narrow += one < greedy - 1e-6 ? 1 : 0;
        }
        assertTrue(narrow > 0, "a beam of 1 is not greedy decoding");
    }

    private static double probability(Tensor a, int... labels) {
        return -Ctc.of(0).loss(a, new int[] {a.size(1)}, new int[][] {labels}).item();
    }

    /** Two tables of doubles for each sequence, and floats for its logits; nothing grows with the number of paths. */
    @Test
    void memoryGrowsWithStepsTimesStates() {
        allocated(64, 8);
        long one = allocated(1024, 64);
        assertTrue(one < 2.5 * 8 * 1024 * (2 * 64 + 1) + 20.0 * 1024 * 5, one + " bytes");
        assertEquals(2, (double) allocated(2048, 64) / one, 0.1);
        assertEquals(2, (double) allocated(1024, 128) / one, 0.2);
    }

    private static long allocated(int steps, int labels) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Tensor a = Tensor.zeros(1, steps, 5).requiresGradient();
        int[][] target = {new int[labels]};
        Arrays.setAll(target[0], n -> 1 + n % 4);
        long before = threads.getCurrentThreadAllocatedBytes();
        Ctc.of(0).loss(a, new int[] {steps}, target).backward();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static void refuses(String what, Tensor a, int label) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> Ctc.of(0).loss(a, new int[] {3}, new int[][] {{label}}));
        assertTrue(String.valueOf(e.getMessage()).contains(what), e.getMessage());
    }
}
