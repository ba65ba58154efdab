package org.carousel.data.signal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a pen wrote: strokes, each a line of points, with the pen lifted between them.
 *
 * @param strokes one or more, each with at least one point {x, y}
 */
public record Ink(List<double[][]> strokes) {
    /** Checks that there are points, and that they are finite. */
    public Ink {
        if (strokes.isEmpty() || strokes.stream().anyMatch(s -> s.length == 0)) {
            throw new IllegalArgumentException(
                    "ink: " + strokes.size() + " strokes; at least one is needed, and each needs at least one point");
        }
        for (double[][] stroke : strokes) {
            for (double[] point : stroke) {
                if (point.length != 2 || !Double.isFinite(point[0]) || !Double.isFinite(point[1])) {
                    throw new IllegalArgumentException(
                            "ink: a point " + Arrays.toString(point) + "; x and y are needed, both finite");
                }
            }
        }
        strokes = List.copyOf(strokes);
    }

    /** How many points there are. */
    public int points() {
        return strokes.stream().mapToInt(s -> s.length).sum();
    }

    private double least(int axis) {
        return strokes.stream()
                .flatMap(Arrays::stream)
                .mapToDouble(p -> p[axis])
                .min()
                .orElseThrow();
    }

    private double most(int axis) {
        return strokes.stream()
                .flatMap(Arrays::stream)
                .mapToDouble(p -> p[axis])
                .max()
                .orElseThrow();
    }

    /** How far it reaches from left to right. */
    public double width() {
        return most(0) - least(0);
    }

    /** Moved and scaled alike in both directions, so that it begins at x 0, lies on y 0 and is 1 high; a flat line 1 wide. */
    public Ink upright() {
        double height = most(1) - least(1);
        double unit = height > 0 ? height : Math.max(width(), 1e-9);
        return moved(-least(0), -least(1)).scaled(1 / unit);
    }

    private Ink moved(double dx, double dy) {
        return map(p -> new double[] {p[0] + dx, p[1] + dy});
    }

    private Ink scaled(double factor) {
        return map(p -> new double[] {p[0] * factor, p[1] * factor});
    }

    private interface Move {
        double[] of(double[] point);
    }

    private Ink map(Move move) {
        List<double[][]> all = new ArrayList<>();
        for (double[][] stroke : strokes) {
            double[][] to = new double[stroke.length][];
            for (int n = 0; n < to.length; n++) {
                to[n] = move.of(stroke[n]);
            }
            all.add(to);
        }
        return new Ink(all);
    }

    /** This, and to the right of it, after a gap, the other. */
    public Ink then(Ink other, double gap) {
        List<double[][]> all = new ArrayList<>(strokes);
        all.addAll(other.moved(most(0) + gap - other.least(0), 0).strokes);
        return new Ink(all);
    }

    /**
     * Points at equal distances along every stroke, both ends among them: pens send points at equal times, and so more
     * of them where the hand was slow.
     *
     * @param distance between neighbours, above 0; stretched so that it divides the stroke
     */
    public Ink resampled(double distance) {
        if (!(distance > 0)) {
            throw new IllegalArgumentException("ink: distance " + distance + " must be above 0");
        }
        return new Ink(strokes.stream().map(s -> resampled(s, distance)).toList());
    }

    private static double[][] resampled(double[][] stroke, double distance) {
        double[] until = new double[stroke.length];
        for (int k = 1; k < stroke.length; k++) {
            double dx = stroke[k][0] - stroke[k - 1][0];
            double dy = stroke[k][1] - stroke[k - 1][1];
            until[k] = until[k - 1] + Math.sqrt(dx * dx + dy * dy);
        }
        double length = until[stroke.length - 1];
        int pieces = (int) Math.max(1, Math.rint(length / distance));
        if (length == 0) {
            return new double[][] {stroke[0].clone()};
        }
        double[][] points = new double[pieces + 1][];
        for (int i = 0, k = 1; i <= pieces; i++) {
            double d = length * i / pieces;
            while (k < stroke.length - 1 && until[k] < d) {
                k++;
            }
            double span = until[k] - until[k - 1];
            double part = span == 0 ? 0 : Math.min(1, (d - until[k - 1]) / span);
            points[i] = new double[] {
                stroke[k - 1][0] + part * (stroke[k][0] - stroke[k - 1][0]),
                stroke[k - 1][1] + part * (stroke[k][1] - stroke[k - 1][1])
            };
        }
        return points;
    }

    /**
     * A row {dx, dy, lift} for each point: how far the pen moved since the point before, and 1 where it was lifted on the
     * way there, else 0. The first row is {0, 0, 1}.
     */
    public float[][] features() {
        float[][] rows = new float[points()][];
        double[] before = strokes.get(0)[0];
        int t = 0;
        for (double[][] stroke : strokes) {
            for (int n = 0; n < stroke.length; n++) {
                rows[t++] = new float[] {
                    (float) (stroke[n][0] - before[0]), (float) (stroke[n][1] - before[1]), n == 0 ? 1 : 0
                };
                before = stroke[n];
            }
        }
        return rows;
    }
}
