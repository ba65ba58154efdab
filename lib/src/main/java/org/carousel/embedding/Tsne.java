package org.carousel.embedding;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * t-SNE: a map of points in the plane on which neighbours stay neighbours.
 *
 * <pre>
 * p_{j|i} = exp(-β_i ‖x_i - x_j‖²) / Σ_k≠i exp(-β_i ‖x_i - x_k‖²)      p_ij = (p_{j|i} + p_{i|j}) / 2n
 * t_ij = 1 / (1 + ‖y_i - y_j‖²)      q_ij = t_ij / Σ t
 * C = Σ p_ij ln(p_ij / q_ij)      ∂C/∂y_i = 4 Σ_j (p_ij - q_ij) t_ij (y_i - y_j)
 * </pre>
 *
 * <p>β_i is searched so that exp of the entropy of p_{·|i} is the perplexity, roughly the number of neighbours that
 * count. Distances between far groups, the sizes of groups and the two axes mean nothing.
 *
 * <p>Exact: time and memory grow with n², 1,000 points take some seconds. Gradient descent with momentum (0.5, later
 * 0.8), a gain per number, and p times 12 during the first quarter of the iterations. All in double and without sums
 * that depend on the number of threads.
 *
 * <p>Source: van der Maaten, Hinton: Visualizing data using t-SNE, Journal of Machine Learning Research 9, 2008, eq. (5).
 * Differs from it in the factor 12 instead of 4 and the learning rate max(50, n/48), after Belkina et al., Nature
 * Communications 10, 2019.
 */
public final class Tsne {
    private static final double EXAGGERATION = 12;
    private static final int SEARCH_STEPS = 60;
    private static final int ITERATIONS = 1000;
    private static final double SMALLEST_GAIN = 0.01;

    private Tsne() {}

    /** The map of the vectors of all words after 1000 iterations: [V][2]. */
    public static double[][] of(WordVectors vectors, double perplexity, RandomStream random) {
        return of(vectors.matrix(), perplexity, ITERATIONS, random);
    }

    /**
     * The map of points.
     *
     * @param points [n×D], n at least 3
     * @param perplexity in (1, n − 1); 5 to 50 is usual
     * @param iterations at least 1; 1000 is usual
     * @return [n][2], with mean 0
     * @throws IllegalArgumentException when an argument is out of range or a number is not finite
     */
    public static double[][] of(Tensor points, double perplexity, int iterations, RandomStream random) {
        if (points.rank() != 2 || points.size(0) < 3 || !points.isFinite()) {
            throw new IllegalArgumentException(
                    "t-sne: points " + points.shapeText() + " must be [n×D] of finite numbers with n at least 3");
        }
        int n = points.size(0);
        if (!(perplexity > 1 && perplexity < n - 1) || iterations < 1) {
            throw new IllegalArgumentException("t-sne: perplexity " + perplexity + " of " + n
                    + " points must lie in (1, " + (n - 1) + ") and iterations " + iterations + " be at least 1");
        }
        double[][] p = neighbourhoods(points.toRows(), perplexity);
        double[][] y = new double[2][n]; // by axis, so that loops over points are simple
        for (int i = 0; i < n; i++) {
            y[0][i] = 1e-4 * random.nextGaussian();
            y[1][i] = 1e-4 * random.nextGaussian();
        }
        descend(p, y, iterations);
        double[][] map = new double[n][];
        for (int i = 0; i < n; i++) {
            map[i] = new double[] {y[0][i], y[1][i]};
        }
        return map;
    }

    // ------------------------------------------------------------------ p

    /** p_ij [n][n], symmetric, of sum 1. */
    static double[][] neighbourhoods(float[][] points, double perplexity) {
        int n = points.length;
        double[][] conditional = new double[n][n];
        Parallel.over(n, (long) n * n * (3L * points[0].length + 50L * SEARCH_STEPS), (from, to) -> {
            for (int i = from; i < to; i++) {
                squaredDistances(points, i, conditional[i]);
                search(conditional[i], i, StrictMath.log(perplexity));
            }
        });
        double[][] p = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                p[i][j] = (conditional[i][j] + conditional[j][i]) / (2 * n);
            }
        }
        return p;
    }

    private static void squaredDistances(float[][] points, int i, double[] to) {
        for (int j = 0; j < points.length; j++) {
            double sum = 0;
            for (int k = 0; k < points[i].length; k++) {
                double difference = (double) points[i][k] - points[j][k];
                sum += difference * difference;
            }
            to[j] = sum;
        }
    }

    /** Turns the distances from point i into p_{j|i} of the wanted entropy, by halving the interval of β. */
    private static void search(double[] row, int i, double wanted) {
        double nearest = Double.POSITIVE_INFINITY;
        double mean = 0;
        for (int j = 0; j < row.length; j++) {
            if (j != i) {
                nearest = Math.min(nearest, row[j]);
                mean += row[j] / (row.length - 1);
            }
        }
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double beta = mean > nearest ? 1 / (mean - nearest) : 1; // of the right scale whatever the unit
        double[] p = new double[row.length];
        for (int step = 0; step < SEARCH_STEPS; step++) {
            double entropy = gaussian(row, i, nearest, beta, p);
            if (Math.abs(entropy - wanted) < 1e-10) {
                break;
            }
            if (entropy > wanted) { // too wide
                low = beta;
                beta = high == Double.POSITIVE_INFINITY ? 2 * beta : (low + high) / 2;
            } else {
                high = beta;
                beta = (low + high) / 2;
            }
        }
        System.arraycopy(p, 0, row, 0, p.length);
    }

    /** p_{j|i} for a β; returns the entropy. The nearest distance is taken off, which changes nothing but underflow. */
    private static double gaussian(double[] distances, int i, double nearest, double beta, double[] p) {
        double sum = 0;
        double weighted = 0;
        for (int j = 0; j < p.length; j++) {
            double d = distances[j] - nearest;
            p[j] = j == i ? 0 : StrictMath.exp(-beta * d);
            sum += p[j];
            weighted += p[j] * d;
        }
        for (int j = 0; j < p.length; j++) {
            p[j] /= sum;
        }
        return StrictMath.log(sum) + beta * weighted / sum;
    }

    // ------------------------------------------------------------------ y

    private static void descend(double[][] p, double[][] y, int iterations) {
        int n = p.length;
        double rate = Math.max(50, n / EXAGGERATION / 4);
        double[][] velocity = new double[2][n];
        double[][] gain = new double[2][n];
        java.util.Arrays.fill(gain[0], 1);
        java.util.Arrays.fill(gain[1], 1);
        double[][] gradient = new double[2][n];
        double[][] t = new double[n][n];
        for (int iteration = 0; iteration < iterations; iteration++) {
            boolean early = iteration < iterations / 4;
            gradient(p, early ? EXAGGERATION : 1, y, t, gradient);
            for (int axis = 0; axis < 2; axis++) {
                step(rate, early ? 0.5 : 0.8, gradient[axis], gain[axis], velocity[axis], y[axis]);
            }
        }
    }

    private static void step(double rate, double momentum, double[] gradient, double[] gain, double[] v, double[] y) {
        double mean = 0;
        for (int i = 0; i < y.length; i++) {
            boolean turns = gradient[i] > 0 == v[i] > 0; // v points against the gradient while all goes well
            gain[i] = Math.max(SMALLEST_GAIN, turns ? gain[i] * 0.8 : gain[i] + 0.2);
            v[i] = momentum * v[i] - rate * gain[i] * gradient[i];
            y[i] += v[i];
            mean += y[i] / y.length;
        }
        for (int i = 0; i < y.length; i++) {
            y[i] -= mean;
        }
    }

    /**
     * ∂C/∂y with p times a factor. Modified: {@code t} and {@code gradient}.
     *
     * @param y [2][n], as {@code gradient}
     * @param t room for [n][n]
     */
    static void gradient(double[][] p, double factor, double[][] y, double[][] t, double[][] gradient) {
        int n = p.length;
        double[] sums = new double[n];
        Parallel.over(n, Costs.TSNE_PAIR * n * n, (from, to) -> {
            for (int i = from; i < to; i++) {
                students(y[0], y[1], i, t[i]);
                sums[i] = sum(t[i]);
            }
        });
        double all = sum(sums);
        Parallel.over(n, Costs.TSNE_PAIR * n * n, (from, to) -> {
            double[] pulls = new double[n];
            for (int i = from; i < to; i++) {
                pulls(p[i], factor, t[i], 1 / all, pulls);
                gradient[0][i] = 4 * pull(pulls, y[0], y[0][i]);
                gradient[1][i] = 4 * pull(pulls, y[1], y[1][i]);
            }
        });
    }

    private static void students(double[] x, double[] y, int i, double[] t) {
        double xi = x[i];
        double yi = y[i];
        for (int j = 0; j < t.length; j++) {
            double dx = xi - x[j];
            double dy = yi - y[j];
            t[j] = 1 / (1 + dx * dx + dy * dy);
        }
        t[i] = 0;
    }

    private static void pulls(double[] p, double factor, double[] t, double scale, double[] pulls) {
        for (int j = 0; j < pulls.length; j++) {
            pulls[j] = (factor * p[j] - t[j] * scale) * t[j];
        }
    }

    /** Σ pulls (at - x), as four sums, so that they need not wait for each other. */
    private static double pull(double[] pulls, double[] x, double at) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int j = 0;
        for (; j + 4 <= x.length; j += 4) {
            s0 += pulls[j] * (at - x[j]);
            s1 += pulls[j + 1] * (at - x[j + 1]);
            s2 += pulls[j + 2] * (at - x[j + 2]);
            s3 += pulls[j + 3] * (at - x[j + 3]);
        }
        for (; j < x.length; j++) {
            s0 += pulls[j] * (at - x[j]);
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double sum(double[] x) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int j = 0;
        for (; j + 4 <= x.length; j += 4) {
            s0 += x[j];
            s1 += x[j + 1];
            s2 += x[j + 2];
            s3 += x[j + 3];
        }
        for (; j < x.length; j++) {
            s0 += x[j];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** C, the divergence of the two distributions. */
    static double divergence(double[][] p, double[][] y) {
        double all = 0;
        double[][] t = new double[p.length][p.length];
        for (int i = 0; i < p.length; i++) {
            students(y[0], y[1], i, t[i]);
            all += sum(t[i]);
        }
        double divergence = 0;
        for (int i = 0; i < p.length; i++) {
            for (int j = 0; j < p.length; j++) {
                if (p[i][j] > 0) {
                    divergence += p[i][j] * StrictMath.log(p[i][j] * all / t[i][j]);
                }
            }
        }
        return divergence;
    }
}
