package org.carousel.training.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.carousel.recurrent.Elman;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The algorithms against each other and against double, on fully recurrent layers. */
class LearnerTest {
    private static final double EXACT = 1e-12;
    private static final double ROUNDING = 2e-6;

    /** The reference's weights as a layer of the library. */
    static Elman elman(ReferenceNet net) {
        Tensor W = Tensor.zeros(net.n, net.inputs);
        Tensor R = Tensor.zeros(net.n, net.n);
        Tensor b = Tensor.zeros(net.n);
        for (int i = 0; i < net.n; i++) {
            int row = i;
            W.update(v -> copy(net.A[row], 0, v, row * net.inputs, net.inputs));
            R.update(v -> copy(net.A[row], net.inputs, v, row * net.n, net.n));
            b.update(v -> copy(net.A[row], net.inputs + net.n, v, row, 1));
        }
        return new Elman(W, R, b);
    }

    private static void copy(double[] from, int at, float[] to, int start, int count) {
        for (int k = 0; k < count; k++) {
            to[start + k] = (float) from[at + k];
        }
    }

    private static Tensor row(double[] values) {
        Tensor row = Tensor.zeros(1, values.length);
        row.update(v -> copy(values, 0, v, 0, values.length));
        return row;
    }

    /** The gradients as the reference orders them, and forgets them. */
    static double[][] taken(Elman cell) {
        int n = cell.hiddenSize();
        int inputs = cell.inputSize();
        double[][] g = new double[n][inputs + n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < inputs; j++) {
                g[i][j] = cell.W().gradient().get(i, j);
            }
            for (int j = 0; j < n; j++) {
                g[i][inputs + j] = cell.R().gradient().get(i, j);
            }
            g[i][inputs + n] = cell.b().gradient().get(i);
        }
        cell.parameters().clearGradients();
        return g;
    }

    private static double[][] learnt(ReferenceNet net, Elman cell, Learner learner) {
        learner.begin(1);
        for (int t = 0; t < net.x.length; t++) {
            learner.read(row(net.x[t]));
            learner.teach(row(net.e[t]));
        }
        learner.collect();
        return taken(cell);
    }

    private static void agrees(ReferenceNet net, double[][] expected, Function<Elman, Learner> algorithm) {
        Elman cell = elman(net);
        double difference = ReferenceNet.difference(expected, learnt(net, cell, algorithm.apply(cell)));
        assertTrue(difference < ROUNDING, "relative difference " + difference);
    }

    @Test
    void referenceIsTheGradient() {
        ReferenceNet net = ReferenceNet.random(2, 3, 7, 5);
        double[][] g = net.bptt();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < net.sources; j++) {
                double kept = net.A[i][j];
                net.A[i][j] = kept + 1e-6;
                double above = net.loss();
                net.A[i][j] = kept - 1e-6;
                double below = net.loss();
                net.A[i][j] = kept;
                assertEquals((above - below) / 2e-6, g[i][j], 1e-7);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,3,7", "3,5,23", "1,7,40", "4,13,31"})
    void exactMembersAreTheSameGradient(int inputs, int n, int steps) {
        ReferenceNet net = ReferenceNet.random(inputs, n, steps, 11 * n + steps);
        double[][] exact = net.bptt();
        assertTrue(ReferenceNet.difference(exact, net.forward(false)) < EXACT);
        agrees(net, exact, Learner::bptt);
        agrees(net, exact, Learner::rtrl);
        agrees(net, exact, cell -> BlockLearner.of(cell, 1)); // by differentiation, not written out
        for (int length : new int[] {2, 3, 5, n, 7, steps, steps + 3}) {
            assertTrue(ReferenceNet.difference(exact, net.blocks(length)) < EXACT, "block of " + length);
            agrees(net, exact, cell -> Learner.blocks(cell, length));
            agrees(net, exact, cell -> BlockLearner.of(cell, length));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "5,1", "5,2", "5,5", "9,4", "23,23", "40,7"})
    void truncatedIsTheGradientOfTheCutGraph(int window, int stride) {
        ReferenceNet net = ReferenceNet.random(3, 5, 23, 8);
        agrees(net, net.truncated(window, stride), cell -> Learner.truncated(cell, window, stride));
        double cosine = ReferenceNet.cosine(net.bptt(), net.truncated(window, stride));
        assertTrue(window >= 23 ? cosine > 1 - EXACT : cosine < 1 - 1e-6, "cosine " + cosine);
    }

    @Test
    void diagonalKeepsTheDiagonal() {
        ReferenceNet net = ReferenceNet.random(3, 5, 23, 9);
        agrees(net, net.forward(true), Learner::diagonal);
        assertTrue(ReferenceNet.cosine(net.bptt(), net.forward(true)) < 0.99);
        for (int i = 0; i < net.n; i++) {
            for (int j = 0; j < net.n; j++) {
                net.A[i][net.inputs + j] *= i == j ? 1 : 0;
            }
        }
        net.loss(); // without mixing nothing is left out
        assertTrue(ReferenceNet.difference(net.bptt(), net.forward(true)) < EXACT);
        agrees(net, net.bptt(), Learner::diagonal);
    }

    @Test
    void uoroDrawsAsItsPaperSays() {
        ReferenceNet net = ReferenceNet.random(2, 3, 12, 10);
        for (int seed = 0; seed < 5; seed++) {
            RandomStream random = RandomStream.of(seed);
            agrees(net, net.uoro(RandomStream.of(seed)), cell -> Learner.uoro(cell, random));
        }
    }

    @Test
    void uoroIsRightInTheMean() {
        ReferenceNet net = ReferenceNet.random(2, 3, 6, 10);
        double[][] exact = net.bptt();
        RandomStream random = RandomStream.of(1);
        int draws = 40_000;
        double[][] sum = new double[3][net.sources];
        double[][] squares = new double[3][net.sources];
        for (int k = 0; k < draws; k++) {
            double[][] g = net.uoro(random);
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < net.sources; j++) {
                    sum[i][j] += g[i][j] / draws;
                    squares[i][j] += g[i][j] * g[i][j] / draws;
                }
            }
        }
        double deviations = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < net.sources; j++) {
                double error = StrictMath.sqrt((squares[i][j] - sum[i][j] * sum[i][j]) / draws);
                double z = (sum[i][j] - exact[i][j]) / error;
                assertTrue(Math.abs(z) < 4.5, "weight " + i + ", " + j + " is " + z + " standard errors off");
                deviations += z * z / (3 * net.sources);
            }
        }
        assertTrue(deviations < 2.5, "mean square of the deviations in standard errors: " + deviations);
        assertTrue(ReferenceNet.difference(exact, net.uoro(random)) > 0.1, "one draw is noisy");
    }

    @Test
    void collectingOnTheWayChangesNothing() {
        ReferenceNet net = ReferenceNet.random(3, 5, 20, 12);
        Elman cell = elman(net);
        for (Learner learner :
                new Learner[] {Learner.bptt(cell), Learner.rtrl(cell), Learner.blocks(cell, 6), BlockLearner.of(cell, 6)
                }) {
            learner.begin(1);
            for (int t = 0; t < 20; t++) {
                learner.read(row(net.x[t]));
                learner.teach(row(net.e[t]));
                if (t % 3 == 1) {
                    learner.collect();
                    learner.collect();
                }
            }
            learner.begin(2); // collects what is left
            double difference = ReferenceNet.difference(net.bptt(), taken(cell));
            assertTrue(difference < ROUNDING, learner.getClass().getSimpleName() + " " + difference);
        }
    }

    @Test
    void sameBitsAgain() {
        ReferenceNet net = ReferenceNet.random(3, 33, 40, 13);
        Elman cell = elman(net);
        double[][] once = learnt(net, cell, Learner.rtrl(cell));
        double[][] again = learnt(net, cell, Learner.rtrl(cell));
        for (int i = 0; i < net.n; i++) {
            assertArrayEquals(once[i], again[i]);
        }
    }

    @Test
    void memoryIsWhatTheFormulasSay() {
        int n = 5;
        int inputs = 3;
        ReferenceNet net = ReferenceNet.random(inputs, n, 64, 14);
        Elman cell = elman(net);
        Learner rtrl = Learner.rtrl(cell);
        Learner blocks = Learner.blocks(cell, n);
        Learner bptt = Learner.bptt(cell);
        Learner truncated = Learner.truncated(cell, 8, 8);
        for (Learner learner : new Learner[] {rtrl, blocks, bptt, truncated}) {
            learner.begin(1);
        }
        long[][] kept = new long[4][65];
        for (int t = 0; t < 64; t++) {
            int k = 0;
            for (Learner learner : new Learner[] {rtrl, blocks, bptt, truncated}) {
                learner.read(row(net.x[t]));
                kept[k++][t + 1] = learner.kept();
            }
        }
        long influence = (long) n * n * (inputs + n + 1) + n;
        long open = inputs + n + 1 + 2 * n; // sources, slopes and errors of a step of the open block
        assertEquals(influence + open, kept[0][1]);
        assertEquals(influence + open, kept[0][64]);
        assertEquals(influence + 4 * open, kept[1][64]); // 64 = 12 blocks of 5 and 4 steps
        long step = inputs + 5 * n; // input, two products, two sums, tanh
        assertEquals(64 * step + n, kept[2][64]); // and the first state
        assertEquals(8 * step + n, kept[3][8]);
        assertEquals(kept[3][8], kept[3][64]);
    }

    @Test
    void aMillionStepsNeedNoMoreMemoryThanTen() {
        ReferenceNet net = ReferenceNet.random(1, 2, 1, 15);
        Elman cell = elman(net);
        Learner learner = Learner.rtrl(cell);
        learner.begin(1);
        Tensor x = row(net.x[0]);
        Tensor error = row(net.e[0]);
        long before = 0;
        for (int t = 0; t < 1_000_000; t++) {
            learner.read(x);
            if (t % 1000 == 0) {
                learner.teach(error);
            }
            before = t == 10 ? learner.kept() : before;
        }
        learner.collect();
        assertEquals(before, learner.kept());
        assertTrue(cell.R().gradient().isFinite());
    }

    @Test
    void learnsAParityOfTwoStepsOnline() {
        RandomStream random = RandomStream.of(4);
        Elman cell = Elman.of(1, 8, random);
        Tensor V = Tensor.uniform(random, -1, 1, 1, 8).requiresGradient();
        Learner learner = Learner.rtrl(cell);
        learner.begin(1);
        double recent = 1;
        float before = 0;
        for (int t = 0; t < 6000; t++) {
            float now = random.nextBoolean() ? 1 : -1;
            float target = now * before;
            before = now;
            Tensor h = learner.read(Tensor.wrap(new float[] {now}, 1, 1)).requiresGradient();
            Tensor loss = Tensor.linear(h, V).minus(target).squared().sum();
            loss.backward();
            learner.teach(h.gradient());
            learner.collect();
            for (Tensor p : cell.parameters().and("V", V).tensors()) {
                float[] g = Fused.gradientBuffer(p);
                p.update(values -> {
                    for (int k = 0; k < values.length; k++) {
                        values[k] -= 0.05f * Math.max(-1, Math.min(1, g[k]));
                    }
                });
                p.clearGradient();
            }
            recent = 0.99 * recent + 0.01 * loss.item();
        }
        assertTrue(recent < 0.2, "squared error " + recent + ", chance 1");
    }

    @Test
    void refusesWhatMakesNoSense() {
        Elman cell = Elman.of(2, 3, RandomStream.of(1));
        assertThrows(IllegalArgumentException.class, () -> Learner.truncated(cell, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Learner.truncated(cell, 5, 0));
        assertThrows(IllegalArgumentException.class, () -> Learner.truncated(cell, 5, 6));
        assertThrows(IllegalArgumentException.class, () -> Learner.blocks(cell, 0));
        for (Learner learner : new Learner[] {
            Learner.bptt(cell),
            Learner.truncated(cell, 3, 2),
            Learner.rtrl(cell),
            Learner.blocks(cell, 4),
            Learner.diagonal(cell),
            Learner.uoro(cell, RandomStream.of(1))
        }) {
            Tensor x = Tensor.zeros(2, 2);
            assertThrows(IllegalStateException.class, () -> learner.read(x));
            assertThrows(IllegalArgumentException.class, () -> learner.begin(0));
            learner.begin(2);
            assertThrows(IllegalStateException.class, () -> learner.teach(Tensor.zeros(2, 3)));
            assertThrows(IllegalArgumentException.class, () -> learner.read(Tensor.zeros(1, 2)));
            assertThrows(IllegalArgumentException.class, () -> learner.read(Tensor.zeros(2, 3)));
            assertThrows(IllegalArgumentException.class, () -> learner.read(x, true));
            learner.read(x);
            assertThrows(IllegalArgumentException.class, () -> learner.teach(Tensor.zeros(2, 2)));
            assertThrows(IllegalArgumentException.class, () -> learner.learn(x, (t, h) -> null));
            assertThrows(
                    IllegalArgumentException.class, () -> learner.learn(Tensor.zeros(2, 4, 2), (t, h) -> null, 4, 5));
        }
    }
}
