package org.carousel.training.trials;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * A tree as a function that is constant on boxes, whose integrals are sums:
 *
 * <pre>
 * f(x) = Σ_b v_b [x in box b]            f_∅ = Σ_b v_b |b|
 * a_U(x_U) = ∫ f dx_rest - f_∅ = Σ_b (v_b - f_∅) (|b| / |b_U|) [x_U in b_U]              V(U) = ∫ a_U² dx_U
 * </pre>
 *
 * <p>Between neighbouring thresholds a_U is constant. Each box adds to a range of cells, which is done at its corners only; a
 * running sum over the cells then gives a_U.
 */
final class Boxes {
    private final double[][] edges; // of each coordinate: 0, the thresholds in order, 1
    private final List<int[]> lows = new ArrayList<>();
    private final List<int[]> highs = new ArrayList<>();
    private final double[] centred;
    private final double[] volumes;
    private final double mean;

    private Boxes(Forest.Tree tree, int dimensions) {
        edges = edges(tree, dimensions);
        List<Double> values = new ArrayList<>();
        int[] low = new int[dimensions];
        int[] high = new int[dimensions];
        Arrays.setAll(high, k -> edges[k].length - 1);
        collect(tree, 0, low, high, values);
        volumes = new double[values.size()];
        double sum = 0;
        for (int b = 0; b < volumes.length; b++) {
            double volume = 1;
            for (int k = 0; k < dimensions; k++) {
                volume *= width(b, k);
            }
            volumes[b] = volume;
            sum += volume * values.get(b);
        }
        mean = sum;
        centred = new double[volumes.length];
        Arrays.setAll(centred, b -> values.get(b) - mean);
    }

    static Boxes of(Forest.Tree tree, int dimensions) {
        return new Boxes(tree, dimensions);
    }

    private static double[][] edges(Forest.Tree tree, int dimensions) {
        List<TreeSet<Double>> all = new ArrayList<>();
        for (int k = 0; k < dimensions; k++) {
            all.add(new TreeSet<>(List.of(0.0, 1.0)));
        }
        for (Forest.Node node : tree.nodes()) {
            if (!node.leaf()) {
                all.get(node.coordinate()).add(node.threshold());
            }
        }
        return all.stream().map(e -> e.stream().mapToDouble(v -> v).toArray()).toArray(double[][]::new);
    }

    private void collect(Forest.Tree tree, int at, int[] low, int[] high, List<Double> values) {
        Forest.Node node = tree.nodes().get(at);
        if (node.leaf()) {
            lows.add(low);
            highs.add(high);
            values.add(node.value());
            return;
        }
        int k = node.coordinate();
        int edge = Arrays.binarySearch(edges[k], node.threshold());
        int[] below = high.clone();
        below[k] = edge;
        collect(tree, node.left(), low, below, values);
        int[] above = low.clone();
        above[k] = edge;
        collect(tree, node.right(), above, high, values);
    }

    private double width(int b, int k) {
        return edges[k][highs.get(b)[k]] - edges[k][lows.get(b)[k]];
    }

    /** f_∅. */
    double mean() {
        return mean;
    }

    /** The variance of f: ∫ (f - f_∅)² dx. */
    double variance() {
        double sum = 0;
        for (int b = 0; b < volumes.length; b++) {
            sum += volumes[b] * centred[b] * centred[b];
        }
        return sum;
    }

    /** a_{i} of each cell between the edges of coordinate i. */
    double[] marginal(int i) {
        double[] a = new double[edges[i].length];
        for (int b = 0; b < volumes.length; b++) {
            double share = width(b, i) > 0 ? centred[b] * volumes[b] / width(b, i) : 0;
            a[lows.get(b)[i]] += share;
            a[highs.get(b)[i]] -= share;
        }
        for (int n = 1; n < a.length; n++) {
            a[n] += a[n - 1];
        }
        return a;
    }

    /** V({i}). */
    double variance(int i) {
        double[] a = marginal(i);
        double sum = 0;
        for (int n = 0; n + 1 < a.length; n++) {
            sum += (edges[i][n + 1] - edges[i][n]) * a[n] * a[n];
        }
        return sum;
    }

    /** a_{i,j} of each cell between the edges of coordinates i and j. */
    double[][] marginal(int i, int j) {
        double[][] a = new double[edges[i].length][edges[j].length];
        for (int b = 0; b < volumes.length; b++) {
            double area = width(b, i) * width(b, j);
            double share = area > 0 ? centred[b] * volumes[b] / area : 0;
            int[] low = lows.get(b);
            int[] high = highs.get(b);
            a[low[i]][low[j]] += share;
            a[low[i]][high[j]] -= share;
            a[high[i]][low[j]] -= share;
            a[high[i]][high[j]] += share;
        }
        for (int m = 0; m < a.length; m++) {
            for (int n = 1; n < a[m].length; n++) {
                a[m][n] += a[m][n - 1];
            }
            for (int n = 0; m > 0 && n < a[m].length; n++) {
                a[m][n] += a[m - 1][n];
            }
        }
        return a;
    }

    /** V({i, j}), the parts of i and of j alone among it. */
    double variance(int i, int j) {
        double[][] a = marginal(i, j);
        double sum = 0;
        for (int m = 0; m + 1 < edges[i].length; m++) {
            double row = 0;
            for (int n = 0; n + 1 < edges[j].length; n++) {
                row += (edges[j][n + 1] - edges[j][n]) * a[m][n] * a[m][n];
            }
            sum += (edges[i][m + 1] - edges[i][m]) * row;
        }
        return sum;
    }

    /** The cell of coordinate k that u in [0, 1] lies in; one on an edge belongs to the right. */
    int cell(int k, double u) {
        int found = Arrays.binarySearch(edges[k], u);
        return Math.min(edges[k].length - 2, found >= 0 ? found : -found - 2);
    }
}
