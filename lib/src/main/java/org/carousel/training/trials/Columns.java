package org.carousel.training.trials;

import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The components of a record as the columns of a file, and back. */
record Columns<R extends Record>(Class<R> type) implements Serializable {
    private static final Map<Class<?>, Function<String, Object>> READERS = Map.of(
            double.class, Double::valueOf,
            float.class, text -> (float) Double.parseDouble(text),
            int.class, Integer::valueOf,
            long.class, Long::valueOf,
            boolean.class, Columns::truth,
            String.class, text -> text);

    Columns {
        for (RecordComponent c : type.getRecordComponents()) {
            if (!READERS.containsKey(c.getType())) {
                throw new IllegalArgumentException("study: " + c.getName() + " of the results "
                        + type.getSimpleName() + " is a " + c.getType().getSimpleName()
                        + "; double, float, int, long, boolean and String can be written");
            }
        }
        if (type.getRecordComponents().length == 0) {
            throw new IllegalArgumentException(
                    "study: the results " + type.getSimpleName() + " have no components; at least one is needed");
        }
    }

    List<String> names() {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    List<String> write(R value) {
        List<String> fields = new ArrayList<>();
        for (RecordComponent c : type.getRecordComponents()) {
            Object v = get(c, value);
            if (v instanceof Float f) {
                fields.add(Numbers.text(f));
            } else if (v instanceof Double d) {
                fields.add(Numbers.text(d));
            } else {
                fields.add(String.valueOf(v));
            }
        }
        return fields;
    }

    R read(List<String> fields) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        for (int k = 0; k < values.length; k++) {
            types[k] = components[k].getType();
            try {
                values[k] = Objects.requireNonNull(READERS.get(types[k])).apply(fields.get(k));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "\"" + fields.get(k) + "\" is no " + types[k].getSimpleName() + " for "
                                + components[k].getName(),
                        e);
            }
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("a " + type.getSimpleName() + " cannot be made of " + fields, e);
        }
    }

    boolean holdsNumber(String name) {
        return Arrays.stream(type.getRecordComponents())
                .anyMatch(c -> c.getName().equals(name) && c.getType().isPrimitive() && c.getType() != boolean.class);
    }

    /** A component that {@link #holdsNumber}. */
    double number(String name, R value) {
        for (RecordComponent c : type.getRecordComponents()) {
            if (c.getName().equals(name) && get(c, value) instanceof Number n) {
                return n.doubleValue();
            }
        }
        throw new IllegalArgumentException("study: no number " + name + " among the results " + names());
    }

    private static Object get(RecordComponent component, Record value) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("study: " + component + " cannot be read: " + e.getCause(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("study: " + component + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Object truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new NumberFormatException(text);
        }
        return text.equals("true");
    }
}
