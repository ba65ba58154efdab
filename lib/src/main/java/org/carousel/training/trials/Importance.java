package org.carousel.training.trials;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.carousel.tensor.RandomStream;

/**
 * Which setting matters: functional analysis of variance of a random forest that was fitted to trials (fANOVA).
 *
 * <pre>
 * f = f_∅ + Σ_i f_i(x_i) + Σ_{i&lt;j} f_ij(x_i, x_j) + ...            each part has mean 0 over each of its coordinates
 * share of i = V_i / V,  V_i = ∫ f_i²       share of i and j together = (V(i, j) - V_i - V_j) / V
 * </pre>
 *
 * <p>All integrals are exact for the forest, over the space from which trials were drawn: on a logarithmic scale where the
 * parameter has one. A share is the mean over the trees, with the deviation among them. What a forest of fully grown trees
 * makes of noise is interaction of many settings; so shares of small settings come out too small rather than too large.
 *
 * <p>Source: Hutter, Hoos, Leyton-Brown: An efficient approach for assessing hyperparameter importance, ICML 2014. The
 * forest has the settings of Optuna's {@code FanovaImportanceEvaluator} (64 trees of depth up to 64).
 */
public final class Importance {
    private static final int TREES = 64;

    private final Space space;
    private final List<Boxes> trees;
    private final double[] variances;

    private Importance(Space space, List<Boxes> trees) {
        this.space = space;
        this.trees = trees;
        this.variances = trees.stream().mapToDouble(Boxes::variance).toArray();
    }

    /**
     * The share of something in the variance.
     *
     * @param name of the parameter, or {@code "a × b"}
     * @param mean over the trees, of 1
     * @param deviation among them
     */
    public record Share(String name, double mean, double deviation) {}

    /**
     * Fits a forest to the trials that have a value, with seed 1.
     *
     * @param measure what is looked at; trials where it is not a finite number are left out
     * @throws IllegalArgumentException when fewer than two trials are left, or all have the same value
     */
    public static <R extends Record> Importance of(Space space, List<Result<R>> results, ToDoubleFunction<R> measure) {
        List<Configuration> settings = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (Result<R> result : results) {
            result.value().map(measure::applyAsDouble).filter(Double::isFinite).ifPresent(v -> {
                settings.add(result.settings());
                values.add(v);
            });
        }
        return of(space, settings, values.stream().mapToDouble(v -> v).toArray());
    }

    /** Fits a forest to the value of each of some settings, with seed 1. */
    public static Importance of(Space space, List<Configuration> settings, double[] values) {
        return of(space, settings, values, TREES, RandomStream.of(1));
    }

    /** As {@link #of(Space, List, double[])}, with so many trees. */
    public static Importance of(
            Space space, List<Configuration> settings, double[] values, int trees, RandomStream random) {
        if (settings.size() != values.length || values.length < 2 || trees < 1) {
            throw new IllegalArgumentException("importance: " + settings.size() + " settings, " + values.length
                    + " values, " + trees + " trees; two settings at least, as many values and one tree are needed");
        }
        if (Arrays.stream(values).anyMatch(v -> !Double.isFinite(v))) {
            throw new IllegalArgumentException("importance: " + Arrays.toString(values) + "; values must be finite");
        }
        if (Arrays.stream(values).distinct().count() < 2) {
            throw new IllegalArgumentException(
                    "importance: all " + values.length + " values are " + values[0] + "; there is nothing to explain");
        }
        double[][] x = settings.stream().map(c -> point(space, c)).toArray(double[][]::new);
        int[] counts = space.parameters().stream().mapToInt(Importance::values).toArray();
        List<Boxes> boxes = Forest.grow(x, values, counts, trees, random).stream()
                .map(tree -> Boxes.of(tree, counts.length))
                .filter(tree -> tree.variance() > 0)
                .toList();
        if (boxes.isEmpty()) {
            throw new IllegalArgumentException("importance: no tree found a difference between the settings");
        }
        return new Importance(space, boxes);
    }

    private static double[] point(Space space, Configuration settings) {
        double[] point = new double[space.parameters().size()];
        for (int k = 0; k < point.length; k++) {
            Parameter p = space.parameters().get(k);
            Object value = settings.values().get(p.name());
            if (value == null) {
                throw new IllegalArgumentException("importance: a trial without " + p.name() + ": " + settings);
            }
            point[k] = Math.max(0, Math.min(1, p.unit(value)));
        }
        return point;
    }

    /** How many values a parameter has, evenly spaced in [0, 1]; 0 for a continuum. */
    private static int values(Parameter p) {
        if (p instanceof Parameter.Choice c) {
            return c.values().size();
        }
        if (p instanceof Parameter.InTurn t) {
            return t.values().size();
        }
        return p instanceof Parameter.Whole w && (long) w.high() - w.low() < 1 << 20 ? w.high() - w.low() + 1 : 0;
    }

    /** The share of every parameter by itself, in the order of the space. */
    public List<Share> shares() {
        List<Share> all = new ArrayList<>();
        for (int k = 0; k < space.parameters().size(); k++) {
            int i = k;
            all.add(share(space.parameters().get(k).name(), tree -> tree.variance(i)));
        }
        return all;
    }

    /** The share of one parameter by itself. */
    public Share share(String name) {
        int i = index(name);
        return share(name, tree -> tree.variance(i));
    }

    /** The share of every two parameters together, without those of each by itself. */
    public List<Share> pairs() {
        List<Share> all = new ArrayList<>();
        List<String> names = space.names();
        for (int i = 0; i < names.size(); i++) {
            for (int j = i + 1; j < names.size(); j++) {
                all.add(pair(i, j));
            }
        }
        return all;
    }

    /** The share of two parameters together, without those of each by itself. */
    public Share pair(String first, String second) {
        if (first.equals(second)) {
            throw new IllegalArgumentException("pair: " + first + " twice; two parameters are needed");
        }
        return pair(index(first), index(second));
    }

    private Share pair(int i, int j) {
        return share(
                space.names().get(i) + " × " + space.names().get(j),
                tree -> tree.variance(i, j) - tree.variance(i) - tree.variance(j));
    }

    private Share share(String name, ToDoubleFunction<Boxes> variance) {
        double[] all = new double[trees.size()];
        double sum = 0;
        for (int t = 0; t < all.length; t++) {
            all[t] = variance.applyAsDouble(trees.get(t)) / variances[t];
            sum += all[t];
        }
        double mean = sum / all.length;
        double squares = 0;
        for (double share : all) {
            squares += (share - mean) * (share - mean);
        }
        return new Share(name, mean, StrictMath.sqrt(squares / all.length));
    }

    /**
     * What the forest expects at a value of one parameter, the others averaged over the space.
     *
     * @param u where the value lies between the ends, on the scale of the parameter
     * @param value of the parameter there
     * @param mean over the trees
     * @param deviation among them
     */
    public record Expected(double u, Object value, double mean, double deviation) {}

    /**
     * The marginal of a parameter.
     *
     * @param points at so many places, in the middles of equal parts of its scale; for a choice one for each value is right
     */
    public List<Expected> marginal(String name, int points) {
        if (points < 1) {
            throw new IllegalArgumentException("marginal: " + points + " points; 1 or more are needed");
        }
        int k = index(name);
        Parameter p = space.parameters().get(k);
        List<double[]> all = trees.stream().map(tree -> tree.marginal(k)).toList();
        List<Expected> expected = new ArrayList<>();
        for (int n = 0; n < points; n++) {
            double u = (n + 0.5) / points;
            double sum = 0;
            double squares = 0;
            for (int t = 0; t < all.size(); t++) {
                double v = trees.get(t).mean() + all.get(t)[trees.get(t).cell(k, u)];
                sum += v;
                squares += v * v;
            }
            double mean = sum / all.size();
            double variance = Math.max(0, squares / all.size() - mean * mean);
            Object value = p instanceof Parameter.InTurn turn
                    ? turn.values().get((int) (u * turn.values().size()))
                    : p.at(0, u);
            expected.add(new Expected(u, value, mean, StrictMath.sqrt(variance)));
        }
        return expected;
    }

    /**
     * What the forest expects at values of two parameters, the others averaged over the space.
     *
     * @param points at so many places along each, in the middles of equal parts
     * @return [first×second]
     */
    public double[][] marginal(String first, String second, int points) {
        int i = index(first);
        int j = index(second);
        double[][] mean = new double[points][points];
        for (Boxes tree : trees) {
            double[][] a = tree.marginal(i, j);
            for (int m = 0; m < points; m++) {
                for (int n = 0; n < points; n++) {
                    mean[m][n] += (tree.mean() + a[tree.cell(i, (m + 0.5) / points)][tree.cell(j, (n + 0.5) / points)])
                            / trees.size();
                }
            }
        }
        return mean;
    }

    private int index(String name) {
        return space.parameters().indexOf(space.parameter(name));
    }
}
