package org.carousel.tensor.internal.kernels.paths;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * Connectionist temporal classification of one sequence: the probability of all paths that read as a target, and how
 * often they pass each class at each step.
 *
 * <p>The states are blank, first label, blank, second label, .., blank. Products of probabilities are far too small for a
 * {@code double}, so every step is scaled: its largest probability to 1, its sum of forward variables to 1. What is lost
 * that way is known: with forward and backward variables scaled so, nothing that was rounded to zero matters as long as
 * the sum of their products is far from zero at each step. Where it is not, the same sums are made of logarithms, which
 * is slower by an order of magnitude and exact everywhere.
 *
 * <p>Sums are in a fixed order and the only functions are those of {@link StrictMath}: the same bits everywhere.
 */
public final class CtcPaths {
    /** Below it a sum of scaled products may have lost something to rounding at zero. */
    private static final double TOO_SMALL = 1e-250;

    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private final int classes;
    private final int steps;
    private final int[] states;
    private final double[] skip;
    private final double[] logY;
    private final double[] y;
    private final double[] alpha;

    private CtcPaths(int classes, int steps, int[] target, int blank) {
        this.classes = classes;
        this.steps = steps;
        this.states = states(target, blank);
        this.skip = new double[states.length];
        for (int s = 2; s < states.length; s++) {
            skip[s] = states[s] != blank && states[s] != states[s - 2] ? 1 : 0;
        }
        this.logY = new double[steps];
        this.y = new double[steps * states.length];
        this.alpha = new double[steps * states.length];
    }

    /** The target with a blank before, between and after its labels. */
    public static int[] states(int[] target, int blank) {
        int[] states = new int[2 * target.length + 1];
        Arrays.fill(states, blank);
        for (int k = 0; k < target.length; k++) {
            states[2 * k + 1] = target[k];
        }
        return states;
    }

    /** The least number of steps in which a target can be written: its labels, and a blank between equal neighbours. */
    public static int shortest(int... target) {
        int steps = target.length;
        for (int k = 1; k < target.length; k++) {
            steps += target[k] == target[k - 1] ? 1 : 0;
        }
        return steps;
    }

    /**
     * The loss of one sequence and its derivative.
     *
     * @param logits a, finite, [steps×classes] from {@code from} on
     * @param target in which the blank does not occur, and which fits into the steps
     * @param gradient receives ∂L/∂a, laid out as the logits, from {@code to} on
     * @return L = -ln p(target | a)
     */
    public static double loss(
            int steps, int classes, float[] logits, int from, int[] target, int blank, float[] gradient, int to) {
        if (steps == 0) {
            return 0;
        }
        Kernels.active().softmaxRows(steps, classes, logits, from, classes, gradient, to, classes);
        CtcPaths paths = new CtcPaths(classes, steps, target, blank);
        paths.probabilities(logits, from, gradient, to);
        float[] softmax = Arrays.copyOfRange(gradient, to, to + steps * classes);
        double loss = paths.scaled(gradient, to);
        if (Double.isNaN(loss)) {
            System.arraycopy(softmax, 0, gradient, to, softmax.length);
            loss = paths.logarithmic(logits, from, gradient, to);
        }
        return loss;
    }

    /** Of every step: y of each state, divided by the largest among them, whose logarithm is kept. */
    private void probabilities(float[] a, int from, float[] p, int to) {
        int S = states.length;
        for (int t = 0; t < steps; t++) {
            int row = from + t * classes;
            int top = 0;
            for (int k = 1; k < classes; k++) {
                top = a[row + k] > a[row + top] ? k : top;
            }
            int best = states[0];
            for (int s = 1; s < S; s += 2) {
                best = a[row + states[s]] > a[row + best] ? states[s] : best;
            }
            double most = a[row + best];
            logY[t] = most - a[row + top] + StrictMath.log(p[to + t * classes + top]);
            float pBest = p[to + t * classes + best];
            for (int s = 0; s < S; s++) {
                int k = states[s];
                y[t * S + s] = pBest > 1e-10f && most - a[row + k] < 60
                        ? (double) p[to + t * classes + k] / pBest
                        : StrictMath.exp(a[row + k] - most);
            }
        }
    }

    /** NaN where logarithms are needed. */
    private double scaled(float[] gradient, int to) {
        int S = states.length;
        double log = 0;
        for (int t = 0; t < steps; t++) {
            double scale = forward(t);
            if (!(scale > 0)) {
                return Double.NaN;
            }
            log += logY[t] + StrictMath.log(scale);
        }
        int end = (steps - 1) * S;
        double reached = alpha[end + S - 1] + (S > 1 ? alpha[end + S - 2] : 0);
        if (!(reached > TOO_SMALL)) {
            return Double.NaN;
        }
        double[] beta = new double[S + 2];
        double[] next = new double[S + 2];
        double[] weight = new double[S];
        beta[S - 1] = 1;
        if (S > 1) {
            beta[S - 2] = 1;
        }
        for (int t = steps - 1; t >= 0; t--) {
            double sum = 0;
            for (int s = 0; s < S; s++) {
                weight[s] = alpha[t * S + s] * beta[s];
                sum += weight[s];
            }
            if (!(sum > TOO_SMALL)) {
                return Double.NaN;
            }
            subtract(weight, sum, gradient, to + t * classes);
            backward(t, beta, next);
            double[] swap = beta;
            beta = next;
            next = swap;
        }
        return -(log + StrictMath.log(reached));
    }

    /** α of step t, scaled to a sum of 1; returns the sum before. States from which the end is out of reach stay 0. */
    private double forward(int t) {
        int S = states.length;
        int now = t * S;
        int low = Math.max(0, S - 2 * (steps - t));
        int high = Math.min(S, 2 * t + 2);
        if (t == 0) {
            for (int s = low; s < high; s++) {
                alpha[s] = y[s];
            }
        } else {
            int before = now - S;
            for (int s = low; s < Math.min(2, high); s++) {
                alpha[now + s] = (alpha[before + s] + (s > 0 ? alpha[before + s - 1] : 0)) * y[now + s];
            }
            for (int s = Math.max(2, low); s < high; s++) {
                alpha[now + s] =
                        (alpha[before + s] + alpha[before + s - 1] + skip[s] * alpha[before + s - 2]) * y[now + s];
            }
        }
        double sum = 0;
        for (int s = low; s < high; s++) {
            sum += alpha[now + s];
        }
        double factor = 1 / sum;
        for (int s = low; s < high; s++) {
            alpha[now + s] *= factor;
        }
        return sum;
    }

    /** β of the step before t, from that of t; scaled to a largest of 1. β leaves out the y of its own step. */
    private void backward(int t, double[] beta, double[] before) {
        int S = states.length;
        for (int s = 0; s < S; s++) {
            beta[s] *= y[t * S + s];
        }
        double most = 0;
        for (int s = 0; s < S; s++) {
            double jump = s + 2 < S ? skip[s + 2] * beta[s + 2] : 0;
            before[s] = beta[s] + beta[s + 1] + jump;
            most = Math.max(most, before[s]);
        }
        double factor = 1 / most;
        for (int s = 0; s < S; s++) {
            before[s] *= factor;
        }
    }

    /** gradient -= share of each class in the paths. */
    private void subtract(double[] weight, double sum, float[] gradient, int row) {
        double factor = 1 / sum;
        double blanks = 0;
        for (int s = 0; s < states.length; s += 2) {
            blanks += weight[s];
        }
        gradient[row + states[0]] -= (float) (blanks * factor);
        for (int s = 1; s < states.length; s += 2) {
            gradient[row + states[s]] -= (float) (weight[s] * factor);
        }
    }

    /** As {@link #scaled}, of logarithms. */
    private double logarithmic(float[] a, int from, float[] gradient, int to) {
        int S = states.length;
        for (int t = 0; t < steps; t++) {
            int row = from + t * classes;
            double norm = logSumExp(a, row, classes);
            for (int s = 0; s < S; s++) {
                y[t * S + s] = a[row + states[s]] - norm;
                double in = t == 0
                        ? (s < 2 ? 0 : NEVER)
                        : add(
                                add(alpha[(t - 1) * S + s], s > 0 ? alpha[(t - 1) * S + s - 1] : NEVER),
                                skip[s] > 0 ? alpha[(t - 1) * S + s - 2] : NEVER);
                alpha[t * S + s] = in + y[t * S + s];
            }
        }
        int end = (steps - 1) * S;
        double log = add(alpha[end + S - 1], S > 1 ? alpha[end + S - 2] : NEVER);
        double[] beta = new double[S];
        Arrays.fill(beta, NEVER);
        Arrays.fill(beta, Math.max(0, S - 2), S, 0);
        double[] weight = new double[S];
        for (int t = steps - 1; t >= 0; t--) {
            for (int s = 0; s < S; s++) {
                weight[s] = StrictMath.exp(alpha[t * S + s] + beta[s] - log);
                beta[s] += y[t * S + s];
            }
            subtract(weight, 1, gradient, to + t * classes);
            for (int s = 0; s < S; s++) { // upwards: what stands above is still that of step t
                double two = add(beta[s], s + 1 < S ? beta[s + 1] : NEVER);
                beta[s] = add(two, s + 2 < S && skip[s + 2] > 0 ? beta[s + 2] : NEVER);
            }
        }
        return -log;
    }

    private static double logSumExp(float[] a, int row, int n) {
        double most = NEVER;
        for (int k = 0; k < n; k++) {
            most = Math.max(most, a[row + k]);
        }
        double sum = 0;
        for (int k = 0; k < n; k++) {
            sum += StrictMath.exp(a[row + k] - most);
        }
        return most + StrictMath.log(sum);
    }

    /** ln(eᵃ + eᵇ). */
    public static double add(double a, double b) {
        double most = Math.max(a, b);
        return most == NEVER ? NEVER : most + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - most));
    }
}
