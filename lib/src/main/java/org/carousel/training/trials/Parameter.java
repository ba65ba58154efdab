package org.carousel.training.trials;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * One setting of a {@link Space}: a name, and how a number u in [0, 1) becomes a value.
 *
 * <p>Numbers are rounded to six digits, so that a file holds exactly what was run.
 */
public sealed interface Parameter extends Serializable {
    /** The column of the results. */
    String name();

    /**
     * The value at u.
     *
     * @param number of the trial, from 0; only {@link InTurn} looks at it
     * @param u in [0, 1)
     * @return a {@link Double}, {@link Integer} or {@link String}
     */
    Object at(int number, double u);

    /** Where in [0, 1] a value of the space lies: the scale on which values are equally likely. */
    double unit(Object value);

    /** The value that a text of {@link Configuration#text} stands for. */
    Object parse(String text);

    /** Whether {@link #at} looks at u: a coordinate of a search. */
    default boolean drawn() {
        return true;
    }

    /** How it is written down, in the first line of a file of results: the whole definition. */
    @Override
    String toString();

    /** Every number of [low, high) equally likely. */
    static Parameter uniform(String name, double low, double high) {
        return new Uniform(name, low, high);
    }

    /** Every order of magnitude equally likely. */
    static Parameter logUniform(String name, double low, double high) {
        return new LogUniform(name, low, high);
    }

    /** Every whole number from low to high equally likely, both among them. */
    static Parameter whole(String name, int low, int high) {
        return new Whole(name, low, high);
    }

    /** Whole numbers from low to high, every order of magnitude equally likely. */
    static Parameter logWhole(String name, int low, int high) {
        return new LogWhole(name, low, high);
    }

    /** One of some texts, equally likely. */
    static Parameter choice(String name, String... values) {
        return new Choice(name, List.of(values));
    }

    /** One of some texts, in turn: trial n has value n mod k, so that every one has its share at any moment. */
    static Parameter inTurn(String name, String... values) {
        return new InTurn(name, List.of(values));
    }

    /** {@code low + (high - low) u}. */
    record Uniform(String name, double low, double high) implements Parameter {
        /** Checks the range. */
        public Uniform {
            requireRange(name, low, high);
        }

        @Override
        public Object at(int number, double u) {
            return within(low, high, low + (high - low) * u);
        }

        @Override
        public double unit(Object value) {
            return ((Number) value).doubleValue() / (high - low) - low / (high - low);
        }

        @Override
        public Object parse(String text) {
            return Double.valueOf(text);
        }

        @Override
        public String toString() {
            return name + " uniform " + Numbers.text(low) + ".." + Numbers.text(high);
        }
    }

    /** {@code low (high / low)^u}. */
    record LogUniform(String name, double low, double high) implements Parameter {
        /** Checks the range. */
        public LogUniform {
            requireRange(name, low, high);
            requirePositive(name, low);
        }

        @Override
        public Object at(int number, double u) {
            return within(low, high, low * StrictMath.pow(high / low, u));
        }

        @Override
        public double unit(Object value) {
            return StrictMath.log(((Number) value).doubleValue() / low) / StrictMath.log(high / low);
        }

        @Override
        public Object parse(String text) {
            return Double.valueOf(text);
        }

        @Override
        public String toString() {
            return name + " log-uniform " + Numbers.text(low) + ".." + Numbers.text(high);
        }
    }

    /** {@code low + ⌊(high - low + 1) u⌋}. */
    record Whole(String name, int low, int high) implements Parameter {
        /** Checks the range. */
        public Whole {
            requireRange(name, low, high);
        }

        @Override
        public Object at(int number, double u) {
            return (int) Math.min(high, low + (long) ((high - (long) low + 1) * u));
        }

        @Override
        public double unit(Object value) {
            return (((Number) value).doubleValue() - low + 0.5) / (high - (double) low + 1);
        }

        @Override
        public Object parse(String text) {
            return Integer.valueOf(text);
        }

        @Override
        public String toString() {
            return name + " whole " + low + ".." + high;
        }
    }

    /** {@code ⌊low ((high + 1) / low)^u⌋}. */
    record LogWhole(String name, int low, int high) implements Parameter {
        /** Checks the range. */
        public LogWhole {
            requireRange(name, low, high);
            requirePositive(name, low);
        }

        @Override
        public Object at(int number, double u) {
            return (int) Math.min(high, Math.max(low, (long) (low * StrictMath.pow((high + 1.0) / low, u))));
        }

        @Override
        public double unit(Object value) {
            // in the middle of what becomes this number
            double v = ((Number) value).doubleValue();
            return StrictMath.log(StrictMath.sqrt(v * (v + 1)) / low) / StrictMath.log((high + 1.0) / low);
        }

        @Override
        public Object parse(String text) {
            return Integer.valueOf(text);
        }

        @Override
        public String toString() {
            return name + " log-whole " + low + ".." + high;
        }
    }

    /** {@code values[⌊k u⌋]}. */
    record Choice(String name, List<String> values) implements Parameter {
        /** Checks that there are values, all different. */
        public Choice {
            values = requireValues(name, values);
        }

        @Override
        public Object at(int number, double u) {
            return values.get((int) Math.min(values.size() - 1, (long) (values.size() * u)));
        }

        @Override
        public double unit(Object value) {
            return (requireIndex(name, values, value) + 0.5) / values.size();
        }

        @Override
        public Object parse(String text) {
            return values.get(requireIndex(name, values, text));
        }

        @Override
        public String toString() {
            return name + " choice " + values;
        }
    }

    /** {@code values[n mod k]}. */
    record InTurn(String name, List<String> values) implements Parameter {
        /** Checks that there are values, all different. */
        public InTurn {
            values = requireValues(name, values);
        }

        @Override
        public boolean drawn() {
            return false;
        }

        @Override
        public Object at(int number, double u) {
            return values.get(number % values.size());
        }

        @Override
        public double unit(Object value) {
            return (requireIndex(name, values, value) + 0.5) / values.size();
        }

        @Override
        public Object parse(String text) {
            return values.get(requireIndex(name, values, text));
        }

        @Override
        public String toString() {
            return name + " in turn " + values;
        }
    }

    private static double within(double low, double high, double value) {
        return Math.max(low, Math.min(high, Numbers.drawn(value)));
    }

    private static void requireRange(String name, double low, double high) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("parameter: a name is needed");
        }
        if (!(low < high) || Double.isInfinite(low) || Double.isInfinite(high)) {
            throw new IllegalArgumentException(
                    "parameter: " + name + " from " + low + " to " + high + "; low must be below high, both finite");
        }
    }

    private static void requirePositive(String name, double low) {
        if (!(low > 0)) {
            throw new IllegalArgumentException("parameter: " + name + " from " + low
                    + " on a logarithmic scale; low must be above 0 (the logarithm of 0 is no number)");
        }
    }

    private static List<String> requireValues(String name, List<String> values) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("parameter: a name is needed");
        }
        if (values.isEmpty() || new HashSet<>(values).size() < values.size()) {
            throw new IllegalArgumentException("parameter: " + name + " with the values " + values
                    + "; at least one is needed, and no two may be equal");
        }
        if (Stream.concat(Stream.of(name), values.stream())
                .anyMatch(v -> v.lines().count() != 1)) {
            throw new IllegalArgumentException("parameter: " + name + ": values must be of one line");
        }
        return List.copyOf(values);
    }

    private static int requireIndex(String name, List<String> values, Object value) {
        int index = values.indexOf(value);
        if (index < 0) {
            throw new IllegalArgumentException("parameter: " + name + " has no value " + value + "; it has " + values);
        }
        return index;
    }
}
