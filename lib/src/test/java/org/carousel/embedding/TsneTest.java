package org.carousel.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The gradient against differences, the perplexity by its definition, groups that must stay apart. */
class TsneTest {
    private static final int GROUPS = 4;
    private static final int EACH = 15;
    private static final int N = GROUPS * EACH;

    /** Four groups in ten dimensions. */
    private static Tensor points() {
        RandomStream random = RandomStream.of(9);
        float[] values = new float[N * 10];
        for (int i = 0; i < N; i++) {
            for (int k = 0; k < 10; k++) {
                values[i * 10 + k] = (float) (random.nextGaussian() + (k == i / EACH ? 12 : 0));
            }
        }
        return Tensor.wrap(values, N, 10);
    }

    @Test
    void theGradientIsThatOfTheDivergence() {
        double[][] p = Tsne.neighbourhoods(points().toRows(), 6);
        RandomStream random = RandomStream.of(1);
        double[][] y = new double[2][N];
        for (int i = 0; i < N; i++) {
            y[0][i] = random.nextGaussian();
            y[1][i] = random.nextGaussian();
        }
        double[][] gradient = new double[2][N];
        Tsne.gradient(p, 1, y, new double[N][N], gradient);
        double largest = 0;
        for (int axis = 0; axis < 2; axis++) {
            for (int i = 0; i < N; i++) {
                double kept = y[axis][i];
                y[axis][i] = kept + 1e-5;
                double up = Tsne.divergence(p, y);
                y[axis][i] = kept - 1e-5;
                double down = Tsne.divergence(p, y);
                y[axis][i] = kept;
                assertEquals((up - down) / 2e-5, gradient[axis][i], 1e-8);
                largest = Math.max(largest, Math.abs(gradient[axis][i]));
            }
        }
        assertTrue(largest > 1e-3, "gradients of up to " + largest);
    }

    @Test
    void neighbourhoodsHaveTheWantedPerplexity() {
        // three points at equal distances: each of the two others has half, which is a perplexity of 2
        double[][] equal = Tsne.neighbourhoods(new float[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, 1.9);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(i == j ? 0 : 1 / 6.0, equal[i][j], 1e-12);
            }
        }
        // on a circle all points are alike, so that p_ij is p_{j|i} / n
        int n = 24;
        float[][] circle = new float[n][];
        for (int i = 0; i < n; i++) {
            circle[i] = new float[] {(float) Math.cos(2 * Math.PI * i / n), (float) Math.sin(2 * Math.PI * i / n)};
        }
        for (double perplexity : new double[] {2.5, 5, 20}) {
            for (double[] row : Tsne.neighbourhoods(circle, perplexity)) {
                double entropy = 0;
                for (double x : row) {
                    entropy -= x > 0 ? n * x * Math.log(n * x) : 0;
                }
                assertEquals(perplexity, Math.exp(entropy), 1e-4 * perplexity);
            }
        }
    }

    @Test
    void groupsStayTogetherAndApart() {
        Tensor points = points();
        double[][] map = Tsne.of(points, 8, 400, RandomStream.of(3));
        double[][] p = Tsne.neighbourhoods(points.toRows(), 8);
        double[][] y = new double[2][N];
        double meanX = 0;
        for (int i = 0; i < N; i++) {
            y[0][i] = map[i][0];
            y[1][i] = map[i][1];
            meanX += map[i][0] / N;
            int nearest = i == 0 ? 1 : 0;
            for (int j = 0; j < N; j++) {
                if (j != i && distance(map, i, j) < distance(map, i, nearest)) {
                    nearest = j;
                }
            }
            assertEquals(i / EACH, nearest / EACH, "the neighbour of " + i);
        }
        assertEquals(0, meanX, 1e-9);
        assertTrue(Tsne.divergence(p, y) < 0.4, "C " + Tsne.divergence(p, y));
        double[][] again = Tsne.of(points, 8, 400, RandomStream.of(3));
        for (int i = 0; i < N; i++) {
            assertArrayEquals(map[i], again[i]);
        }
    }

    private static double distance(double[][] map, int i, int j) {
        return Math.hypot(map[i][0] - map[j][0], map[i][1] - map[j][1]);
    }

    @Test
    void equalPointsAndTinyUnitsDoNoHarm() {
        Tensor points = points().times(1e-6);
        float[] values = points.toArray();
        System.arraycopy(values, 0, values, 10, 10); // the second point is the first
        for (double[] place : Tsne.of(Tensor.wrap(values, N, 10), 8, 60, RandomStream.of(3))) {
            assertTrue(Double.isFinite(place[0]) && Double.isFinite(place[1]));
        }
        for (double[] place : Tsne.of(Tensor.zeros(6, 2), 3, 60, RandomStream.of(3))) {
            assertTrue(Double.isFinite(place[0]) && Double.isFinite(place[1]));
        }
    }

    @Test
    void impossibleArgumentsAreRefused() {
        RandomStream random = RandomStream.of(1);
        assertThrows(IllegalArgumentException.class, () -> Tsne.of(points(), N - 1, 10, random));
        assertThrows(IllegalArgumentException.class, () -> Tsne.of(points(), 1, 10, random));
        assertThrows(IllegalArgumentException.class, () -> Tsne.of(points(), 5, 0, random));
        assertThrows(IllegalArgumentException.class, () -> Tsne.of(Tensor.ones(2, 2), 1.5, 10, random));
        assertThrows(IllegalArgumentException.class, () -> Tsne.of(points().dividedBy(0), 5, 10, random), "not finite");
    }
}
