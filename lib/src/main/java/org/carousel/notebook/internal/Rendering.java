package org.carousel.notebook.internal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
    private static final int LONGEST_ARRAY = 20;
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
                Map.class));
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
            return text(array(value));
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
            data.putIfAbsent("text/plain", string(value));
            return new Rendering(data, Map.of());
        }
        return RecordRendering.accepts(value) ? RecordRendering.of(value) : text(textOf(value));
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

    private static String array(Object array) {
        return array(array, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** {@code [1, 2, 3]}, nested as the array is, cut after some elements; an array inside itself is {@code [...]}. */
    private static String array(Object array, Set<Object> around) {
        if (!around.add(array)) {
            return "[...]";
        }
        int n = java.lang.reflect.Array.getLength(array);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(n, LONGEST_ARRAY); i++) {
            Object element = java.lang.reflect.Array.get(array, i);
            parts.add(element != null && isArray(element) ? array(element, around) : string(element));
        }
        around.remove(array);
        if (n > LONGEST_ARRAY) {
            parts.add("… " + n + " in all");
        }
        boolean nested = n > 0 && isArray(java.lang.reflect.Array.get(array, 0));
        return "[" + String.join(nested ? ",\n " : ", ", parts) + "]";
    }

    /** Its own text; what has none, because its {@code toString} gives null, is shown as null. */
    private static String string(@Nullable Object value) {
        return Objects.requireNonNullElse(String.valueOf(value), "null");
    }

    private static boolean isArray(@Nullable Object value) {
        return value != null && value.getClass().isArray();
    }

    private static String element(@Nullable Object value) {
        return value != null && isArray(value) ? array(value) : string(value);
    }

    /** Its text; of a collection or map of arrays with the elements in place of their addresses. */
    private static String textOf(Object value) {
        if (value instanceof Collection<?> c && hasTextOfJava(c) && c.stream().anyMatch(Rendering::isArray)) {
            return "[" + c.stream().map(Rendering::element).collect(Collectors.joining(", ")) + "]";
        }
        if (value instanceof Map<?, ?> m
                && hasTextOfJava(m)
                && m.values().stream().anyMatch(Rendering::isArray)) {
            return m.entrySet().stream()
                    .map(e -> element(e.getKey()) + "=" + element(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return string(value);
    }

    /** Whether its {@code toString} is that of Java's own collections; one that the reader wrote says it better. */
    static boolean hasTextOfJava(Object value) {
        try {
            return value.getClass()
                    .getMethod("toString")
                    .getDeclaringClass()
                    .getName()
                    .startsWith("java.");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // every class has one
        }
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
