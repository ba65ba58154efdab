package org.carousel.notebook.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.carousel.notebook.Latex;
import org.carousel.notebook.Markdown;
import org.carousel.notebook.Renderer;
import org.carousel.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.jspecify.annotations.Nullable;

/**
 * How a value looks: text always, and HTML or an image where that says more.
 *
 * @param data content by MIME type; {@code text/plain} is always there and the same in every run
 * @param imageSize {@code width} and {@code height} an image is shown at, {@code alt}; empty when there is none
 */
record Rendering(Map<String, String> data, Map<String, Object> imageSize) {
    private static final int LARGEST_TABLE = 16 * 16;

    /** The types whose values look better than their {@code toString}; those of missing libraries are left out. */
    static List<Class<?>> types() {
        List<Class<?>> types = new ArrayList<>(List.of(
                Tensor.class,
                SimpleMatrix.class,
                DMatrixRMaj.class,
                BufferedImage.class,
                byte[].class,
                short[].class,
                int[].class,
                long[].class,
                float[].class,
                double[].class,
                boolean[].class,
                char[].class,
                Object[].class,
                Latex.class,
                Markdown.class,
                Record.class,
                Collection.class,
                Map.class,
                Map.Entry.class,
                Optional.class,
                AtomicReference.class));
        addIfPresent(types, ChartRendering::types);
        addIfPresent(types, TableRendering::types);
        return types;
    }

    private static void addIfPresent(List<Class<?>> types, java.util.function.Supplier<Class<?>[]> those) {
        try {
            types.addAll(List.of(those.get()));
        } catch (LinkageError e) {
            // the library is optional
        }
    }

    static Rendering of(@Nullable Object value) {
        if (value instanceof Tensor t) {
            return tensor(t);
        }
        if (value instanceof SimpleMatrix m) {
            return matrix(m);
        }
        if (value instanceof DMatrixRMaj m) {
            return matrix(SimpleMatrix.wrap(m));
        }
        if (value instanceof BufferedImage image) {
            return image(image);
        }
        if (value instanceof Latex formula) {
            return new Rendering(
                    Map.of("text/latex", "$$" + formula.code() + "$$", "text/plain", formula.code()), Map.of());
        }
        if (value instanceof Markdown text) {
            return new Rendering(Map.of("text/markdown", text.text(), "text/plain", text.text()), Map.of());
        }
        if (value != null && value.getClass().isArray()) {
            return text(ValueText.of(value));
        }
        try {
            if (ChartRendering.accepts(value)) {
                return ChartRendering.of(value);
            }
            if (TableRendering.accepts(value)) {
                return TableRendering.of(value);
            }
        } catch (NoClassDefFoundError e) {
            // an optional library is missing, so this is not one of its values
        }
        return value == null ? text("null") : other(value);
    }

    /** Values that renderers of other jars know, then records and collections of them, then text. */
    private static Rendering other(Object value) {
        Renderer own = Screen.renderer(value);
        if (own != null) {
            Map<String, String> data = new LinkedHashMap<>(own.render(value));
            data.putIfAbsent("text/plain", ValueText.of(value));
            return new Rendering(data, Map.of());
        }
        return RecordRendering.accepts(value) ? RecordRendering.of(value) : text(ValueText.of(value));
    }

    /** The text, which is always there. */
    String plain() {
        return data.getOrDefault("text/plain", "");
    }

    static Rendering text(String text) {
        return new Rendering(Map.of("text/plain", text), Map.of());
    }

    static Rendering html(String html, String text) {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("text/html", html);
        data.put("text/plain", text);
        return new Rendering(data, Map.of());
    }

    private static Rendering image(BufferedImage image) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        Map<String, String> data = new LinkedHashMap<>();
        data.put("image/png", Base64.getEncoder().encodeToString(png.toByteArray()));
        data.put("text/plain", "Image [" + image.getHeight() + "×" + image.getWidth() + "]");
        return new Rendering(data, Map.of());
    }

    private static Rendering tensor(Tensor t) {
        if (t.rank() == 0 || t.size() == 0) {
            return text(t.toString());
        }
        String caption = "Tensor " + t.shapeText();
        if (t.rank() <= 2) {
            return matrix(caption, t.rank() == 1 ? t.reshape(1, t.size()) : t);
        }
        if (t.size() <= LARGEST_TABLE) {
            return text(t.toString());
        }
        Tensor slice = t;
        while (slice.rank() > 2) {
            slice = slice.select(0, 0);
        }
        return matrix(caption + ", slice [" + "0, ".repeat(t.rank() - 2) + ":, :]", slice);
    }

    private static Rendering matrix(String caption, Tensor t) {
        return matrix(caption, t.size(0), t.size(1), t::get);
    }

    private static Rendering matrix(SimpleMatrix m) {
        String caption = "Matrix [" + m.getNumRows() + "×" + m.getNumCols() + "]";
        return matrix(caption, m.getNumRows(), m.getNumCols(), m::get);
    }

    /** A table; of a large matrix a corner of it, beside a picture of the whole. */
    private static Rendering matrix(String caption, int rows, int columns, Grid.Cells cells) {
        if ((long) rows * columns <= LARGEST_TABLE) {
            return html(Grid.html(caption, rows, columns, cells), Grid.text(caption, rows, columns, cells));
        }
        String described = caption + ": " + Grid.summary(rows, columns, cells);
        String picture = HeatMap.of(rows, columns, cells).html("heat map of " + caption);
        return html(
                "<div>" + escape(described) + "</div><div style=\"display:flex;gap:24px;align-items:flex-start\">"
                        + picture + Grid.html("", rows, columns, cells) + "</div>",
                Grid.text(described, rows, columns, cells));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
