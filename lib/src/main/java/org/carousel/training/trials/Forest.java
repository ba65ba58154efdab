package org.carousel.training.trials;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;

/**
 * A random forest of regression trees on the cube [0, 1]^d. Every tree sees a sample of the points, drawn with repetition,
 * and is grown until the values of a leaf are equal.
 *
 * <pre>
 * split of a node: the coordinate k and threshold t that make  (Σ_left y)² / n_left + (Σ_right y)² / n_right  largest
 * </pre>
 *
 * <p>Thresholds lie midway between neighbouring points; for a parameter of few values, where one value ends and the next
 * begins. All sums run in one order, so that the same seed gives the same bits everywhere.
 *
 * <p>Source: Breiman: Random forests, Machine Learning 45, 2001, doi:10.1023/A:1010933404324; all coordinates are tried at
 * every node, as scikit-learn does for regression.
 */
final class Forest {
    private static final int DEEPEST = 64;

    /** A node: below its threshold on the left; a leaf has no children and a value. */
    record Node(int coordinate, double threshold, int left, int right, double value) {
        boolean leaf() {
            return left < 0;
        }
    }

    /** A tree, its root first. */
    record Tree(List<Node> nodes) {}

    private Forest() {}

    /**
     * Grows trees.
     *
     * @param x points [n×d]
     * @param y values [n]
     * @param values how many values each coordinate can take, evenly spaced; 0 for a continuum
     */
    static List<Tree> grow(double[][] x, double[] y, int[] values, int trees, RandomStream random) {
        int d = x[0].length;
        int[][] sorted = new int[d][];
        for (int k = 0; k < d; k++) {
            int coordinate = k;
            sorted[k] = IntStream.range(0, y.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> x[i][coordinate]))
                    .mapToInt(i -> i)
                    .toArray();
        }
        List<Tree> all = new ArrayList<>();
        for (int t = 0; t < trees; t++) {
            RandomStream own = random.split(t);
            int[] times = new int[y.length];
            for (int i = 0; i < y.length; i++) {
                times[own.nextInt(y.length)]++;
            }
            all.add(new Grower(x, y, values, sorted, times).grow());
        }
        return all;
    }

    private static final class Grower {
        private final double[][] x;
        private final double[] y;
        private final int[] values;
        private final int[] times;
        private final int[][] order; // of each coordinate: the points of a node stand together, sorted
        private final int count;
        private final int[] spare;
        private final boolean[] goesLeft;
        private final List<Node> nodes = new ArrayList<>();

        Grower(double[][] x, double[] y, int[] values, int[][] sorted, int[] times) {
            this.x = x;
            this.y = y;
            this.values = values;
            this.times = times;
            this.order = new int[sorted.length][];
            for (int k = 0; k < order.length; k++) {
                order[k] = Arrays.stream(sorted[k]).filter(i -> times[i] > 0).toArray();
            }
            this.count = order[0].length;
            this.spare = new int[count];
            this.goesLeft = new boolean[y.length];
        }

        Tree grow() {
            grow(0, count, 0);
            return new Tree(List.copyOf(nodes));
        }

        private int grow(int from, int to, int depth) {
            int place = nodes.size();
            double sum = 0;
            double weight = 0;
            boolean equal = true;
            for (int n = from; n < to; n++) {
                int i = order[0][n];
                sum += times[i] * y[i];
                weight += times[i];
                equal &= y[i] == y[order[0][from]];
            }
            double value = equal ? y[order[0][from]] : sum / weight;
            nodes.add(new Node(-1, 0, -1, -1, value));
            if (equal || depth == DEEPEST) {
                return place;
            }
            int best = -1;
            int at = -1;
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < order.length; k++) {
                int[] line = order[k];
                double leftSum = 0;
                double leftWeight = 0;
                double here = x[line[from]][k];
                for (int n = from; n < to - 1; n++) {
                    int i = line[n];
                    leftSum += times[i] * (y[i] - value); // from the mean, so that large values do not hide differences
                    leftWeight += times[i];
                    double next = x[line[n + 1]][k];
                    if (next > here) {
                        double score = leftSum * leftSum * (1 / leftWeight + 1 / (weight - leftWeight));
                        if (score > most) {
                            most = score;
                            best = k;
                            at = n;
                        }
                        here = next;
                    }
                }
            }
            if (best < 0) { // equal points with different values
                return place;
            }
            double threshold = threshold(best, x[order[best][at]][best], x[order[best][at + 1]][best]);
            partition(from, to, best, at);
            int middle = at + 1;
            int left = grow(from, middle, depth + 1);
            int right = grow(middle, to, depth + 1);
            nodes.set(place, new Node(best, threshold, left, right, value));
            return place;
        }

        private double threshold(int k, double below, double above) {
            double middle = below + (above - below) / 2;
            return values[k] == 0 ? middle : Math.rint(middle * values[k]) / values[k];
        }

        private void partition(int from, int to, int k, int at) {
            for (int n = from; n < to; n++) {
                goesLeft[order[k][n]] = n <= at;
            }
            for (int c = 0; c < order.length; c++) {
                if (c == k) {
                    continue;
                }
                int[] line = order[c];
                int l = from;
                int r = 0;
                for (int n = from; n < to; n++) {
                    int i = line[n];
                    if (goesLeft[i]) {
                        line[l++] = i;
                    } else {
                        spare[r++] = i;
                    }
                }
                System.arraycopy(spare, 0, line, l, r);
            }
        }
    }
}
