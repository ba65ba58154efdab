package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The look that all charts share. */
final class Theme {
    static final int WIDTH = 720;
    static final int HEIGHT = 360;
    static final int SQUARE = 520;

    /** Curves with fewer values than this show each of them. */
    private static final int FEW = 13;

    private static final int MANY = 60; // more markers than this run together

    private static final float[][] DASHES = {{}, {8, 4}, {2, 4}, {10, 3, 2, 3}};
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE,
        SeriesMarkers.SQUARE,
        SeriesMarkers.TRIANGLE_UP,
        SeriesMarkers.DIAMOND,
        SeriesMarkers.CROSS,
        SeriesMarkers.PLUS
    };

    /** Okabe and Ito's palette: distinguishable with every common kind of colour blindness. */
    static final Color[] COLORS = {
        new Color(0, 114, 178),
        new Color(213, 94, 0),
        new Color(0, 158, 115),
        new Color(204, 121, 167),
        new Color(230, 159, 0),
        new Color(86, 180, 233),
        new Color(90, 90, 90)
    };

    static final Color REFERENCE = new Color(90, 90, 90);

    /** From negative to positive, white in the middle. */
    static final Color[] DIVERGING = {
        new Color(5, 48, 97), new Color(67, 147, 195), Color.WHITE, new Color(230, 140, 60), new Color(140, 60, 0)
    };

    /** From nothing to much. */
    static final Color[] SEQUENTIAL = {Color.WHITE, new Color(158, 202, 225), new Color(8, 48, 107)};

    static final Color GRID = new Color(225, 225, 225);
    static final Color AXIS = new Color(150, 150, 150);
    static final Color TEXT = new Color(40, 40, 40);

    private Theme() {}

    static void apply(AxesChartStyler style) {
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(GRID);
        style.setPlotGridLinesStroke(new BasicStroke(1f));
        style.setPlotGridVerticalLinesVisible(false);
        style.setChartFontColor(TEXT);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
        style.setChartTitleBoxVisible(false);
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        style.setLegendBorderColor(Color.WHITE);
        style.setLegendBackgroundColor(Color.WHITE);
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setSeriesColors(COLORS);
        style.setDecimalPattern("#,##0.###");
    }

    /** The form of the n-th series' points: another one whenever the colours begin anew. */
    static Marker marker(int n) {
        return MARKERS[(n / COLORS.length) % MARKERS.length];
    }

    /** Gives the n-th curve dashes and markers when the colours have begun anew, and markers when it has few values. */
    static void distinguish(XYSeries series, int n) {
        int round = n / COLORS.length;
        int values = series.getXData().length;
        if (values < FEW || (round > 0 && values <= MANY)) {
            series.setMarker(marker(n));
        }
        if (round > 0) {
            BasicStroke plain = series.getLineStyle();
            series.setLineStyle(new BasicStroke(
                    plain.getLineWidth(), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 0, DASHES[round % 4], 0));
        }
        series.setLineColor(COLORS[n % COLORS.length]);
        series.setMarkerColor(COLORS[n % COLORS.length]);
    }

    /** The colour mixed with white. */
    static Color pale(Color c) {
        return new Color((c.getRed() + 2 * 255) / 3, (c.getGreen() + 2 * 255) / 3, (c.getBlue() + 2 * 255) / 3);
    }
}
