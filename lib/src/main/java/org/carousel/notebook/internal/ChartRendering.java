package org.carousel.notebook.internal;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.carousel.plot.Panels;
import org.carousel.plot.Plots;
import org.carousel.plot.internal.Fonts;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * XChart's charts, and several of them side by side.
 *
 * <p>The picture is an {@code img} in HTML, because that alone carries a text alternative into JupyterLab and into pages
 * made by nbconvert: both leave it out of an {@code image/png}. It is in double resolution, sharp on every screen. What
 * makes no HTML, such as LaTeX, finds a smaller {@code image/png}; and {@code text/plain} is the text alternative.
 */
final class ChartRendering {
    private static final int RESOLUTION = 2;

    private ChartRendering() {}

    static Class<?>[] types() {
        return new Class<?>[] {Chart.class, Panels.class};
    }

    static boolean accepts(@Nullable Object value) {
        return value instanceof Chart || value instanceof Panels;
    }

    static Rendering of(@Nullable Object value) {
        if (value instanceof Panels panels) {
            return of(panels.width(), panels.height(), panels::paint, panels.describe());
        }
        Chart<?, ?> chart = (Chart<?, ?>) Objects.requireNonNull(value);
        int width = chart.getWidth();
        int height = chart.getHeight();
        return of(width, height, g -> chart.paint(g, width, height), Plots.describe(chart));
    }

    private static Rendering of(int width, int height, Consumer<Graphics2D> painter, String words) {
        Map<String, String> data = new LinkedHashMap<>();
        if (Fonts.missing().isPresent()) {
            data.put("text/plain", words + "\n" + Fonts.missing().get());
            return new Rendering(data, Map.of());
        }
        data.put(
                "text/html",
                "<img alt=\"" + Rendering.escape(words) + "\" width=\"" + width + "\" height=\"" + height
                        + "\" src=\"data:image/png;base64," + picture(width, height, RESOLUTION, painter) + "\">");
        data.put("image/png", picture(width, height, 1, painter));
        data.put("text/plain", words);
        return new Rendering(data, Map.of("width", width, "height", height, "alt", words));
    }

    private static String picture(int width, int height, int resolution, Consumer<Graphics2D> painter) {
        BufferedImage image = new BufferedImage(width * resolution, height * resolution, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setClip(0, 0, width * resolution, height * resolution);
        g.scale(resolution, resolution);
        draw(g, painter);
        g.dispose();
        try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
            ImageIO.write(Palette.of(image), "png", out);
            return Base64.getEncoder().encodeToString(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("chart: " + e.getMessage(), e);
        }
    }

    /**
     * Draws in a thread of its own, so that an interrupt ends it: the libraries that draw do not look for one, but what
     * is drawn after the picture was taken away from them takes next to no time. What they compute before they draw,
     * such as XChart's own ticks over all x, still comes to its end in that thread.
     */
    private static void draw(Graphics2D g, Consumer<Graphics2D> painter) {
        FutureTask<?> drawing = new FutureTask<>(() -> painter.accept(g), null);
        new Thread(drawing, "chart").start();
        try {
            drawing.get();
        } catch (InterruptedException e) {
            g.dispose();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("chart: interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }
}
