package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/** XChart's heat map, as large as it must be for its values to be squares, whatever stands around them. */
final class Squares extends HeatMapChart {
    private static final int HEAD = 30;
    private int innerWidth = 400;
    private int innerHeight = 300;

    /** Whether a thin line is drawn around the plot. */
    boolean bordered;

    /** What is told of the whole matrix when the squares are means of its blocks; empty when they are its values. */
    String told = "";

    Squares(HeatMapChartBuilder builder) {
        super(builder);
        getStyler().setChartTitleVisible(false); // it may be wider than the squares
    }

    /** Makes the plot so large. */
    void fit(int width, int height) {
        Graphics2D nowhere = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        innerWidth = width + 200;
        innerHeight = height + 150;
        for (int k = 0; k < 2; k++) { // the second time with the labels that there is room for
            super.paint(nowhere, innerWidth, innerHeight);
            Rectangle2D area = plot.getBounds();
            innerWidth += width - (int) Math.round(area.getWidth());
            innerHeight += height - (int) Math.round(area.getHeight());
        }
        FontMetrics font = nowhere.getFontMetrics(getStyler().getChartTitleFont());
        setWidth(Math.max(innerWidth, font.stringWidth(getTitle()) + 20));
        setHeight(innerHeight + HEAD);
    }

    @Override
    public void paint(Graphics2D g, int width, int height) {
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setFont(getStyler().getChartTitleFont());
        g.setColor(Theme.TEXT);
        g.drawString(getTitle(), (width - g.getFontMetrics().stringWidth(getTitle())) / 2, 20);
        int left = (width - innerWidth) / 2;
        Graphics2D inner = (Graphics2D) g.create();
        inner.translate(left, HEAD);
        getStyler().setChartBackgroundColor(Axes.NOTHING); // the colour bar of a flat one reaches into the title's line
        super.paint(inner, innerWidth, innerHeight);
        if (bordered) {
            inner.setColor(Theme.AXIS);
            inner.setStroke(new BasicStroke(1));
            inner.draw(plot.getBounds());
        }
        inner.dispose();
        setWidth(width);
        setHeight(height);
    }

    /** Where the squares lay when they were painted. */
    Rectangle2D plotArea() {
        return plot.getBounds();
    }
}
