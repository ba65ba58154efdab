package org.carousel.plot;

import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What of many values can be seen, so that a picture costs what its pixels need and not what its values would.
 *
 * <p>Of a curve these are, for every column of pixels, the first, the least, the largest and the last value, in their
 * order: M4 of Jugel, Jerzak, Hackenbroich and Markl, "M4: A Visualization-Oriented Time Series Data Aggregation",
 * PVLDB 7(10), 2014. Differs from the paper in that a column ends whenever the curve leaves it, so that x may go back
 * and forth; and in that columns are half a pixel wide, because lines are smooth and pictures twice as fine as a page.
 * Gaps stay gaps. Of points it is the first one in every square of a pixel.
 */
final class Thinning {
    /** A series with fewer values than so many times the pixels of the chart's width is drawn as it is. */
    static final int EACH = 16;

    private static final int COLUMNS = 2; // for each pixel

    private final Map<XYSeries, double[][]> whole = new LinkedHashMap<>();

    /** Leaves in the chart's long series what can be seen on these axes, until {@link #undo}. */
    Thinning(Curves chart, int width, int height, Ticks across, Ticks up) {
        for (XYSeries s : chart.getSeriesCollection()) {
            double[] x = s.getXData();
            double[] y = s.getYData();
            if (s.isEnabled() && x.length > EACH * width && s.getExtraValues() == null) {
                if (points(s)) {
                    keep(s, points(x, y, across, up, width, height));
                } else if (s.getMarker() == null || s.getMarker() == SeriesMarkers.NONE) {
                    keep(s, curve(x, y, across, up, COLUMNS * width));
                }
            }
        }
    }

    static boolean points(XYSeries s) {
        return s.getXYSeriesRenderStyle().orElse(XYSeriesRenderStyle.Line) == XYSeriesRenderStyle.Scatter;
    }

    private void keep(XYSeries s, int[] kept) {
        double[] x = s.getXData();
        double[] y = s.getYData();
        whole.put(s, new double[][] {x, y});
        s.replaceData(
                Arrays.stream(kept).mapToDouble(i -> x[i]).toArray(),
                Arrays.stream(kept).mapToDouble(i -> y[i]).toArray(),
                null);
    }

    /** Gives the series all their values back. */
    void undo() {
        whole.forEach((s, xy) -> s.replaceData(xy[0], xy[1], null));
    }

    /** The places in the arrays, ascending, of the values that stand for a curve in so many columns. */
    static int[] curve(double[] x, double[] y, Ticks across, Ticks up, int columns) {
        IntStream.Builder kept = IntStream.builder();
        int first = -1; // of the values in this column, -1 while there is none
        int least = 0;
        int largest = 0;
        double column = 0;
        boolean gap = false;
        for (int i = 0; i < x.length; i++) {
            double here = Math.floor(columns * across.share(x[i]));
            boolean drawn = Double.isFinite(here) && Double.isFinite(up.share(y[i]));
            if (first >= 0 && !(drawn && here == column)) {
                add(kept, first, least, largest, i - 1);
                first = -1;
            }
            if (!drawn) {
                if (!gap) {
                    kept.add(i); // one value that cannot be drawn parts what is before it from what comes after it
                }
            } else if (first < 0) {
                first = i;
                least = i;
                largest = i;
                column = here;
            } else {
                least = y[i] < y[least] ? i : least;
                largest = y[i] > y[largest] ? i : largest;
            }
            gap = !drawn;
        }
        if (first >= 0) {
            add(kept, first, least, largest, x.length - 1);
        }
        return kept.build().toArray();
    }

    private static void add(IntStream.Builder kept, int first, int least, int largest, int last) {
        int[] all = {first, Math.min(least, largest), Math.max(least, largest), last};
        for (int k = 0; k < all.length; k++) {
            if (k == 0 || all[k] != all[k - 1]) {
                kept.add(all[k]);
            }
        }
    }

    /** The places in the arrays, ascending, of the first point in every square of a pixel. */
    static int[] points(double[] x, double[] y, Ticks across, Ticks up, int columns, int rows) {
        BitSet taken = new BitSet();
        IntStream.Builder kept = IntStream.builder();
        for (int i = 0; i < x.length; i++) {
            double column = columns * across.share(x[i]);
            double row = rows * up.share(y[i]);
            if (column >= 0 && column <= columns && row >= 0 && row <= rows) {
                int square = ((int) row) * (columns + 1) + (int) column;
                if (!taken.get(square)) {
                    taken.set(square);
                    kept.add(i);
                }
            }
        }
        int[] seen = kept.build().toArray();
        return seen.length == 0 ? new int[] {0} : seen; // XChart wants a point, and none of these is on the picture
    }
}
