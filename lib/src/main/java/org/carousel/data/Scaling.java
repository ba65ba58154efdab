package org.carousel.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Standardise a column, and while outliers are left, squash and standardise again.
 *
 * <pre>
 * z = (v - μ) / σ;   while max |z| > limit:  v ← tanh z,  z = (v - μ') / σ'      at most {@value #ROUNDS} times
 * </pre>
 *
 * <p>Each round weakens an outlier and spreads the rest again, which the outlier had pressed together. A constant column
 * becomes 0. What tanh rounds to 1 cannot be told apart when it is undone: it comes back as the largest value that can.
 *
 * @param means μ of each round
 * @param deviations σ of each round, above 0
 */
public record Scaling(List<Double> means, List<Double> deviations) {
    private static final int ROUNDS = 20;

    /** Copies. */
    public Scaling {
        means = List.copyOf(means);
        deviations = List.copyOf(deviations);
    }

    /** Only standardises. */
    public static Scaling standard(double... values) {
        return robust(Double.POSITIVE_INFINITY, values);
    }

    /**
     * Standardises and squashes until no value is further than {@code limit} from 0.
     *
     * @param limit at least 1, since values of deviation 1 reach that far
     * @throws IllegalArgumentException when there is no value, or one is not a finite number
     */
    public static Scaling robust(double limit, double... values) {
        if (!(limit >= 1)) {
            throw new IllegalArgumentException("scaling: limit " + limit + " must be at least 1");
        }
        if (values.length == 0) {
            throw new IllegalArgumentException("scaling: there are no values");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(
                        "scaling: value " + i + " is " + values[i] + "; fill it in or leave it out first");
            }
        }
        List<Double> means = new ArrayList<>();
        List<Double> deviations = new ArrayList<>();
        double[] v = values.clone();
        for (int round = 0; round < ROUNDS; round++) {
            double mean = mean(v);
            double deviation = deviation(v, mean);
            means.add(mean);
            deviations.add(deviation);
            double largest = 0;
            for (int i = 0; i < v.length; i++) {
                double z = (v[i] - mean) / deviation;
                largest = Math.max(largest, Math.abs(z));
                v[i] = StrictMath.tanh(z);
            }
            if (largest <= limit) {
                break;
            }
        }
        return new Scaling(means, deviations);
    }

    /** How often tanh is applied. */
    public int squashed() {
        return means.size() - 1;
    }

    /** The scaled value. */
    public double apply(double value) {
        double z = (value - means.get(0)) / deviations.get(0);
        for (int round = 1; round < means.size(); round++) {
            z = (StrictMath.tanh(z) - means.get(round)) / deviations.get(round);
        }
        return z;
    }

    /** The scaled values. */
    public double[] apply(double... values) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = apply(values[i]);
        }
        return scaled;
    }

    /** The value in its own unit: the inverse of {@link #apply}. */
    public double inverse(double scaled) {
        double z = scaled;
        for (int round = means.size() - 1; round > 0; round--) {
            double bound = Math.nextDown(1.0);
            double v = Math.max(-bound, Math.min(bound, z * deviations.get(round) + means.get(round)));
            z = 0.5 * (StrictMath.log1p(v) - StrictMath.log1p(-v));
        }
        return z * deviations.get(0) + means.get(0);
    }

    private static double mean(double[] v) {
        double sum = 0;
        for (double value : v) {
            sum += value;
        }
        return sum / v.length;
    }

    private static double deviation(double[] v, double mean) {
        double squares = 0;
        for (double value : v) {
            squares += (value - mean) * (value - mean);
        }
        double deviation = StrictMath.sqrt(squares / v.length);
        return deviation > 1e-12 * Math.abs(mean) ? deviation : 1; // a constant column
    }
}
