package org.carousel.plot;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.style.CategoryStyler;

/** XChart's chart of bars, with axes of our own: every bar or dot stands above its name. */
final class Categories extends CategoryChart implements Axes.Painted {
    final Overlay over = new Overlay();

    Categories(CategoryChartBuilder builder) {
        super(builder);
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
        CategoryStyler style = getStyler();
        if (style.isStacked() || getSeriesCollection().isEmpty()) {
            super.paint(g, width, height);
            return;
        }
        Range y = new Range(style.isYAxisLogarithmic());
        boolean bars = style.getDefaultSeriesRenderStyle() == CategorySeries.CategorySeriesRenderStyle.Bar;
        if (bars) {
            y.add(0);
        }
        for (CategorySeries s : getSeriesCollection()) {
            if (s.isEnabled()) {
                y.add(s.getYData());
            }
        }
        over.dots.forEach(y::add);
        over.references.forEach(r -> y.add(r.at()));
        if (y.empty()) {
            super.paint(g, width, height);
            return;
        }
        int most = Axes.most(height - 100, 40);
        Ticks up = y.ticks(most, true, style.getYAxisMin(), style.getYAxisMax(), t -> true);
        if (bars && up.min() < 0 && y.least() == 0) { // bars stand on the axis
            up = Ticks.between(0, up.max(), most, t -> true);
        }
        List<String> names = getSeriesCollection().iterator().next().getXData().stream()
                .map(String::valueOf)
                .toList();
        int count = style.getXAxisMaxLabelCount();
        style.setXAxisMaxLabelCount(0); // or XChart moves the bars away from their names
        int ownWidth = getWidth();
        int ownHeight = getHeight();
        try {
            Axes.paint(this, this, g, width, height, Ticks.names(names), up, over);
        } finally {
            style.setXAxisMaxLabelCount(count);
            setWidth(ownWidth);
            setHeight(ownHeight);
        }
    }
}
