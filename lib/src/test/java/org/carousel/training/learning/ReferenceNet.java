package org.carousel.training.learning;

import java.util.function.IntPredicate;
import org.carousel.tensor.RandomStream;

/**
 * The learning algorithms of one fully recurrent layer in double, each written out as its paper has it with loops over
 * single numbers: h_t = tanh(A [x_t, h_{t-1}, 1]), L = Σ_t e_t · h_t. What the library computes is measured against it.
 */
final class ReferenceNet {
    final int inputs;
    final int n;
    final int sources;
    final double[][] A; // [n][sources]
    final double[][] x; // [T][I]
    final double[][] e; // [T][n]
    private final double[][] u; // [T][sources]
    private final double[][] h; // [T][n]

    ReferenceNet(int inputs, int n, double[][] A, double[][] x, double[][] e) {
        this.inputs = inputs;
        this.n = n;
        this.sources = inputs + n + 1;
        this.A = A;
        this.x = x;
        this.e = e;
        u = new double[x.length][sources];
        h = new double[x.length][n];
        run();
    }

    static ReferenceNet random(int inputs, int n, int steps, long seed) {
        RandomStream random = RandomStream.of(seed);
        double scale = 1.2 / StrictMath.sqrt(n);
        return new ReferenceNet(
                inputs,
                n,
                matrix(random, n, inputs + n + 1, scale),
                matrix(random, steps, inputs, 1),
                matrix(random, steps, n, 1));
    }

    private static double[][] matrix(RandomStream random, int rows, int columns, double scale) {
        double[][] m = new double[rows][columns];
        for (double[] row : m) {
            for (int j = 0; j < columns; j++) {
                row[j] = (float) (scale * random.nextGaussian()); // floats, so that the library has the same numbers
            }
        }
        return m;
    }

    private void run() {
        for (int t = 0; t < x.length; t++) {
            System.arraycopy(x[t], 0, u[t], 0, inputs);
            if (t > 0) {
                System.arraycopy(h[t - 1], 0, u[t], inputs, n);
            }
            u[t][sources - 1] = 1;
            for (int k = 0; k < n; k++) {
                double a = 0;
                for (int j = 0; j < sources; j++) {
                    a += A[k][j] * u[t][j];
                }
                h[t][k] = StrictMath.tanh(a);
            }
        }
    }

    double loss() {
        run();
        double sum = 0;
        for (int t = 0; t < x.length; t++) {
            for (int k = 0; k < n; k++) {
                sum += e[t][k] * h[t][k];
            }
        }
        return sum;
    }

    private double slope(int t, int k) {
        return 1 - h[t][k] * h[t][k];
    }

    /** J_t[k][l] = ∂h_t,k/∂h_{t-1},l. */
    private double jacobian(int t, int k, int l) {
        return slope(t, k) * A[k][inputs + l];
    }

    /** Errors of the steps that count, sent back from step {@code to} to step {@code from}; adds to g. */
    private double[] back(int from, int to, IntPredicate counts, double[] delta, double[][] g) {
        double[] at = delta.clone();
        for (int t = to; t >= from; t--) {
            double[] before = new double[n];
            for (int k = 0; k < n; k++) {
                double bar = slope(t, k) * (at[k] + (counts.test(t) ? e[t][k] : 0));
                for (int j = 0; j < sources; j++) {
                    g[k][j] += bar * u[t][j];
                }
                for (int l = 0; l < n; l++) {
                    before[l] += bar * A[k][inputs + l];
                }
            }
            at = before;
        }
        return at;
    }

    /** Everything at once. */
    double[][] bptt() {
        double[][] g = new double[n][sources];
        back(0, x.length - 1, t -> true, new double[n], g);
        return g;
    }

    /** BPTT(window; stride): the errors of each {@code stride} steps go back through {@code window} steps. */
    double[][] truncated(int window, int stride) {
        double[][] g = new double[n][sources];
        for (int first = 0; first < x.length; first += stride) {
            int last = Math.min(first + stride, x.length) - 1;
            int oldest = first;
            back(Math.max(0, last - window + 1), last, t -> t >= oldest, new double[n], g);
        }
        return g;
    }

    /** P[k][i][j] = ∂h_k/∂A_ij, all of it or where k = i alone. */
    double[][] forward(boolean diagonal) {
        double[][] g = new double[n][sources];
        double[][][] p = new double[n][n][sources];
        for (int t = 0; t < x.length; t++) {
            double[][][] next = new double[n][n][sources];
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < sources; j++) {
                        double sum = k == i ? slope(t, k) * u[t][j] : 0;
                        for (int l = 0; l < n; l++) {
                            sum += jacobian(t, k, l) * p[l][i][j];
                        }
                        next[k][i][j] = diagonal && k != i ? 0 : sum;
                        g[i][j] += e[t][k] * next[k][i][j];
                    }
                }
            }
            p = next;
        }
        return g;
    }

    /** Schmidhuber 1992: one walk back for the errors of a block, and n walks back for what all weights did in it. */
    double[][] blocks(int length) {
        double[][] g = new double[n][sources];
        double[][][] p = new double[n][n][sources];
        for (int first = 0; first < x.length; first += length) {
            int last = Math.min(first + length, x.length) - 1;
            double[] leaving = back(first, last, t -> true, new double[n], g);
            double[][][] next = new double[n][n][sources];
            for (int k = 0; k < n; k++) {
                double[] seed = new double[n];
                seed[k] = 1;
                double[] toStart = back(first, last, t -> false, seed, next[k]);
                addInfluence(toStart, p, next[k]);
            }
            addInfluence(leaving, p, g);
            p = next;
        }
        return g;
    }

    private void addInfluence(double[] delta, double[][][] p, double[][] to) {
        for (int l = 0; l < n; l++) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < sources; j++) {
                    to[i][j] += delta[l] * p[l][i][j];
                }
            }
        }
    }

    /** One draw of UORO. */
    double[][] uoro(RandomStream random) {
        double[][] g = new double[n][sources];
        double[] w = new double[n];
        double[][] v = new double[n][sources];
        for (int t = 0; t < x.length; t++) {
            double[] jw = new double[n];
            double[] nu = new double[n];
            double[][] direct = new double[n][sources];
            for (int k = 0; k < n; k++) {
                for (int l = 0; l < n; l++) {
                    jw[k] += jacobian(t, k, l) * w[l];
                }
                nu[k] = random.nextBoolean() ? 1 : -1;
                for (int j = 0; j < sources; j++) {
                    direct[k][j] = nu[k] * slope(t, k) * u[t][j];
                }
            }
            double past = ratio(norm(v), norm(new double[][] {jw}));
            double fresh = ratio(norm(direct), norm(new double[][] {nu}));
            double along = 0;
            for (int k = 0; k < n; k++) {
                w[k] = past * jw[k] + fresh * nu[k];
                along += e[t][k] * w[k];
            }
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < sources; j++) {
                    v[i][j] = v[i][j] / past + direct[i][j] / fresh;
                    g[i][j] += along * v[i][j];
                }
            }
        }
        return g;
    }

    private static double ratio(double above, double below) {
        return above == 0 || below == 0 ? 1 : StrictMath.sqrt(above / below);
    }

    static double norm(double[][] m) {
        double sum = 0;
        for (double[] row : m) {
            for (double value : row) {
                sum += value * value;
            }
        }
        return StrictMath.sqrt(sum);
    }

    /** ‖a - b‖ / ‖a‖. */
    static double difference(double[][] a, double[][] b) {
        double[][] d = new double[a.length][a[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[i].length; j++) {
                d[i][j] = a[i][j] - b[i][j];
            }
        }
        return norm(d) / norm(a);
    }

    static double cosine(double[][] a, double[][] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[i].length; j++) {
                dot += a[i][j] * b[i][j];
            }
        }
        return dot / (norm(a) * norm(b));
    }
}
