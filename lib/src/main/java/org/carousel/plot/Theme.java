package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** The look that all charts share. */
final class Theme {
    static final int WIDTH = 720;
    static final int HEIGHT = 360;

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

    static final Color REFERENCE = new Color(120, 120, 120);

    /** From negative to positive, white in the middle. */
    static final Color[] DIVERGING = {
        new Color(5, 48, 97), new Color(67, 147, 195), Color.WHITE, new Color(230, 140, 60), new Color(140, 60, 0)
    };

    /** From nothing to much. */
    static final Color[] SEQUENTIAL = {Color.WHITE, new Color(158, 202, 225), new Color(8, 48, 107)};

    private static final Color GRID = new Color(225, 225, 225);
    private static final Color TEXT = new Color(40, 40, 40);

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
}
