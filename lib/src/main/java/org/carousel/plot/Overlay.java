package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/** What is drawn over the curves, points or bars of a chart: lines of comparison, arrows, labels and single dots. */
final class Overlay {
    private static final float[][] DASHES = {{6, 5}, {2, 3}, {12, 4}, {9, 3, 2, 3}};
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final double DOT = 8;
    private static final int MANY = 1000; // dots above one name

    /** A line across the chart with its name: level, or upright at an x. */
    record Reference(String name, double at, boolean upright) {}

    /** A line between two points, with a head at its end when it is an arrow. */
    record Segment(double fromX, double fromY, double toX, double toY, boolean arrow, Color color) {}

    /** A text beside a point. */
    record Label(String text, double x, double y) {}

    final List<Reference> references = new ArrayList<>();
    final List<Segment> segments = new ArrayList<>();
    final List<Label> labels = new ArrayList<>();

    /** Values above each name, for dots that must not hide each other. */
    final List<double[]> dots = new ArrayList<>();

    /** The points (x, y) that the chart itself draws, which names of lines keep clear of. */
    final List<double[]> points = new ArrayList<>();

    /** Draws all of it into the area of the plot. */
    void paint(Graphics2D graphics, Rectangle2D area, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        Graphics2D g = (Graphics2D) graphics.create();
        g.setFont(FONT);
        Shape clip = g.getClip();
        g.clip(area);
        for (Segment s : segments) {
            segment(g, s, x, y);
        }
        List<Rectangle2D> marks = new ArrayList<>();
        for (int i = 0; i < dots.size(); i++) {
            double middle = area.getX() + area.getWidth() * (i + 0.5) / dots.size();
            dots(g, dots.get(i), middle, area.getWidth() / dots.size(), y).forEach(d -> marks.add(mark(d[0], d[1])));
        }
        points.forEach(p -> marks.add(mark(x.applyAsDouble(p[0]), y.applyAsDouble(p[1]))));
        g.setClip(clip);
        List<Rectangle2D> names = new ArrayList<>();
        for (int i = 0; i < references.size(); i++) {
            List<Rectangle2D> taken = new ArrayList<>(marks);
            taken.addAll(names);
            names.add(reference(g, i, area, x, y, taken));
        }
        labels(g, area, x, y, names);
        g.dispose();
    }

    /** What a dot takes up. */
    private static Rectangle2D mark(double x, double y) {
        return new Rectangle2D.Double(x - DOT / 2, y - DOT / 2, DOT, DOT);
    }

    private static void segment(Graphics2D g, Segment s, DoubleUnaryOperator x, DoubleUnaryOperator y) {
        double x1 = x.applyAsDouble(s.fromX);
        double y1 = y.applyAsDouble(s.fromY);
        double x2 = x.applyAsDouble(s.toX);
        double y2 = y.applyAsDouble(s.toY);
        g.setColor(s.color);
        g.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        double length = Math.hypot(x2 - x1, y2 - y1);
        if (!s.arrow || length < 1) {
            g.draw(new Line2D.Double(x1, y1, x2, y2));
            return;
        }
        double head = Math.min(10, length);
        double ux = (x2 - x1) / length;
        double uy = (y2 - y1) / length;
        g.draw(new Line2D.Double(x1, y1, x2 - 0.8 * head * ux, y2 - 0.8 * head * uy));
        Path2D tip = new Path2D.Double();
        tip.moveTo(x2, y2);
        tip.lineTo(x2 - head * ux - 0.4 * head * uy, y2 - head * uy + 0.4 * head * ux);
        tip.lineTo(x2 - head * ux + 0.4 * head * uy, y2 - head * uy - 0.4 * head * ux);
        tip.closePath();
        g.fill(tip);
    }

    /**
     * Dots at their heights, side by side where they would hide each other; where they stand. Those that have no room
     * stand on the outermost ones; when there are many, only where they can be told from them.
     */
    private static List<double[]> dots(
            Graphics2D g, double[] values, double middle, double width, DoubleUnaryOperator y) {
        List<double[]> placed = new ArrayList<>();
        List<NavigableSet<Double>> heights = new ArrayList<>(); // of the dots at each distance from the middle
        Set<Long> full = new HashSet<>(); // heights, in pixels, at which another dot would change nothing
        for (double value : values) {
            if (!Double.isFinite(value)) {
                continue;
            }
            double at = y.applyAsDouble(value);
            boolean many = placed.size() >= MANY;
            if (many && full.contains(Math.round(at))) {
                continue;
            }
            double shift = 0;
            int k = 0;
            while (hides(heights, k, at) && Math.abs(shift) < width / 2 - DOT) {
                k++;
                shift = (k % 2 == 1 ? 1 : -1) * ((k + 1) / 2) * (DOT + 1);
            }
            if (many && hides(heights, k, at)) {
                full.add(Math.round(at));
            }
            if (k == heights.size()) {
                heights.add(new TreeSet<>());
            }
            heights.get(k).add(at);
            placed.add(new double[] {middle + shift, at});
            g.setColor(Theme.COLORS[0]);
            Shape dot = new Ellipse2D.Double(middle + shift - DOT / 2, at - DOT / 2, DOT, DOT);
            g.fill(dot);
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(0.8f));
            g.draw(dot);
        }
        return placed;
    }

    /** Whether a dot at the k-th distance from the middle would hide another; those at others are too far away. */
    private static boolean hides(List<NavigableSet<Double>> heights, int k, double y) {
        return k < heights.size()
                && !heights.get(k).subSet(y - DOT, false, y + DOT, false).isEmpty();
    }

    /** Draws a line and its name; what the name covers. */
    private Rectangle2D reference(
            Graphics2D g,
            int number,
            Rectangle2D area,
            DoubleUnaryOperator x,
            DoubleUnaryOperator y,
            List<Rectangle2D> taken) {
        Reference r = references.get(number);
        float[] dashes = DASHES[number % DASHES.length];
        g.setColor(Theme.REFERENCE);
        g.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, dashes, 0));
        double at = r.upright ? x.applyAsDouble(r.at) : y.applyAsDouble(r.at);
        FontMetrics font = g.getFontMetrics();
        double w = font.stringWidth(r.name);
        double h = font.getAscent();
        List<double[]> places = new ArrayList<>();
        if (r.upright) {
            g.draw(new Line2D.Double(at, area.getMinY(), at, area.getMaxY()));
            for (double down = 2; down < area.getHeight() - h; down += h + 2) {
                places.add(new double[] {at + 4, area.getMinY() + down});
                places.add(new double[] {at - 4 - w, area.getMinY() + down});
            }
        } else {
            g.draw(new Line2D.Double(area.getMinX(), at, area.getMaxX(), at));
            for (double left = 4; left < area.getWidth() - w; left += w / 2 + 4) {
                places.add(new double[] {area.getMaxX() - w - left, at - h - 3});
                places.add(new double[] {area.getMaxX() - w - left, at + 3});
            }
        }
        return write(g, r.name, place(places, w, h, area, taken), w, h);
    }

    /** Labels beside their points, where they cover neither each other nor another labelled point. */
    private void labels(
            Graphics2D g, Rectangle2D area, DoubleUnaryOperator x, DoubleUnaryOperator y, List<Rectangle2D> taken) {
        FontMetrics font = g.getFontMetrics();
        for (Label label : labels) {
            double px = x.applyAsDouble(label.x);
            double py = y.applyAsDouble(label.y);
            taken.add(new Rectangle2D.Double(px - 4, py - 4, 8, 8));
        }
        for (Label label : labels) {
            double px = x.applyAsDouble(label.x);
            double py = y.applyAsDouble(label.y);
            double w = font.stringWidth(label.text);
            double h = font.getAscent();
            List<double[]> places = new ArrayList<>();
            for (double d = 6; d <= 42; d += 6) {
                places.add(new double[] {px + d, py - h / 2});
                places.add(new double[] {px - d - w, py - h / 2});
                places.add(new double[] {px - w / 2, py - d - h});
                places.add(new double[] {px - w / 2, py + d});
                places.add(new double[] {px + d, py - d - h / 2});
                places.add(new double[] {px + d, py + d - h / 2});
                places.add(new double[] {px - d - w, py - d - h / 2});
                places.add(new double[] {px - d - w, py + d - h / 2});
            }
            double[] place = place(places, w, h, area, taken);
            Rectangle2D box = new Rectangle2D.Double(place[0], place[1], w, h);
            double nearX = Math.max(box.getMinX(), Math.min(px, box.getMaxX()));
            double nearY = Math.max(box.getMinY(), Math.min(py, box.getMaxY()));
            if (Math.hypot(nearX - px, nearY - py) > 10) { // too far to be read as belonging together
                g.setColor(Theme.REFERENCE);
                g.setStroke(new BasicStroke(0.8f));
                g.draw(new Line2D.Double(px, py, nearX, nearY));
            }
            taken.add(write(g, label.text, place, w, h));
        }
    }

    /** The first place inside the area that covers nothing, or the one that covers least. */
    private static double[] place(
            List<double[]> places, double w, double h, Rectangle2D area, List<Rectangle2D> taken) {
        double[] best = {area.getMaxX() - w, area.getMinY()};
        double least = Double.POSITIVE_INFINITY;
        for (double[] place : places) {
            Rectangle2D box = new Rectangle2D.Double(place[0], place[1], w, h);
            double covered = area.contains(box) ? 0 : 1e4;
            for (Rectangle2D other : taken) {
                Rectangle2D common = box.createIntersection(other);
                if (common.getWidth() > 0 && common.getHeight() > 0) {
                    covered += common.getWidth() * common.getHeight();
                }
            }
            if (covered == 0) {
                return place;
            }
            if (covered < least) {
                least = covered;
                best = place;
            }
        }
        return best;
    }

    private static Rectangle2D write(Graphics2D g, String text, double[] place, double w, double h) {
        float baseline = (float) (place[1] + h - 1);
        g.setColor(new Color(255, 255, 255, 200));
        g.fill(new Rectangle2D.Double(place[0] - 1, place[1], w + 2, h + 2));
        g.setColor(Theme.TEXT);
        g.drawString(text, (float) place[0], baseline);
        return new Rectangle2D.Double(place[0], place[1], w, h);
    }
}
