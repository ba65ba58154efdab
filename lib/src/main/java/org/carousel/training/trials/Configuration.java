package org.carousel.training.trials;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of one trial.
 *
 * @param values by name, in the order of the space; {@link Double}, {@link Integer} or {@link String}
 */
public record Configuration(Map<String, Object> values) implements Serializable {
    /** Copies the map. */
    public Configuration {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A number. */
    public double number(String name) {
        return get(name) instanceof Number n ? n.doubleValue() : Double.parseDouble(text(name));
    }

    /** A whole number. */
    public int whole(String name) {
        return get(name) instanceof Integer n ? n : Integer.parseInt(text(name));
    }

    /** A choice, or a number as text: the same text on every JDK, from which the same number is read. */
    public String text(String name) {
        Object value = get(name);
        return value instanceof Double d ? Numbers.text(d) : value.toString();
    }

    private Object get(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("configuration: no " + name + "; there are " + values.keySet());
        }
        return value;
    }

    /** {@code rate 0.01, cells 32}. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder();
        values.keySet().forEach(name -> all.append(all.isEmpty() ? "" : ", ").append(name + " " + text(name)));
        return all.toString();
    }
}
