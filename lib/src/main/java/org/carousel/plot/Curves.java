package org.carousel.plot;

import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Predicate;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;

/** XChart's chart of curves and points, with axes of our own. */
final class Curves extends XYChart implements Axes.Painted {
    final Overlay over = new Overlay();

    /** Whether x are days since 1970. */
    boolean dates;

    /** Whether a unit is as long on both axes. */
    boolean square;

    /** The axes as they were painted last. */
    private Ticks[] painted = {};

    Curves(XYChartBuilder builder) {
        super(builder);
    }

    /** Makes the picture so large, before it is painted. */
    void size(int width, int height) {
        setWidth(width);
        setHeight(height);
    }

    @Override
    public void plain(Graphics2D g, int width, int height) {
        super.paint(g, width, height);
    }

    @Override
    public Rectangle2D area() {
        return plot.getBounds();
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        int ownWidth = getWidth();
        int ownHeight = getHeight();
        XYStyler style = getStyler();
        Range x = new Range(style.isXAxisLogarithmic());
        Range y = new Range(style.isYAxisLogarithmic());
        boolean points = true;
        for (XYSeries s : getSeriesCollection()) {
            if (s.isEnabled()) {
                x.add(s.getXData());
                y.add(s.getYData());
                double[] errors = s.getExtraValues();
                for (int i = 0; errors != null && i < errors.length; i++) {
                    y.add(s.getYData()[i] - errors[i], s.getYData()[i] + errors[i]);
                }
                points &= Thinning.points(s);
            }
        }
        for (Overlay.Reference r : over.references) {
            (r.upright() ? x : y).add(r.at());
        }
        for (Overlay.Segment s : over.segments) {
            x.add(s.fromX(), s.toX());
            y.add(s.fromY(), s.toY());
        }
        for (Overlay.Label l : over.labels) {
            x.add(l.x());
            y.add(l.y());
        }
        if (x.empty() || y.empty()) {
            super.paint(g, width, height);
            return;
        }
        FontMetrics font = g.getFontMetrics(style.getAxisTickLabelsFont());
        int wide = width - 110 - (style.isLegendVisible() && !square ? 100 : 0);
        int high = height - 100;
        Predicate<Ticks> apart = Axes.apart(font, wide);
        Ticks across = dates && style.getXAxisMin() == null && style.getXAxisMax() == null
                ? Ticks.dates(x.least(), x.largest(), Axes.most(wide, 90), apart)
                : x.ticks(Axes.most(wide, 60), points, style.getXAxisMin(), style.getXAxisMax(), apart);
        Ticks up = y.ticks(Axes.most(high, 40), true, style.getYAxisMin(), style.getYAxisMax(), t -> true);
        Thinning thinning = new Thinning(this, width, height, across, up);
        try {
            thinned(g, width, height, across, up, apart);
        } finally {
            thinning.undo();
        }
        size(ownWidth, ownHeight);
    }

    /** Paints what {@link Thinning} has left in the series. */
    private void thinned(Graphics2D g, int width, int height, Ticks x, Ticks y, Predicate<Ticks> apart) {
        Ticks across = x;
        Ticks up = y;
        over.points.clear();
        for (XYSeries s : getSeriesCollection()) {
            for (int i = 0; s.isEnabled() && Thinning.points(s) && i < s.getXData().length; i++) {
                over.points.add(new double[] {s.getXData()[i], s.getYData()[i]});
            }
        }
        if (square && !across.logarithmic() && !up.logarithmic()) {
            Graphics2D nowhere = (Graphics2D) g.create(0, 0, 0, 0);
            Axes.paint(this, this, nowhere, width, height, across, up, over); // to see how large the plot becomes
            nowhere.dispose();
            int wide = (int) plot.getBounds().getWidth();
            int high = (int) plot.getBounds().getHeight();
            double unit = Math.max((across.max() - across.min()) / wide, (up.max() - up.min()) / high);
            across = widened(across, unit * wide, Axes.most(wide, 60), apart);
            up = widened(up, unit * high, Axes.most(high, 40), t -> true);
        }
        painted = new Ticks[] {across, up};
        Axes.paint(this, this, g, width, height, across, up, over);
    }

    /** The two axes as they were painted last, x and y. */
    Ticks[] painted() {
        return painted.clone();
    }

    /** The axis with as much more on both sides as it needs to be so long. */
    private static Ticks widened(Ticks t, double length, int most, Predicate<Ticks> fits) {
        double more = (length - (t.max() - t.min())) / 2;
        return more <= 0 ? t : Ticks.between(t.min() - more, t.max() + more, most, fits);
    }
}
