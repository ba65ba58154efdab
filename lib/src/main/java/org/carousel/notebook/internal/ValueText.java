package org.carousel.notebook.internal;

import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The text of a value, of which no more is made than is shown. Java's own collections write down all their elements
 * first, which for {@code Collections.nCopies(Integer.MAX_VALUE, 1)} is more than any memory holds.
 *
 * <p>Collections, maps, bit sets, optionals and records that leave their text to Java read as Java writes them; arrays
 * show their elements in place of an address. Of what goes on after {@value #LONGEST} characters the text says how much
 * there is.
 */
final class ValueText {
    static final int LONGEST = 20_000;

    private static final int LONGEST_ARRAY = 20;
    private static final int DEEPEST = 100; // collections inside collections
    private final StringBuilder out = new StringBuilder();
    private final Set<Object> around = Collections.newSetFromMap(new IdentityHashMap<>());
    private final int most;
    private boolean cut;

    private ValueText(int most) {
        this.most = most;
    }

    static String of(@Nullable Object value) {
        return of(value, LONGEST);
    }

    private static String of(@Nullable Object value, int most) {
        ValueText text = new ValueText(most);
        text.add(value);
        return text.out.toString();
    }

    /** The text of a value that would be longer if Java wrote it; null for all others, whose text may not be made yet. */
    static @Nullable String ofLarge(Object value) {
        ValueText text = new ValueText(LONGEST);
        return text.addParts(value) && text.cut ? text.out.toString() : null;
    }

    /** A text, or the beginning of it and how long it is. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "… " + text.length() + " characters in all, the first " + end + " shown";
    }

    private void add(@Nullable Object value) {
        if (value == null || !(value.getClass().isArray() ? addArray(value) : addParts(value))) {
            String all = Objects.requireNonNullElse(String.valueOf(value), "null"); // a toString may give null
            String shown = cut(all, Math.max(1, most - out.length()));
            cut |= shown.length() != all.length();
            out.append(shown);
        }
    }

    /** Whether it consists of parts and leaves its text to Java; then that is there now. */
    private boolean addParts(Object value) {
        if (value instanceof Collection<?> c && hasTextOfJava(c)) {
            return inside(value, "(this Collection)", () -> addAll("[", c.iterator(), c.size(), "]"));
        }
        if (value instanceof Map<?, ?> m && hasTextOfJava(m)) {
            return inside(value, "(this Map)", () -> addAll("{", m.entrySet().iterator(), m.size(), "}"));
        }
        if (value instanceof Map.Entry<?, ?> e && hasTextOfJava(e)) {
            return inside(value, "(this Entry)", () -> addEntry(e));
        }
        if (value instanceof Optional<?> o && o.isPresent()) {
            return inside(value, "", () -> {
                out.append("Optional[");
                add(o.get());
                out.append(']');
            });
        }
        if (value instanceof AtomicReference<?> r && hasTextOfJava(r)) {
            return inside(value, "", () -> add(r.get()));
        }
        if (value instanceof BitSet b && value.getClass() == BitSet.class) {
            return inside(value, "", () -> addAll("{", b.stream().iterator(), b.cardinality(), "}"));
        }
        return value instanceof Record r && hasGeneratedText(r) && inside(value, "", () -> addRecord(r));
    }

    /** Writes what consists of parts; inside itself, and too deep in others, only a mark. */
    private boolean inside(Object value, String mark, Runnable parts) {
        if (around.size() == DEEPEST) {
            out.append("…");
            cut = true;
        } else if (!around.add(value)) {
            out.append(mark);
        } else {
            parts.run();
            around.remove(value);
        }
        return true;
    }

    private void addAll(String begin, Iterator<?> parts, int size, String end) {
        out.append(begin);
        for (int shown = 0; parts.hasNext(); shown++) {
            out.append(shown == 0 ? "" : ", ");
            if (out.length() >= most) {
                out.append("… ")
                        .append(size)
                        .append(" in all, the first ")
                        .append(shown)
                        .append(" shown");
                cut = true;
                break;
            }
            Object part = parts.next();
            if (end.equals("}") && part instanceof Map.Entry<?, ?> e) {
                addEntry(e);
            } else {
                add(part);
            }
        }
        out.append(end);
    }

    private void addEntry(Map.Entry<?, ?> entry) {
        add(entry.getKey());
        out.append('=');
        add(entry.getValue());
    }

    private void addRecord(Record value) {
        out.append(value.getClass().getSimpleName()).append('[');
        String between = "";
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            out.append(between).append(component.getName()).append('=');
            add(RecordRendering.value(value, component));
            between = ", ";
        }
        out.append(']');
    }

    /** {@code [1, 2, 3]}, nested as the array is, cut after some elements. */
    private boolean addArray(Object array) {
        return inside(array, "[...]", () -> {
            int n = Array.getLength(array);
            boolean nested = n > 0 && isArray(Array.get(array, 0));
            String between = nested ? ",\n " : ", ";
            out.append('[');
            int shown = 0;
            while (shown < Math.min(n, LONGEST_ARRAY) && out.length() < most) {
                out.append(shown == 0 ? "" : between);
                add(Array.get(array, shown));
                shown++;
            }
            if (n > shown) {
                out.append(shown == 0 ? "" : between).append("… ").append(n).append(" in all");
                cut |= shown < LONGEST_ARRAY;
            }
            out.append(']');
        });
    }

    private static boolean isArray(@Nullable Object value) {
        return value != null && value.getClass().isArray();
    }

    /** Whether its {@code toString} is that of Java's own collections; one that the reader wrote says it better. */
    static boolean hasTextOfJava(Object value) {
        return toStringOf(value).getDeclaringClass().getName().startsWith("java.util.");
    }

    /** Whether its {@code toString} is the one that every record has, which alone is final unless somebody says so. */
    static boolean hasGeneratedText(Record value) {
        return Modifier.isFinal(toStringOf(value).getModifiers());
    }

    private static java.lang.reflect.Method toStringOf(Object value) {
        try {
            return value.getClass().getMethod("toString");
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e); // every class has one
        }
    }
}
