package org.carousel.notebook;

import static java.util.stream.Collectors.joining;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;

/** XChart's charts as PNG in double resolution, which is sharp on every screen and visible wherever notebooks are. */
final class ChartRendering {
    private static final int RESOLUTION = 2;

    private ChartRendering() {}

    static Class<?> type() {
        return Chart.class;
    }

    static boolean accepts(@Nullable Object value) {
        return value instanceof Chart;
    }

    static Rendering of(@Nullable Object value) {
        Chart<?, ?> chart = (Chart<?, ?>) java.util.Objects.requireNonNull(value);
        int width = chart.getWidth();
        int height = chart.getHeight();
        BufferedImage image = new BufferedImage(width * RESOLUTION, height * RESOLUTION, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.scale(RESOLUTION, RESOLUTION);
        chart.paint(graphics, width, height);
        graphics.dispose();
        Map<String, String> data = new LinkedHashMap<>();
        data.put("image/png", Base64.getMimeEncoder().encodeToString(png(image)));
        data.put("text/plain", describe(chart));
        return new Rendering(data, Map.of("width", width, "height", height));
    }

    /** What somebody who cannot see the chart is told. */
    private static String describe(Chart<?, ?> chart) {
        StringBuilder text = new StringBuilder("[chart] ").append(chart.getTitle());
        if (chart instanceof AxesChart<?, ?> axes) {
            append(text, "; x: ", axes.getXAxisTitle());
            append(text, "; y: ", axes.getYAxisTitle());
        }
        append(
                text,
                "; series: ",
                chart.getSeriesCollection().stream().map(Series::getName).collect(joining(", ")));
        return text.toString();
    }

    private static void append(StringBuilder text, String label, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            text.append(label).append(value);
        }
    }

    private static byte[] png(BufferedImage image) {
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("chart: " + e.getMessage(), e);
        }
    }
}
