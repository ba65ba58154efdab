package org.carousel.notebook.internal;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values as text: their {@code toString}, with the elements of arrays in place of addresses, however deep the arrays lie in
 * what Java itself writes: collections, maps and their entries, records, optional values and references.
 */
final class Texts {
    private static final int LONGEST_ARRAY = 20;

    private final Set<Object> around = Collections.newSetFromMap(new IdentityHashMap<>());

    private Texts() {}

    static String of(@Nullable Object value) {
        return new Texts().text(value);
    }

    private String text(@Nullable Object value) {
        if (value == null || !(value.getClass().isArray() || isContainer(value))) {
            return string(value);
        }
        if (!around.add(value)) {
            return value.getClass().isArray()
                    ? "[...]"
                    : value instanceof Map ? "(this Map)" : "(this Collection)"; // as Java has it
        }
        try {
            return value.getClass().isArray() ? array(value) : container(value);
        } finally {
            around.remove(value);
        }
    }

    private static boolean isContainer(Object value) {
        return value instanceof Record r
                ? RecordRendering.isPlain(r)
                : (value instanceof Collection
                                || value instanceof Map
                                || value instanceof Map.Entry
                                || value instanceof Optional
                                || value instanceof AtomicReference)
                        && hasTextOfJava(value);
    }

    private String container(Object value) {
        if (value instanceof Collection<?> c) {
            return c.stream().map(this::text).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> m) {
            return m.entrySet().stream().map(this::entry).collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Map.Entry<?, ?> e) {
            return entry(e);
        }
        if (value instanceof Optional<?> o) {
            return o.isPresent() ? "Optional[" + text(o.get()) + "]" : string(o);
        }
        return value instanceof AtomicReference<?> reference
                ? text(reference.get())
                : RecordRendering.text((Record) value, this::text);
    }

    private String entry(Map.Entry<?, ?> entry) {
        return text(entry.getKey()) + "=" + text(entry.getValue());
    }

    /** {@code [1, 2, 3]}, nested as the array is, cut after some elements. */
    private String array(Object array) {
        int n = Array.getLength(array);
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < Math.min(n, LONGEST_ARRAY); i++) {
            parts.add(text(Array.get(array, i)));
        }
        if (n > LONGEST_ARRAY) {
            parts.add("… " + n + " in all");
        }
        Object first = n == 0 ? null : Array.get(array, 0);
        boolean nested = first != null && first.getClass().isArray();
        return "[" + String.join(nested ? ",\n " : ", ", parts) + "]";
    }

    /** Its own text; what has none, because its {@code toString} gives null, is shown as null. */
    private static String string(@Nullable Object value) {
        return Objects.requireNonNullElse(String.valueOf(value), "null");
    }

    /** Whether its {@code toString} is that of Java's own classes; one that the reader wrote says it better. */
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
}
