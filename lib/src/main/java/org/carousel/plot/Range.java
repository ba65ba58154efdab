package org.carousel.plot;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The least and the largest of the values along an axis; what cannot be drawn there is left out. */
final class Range {
    private final boolean logarithmic;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private boolean whole = true;

    Range(boolean logarithmic) {
        this.logarithmic = logarithmic;
    }

    void add(double... values) {
        for (double v : values) {
            if (Double.isFinite(v) && (!logarithmic || v > 0)) {
                least = Math.min(least, v);
                largest = Math.max(largest, v);
                whole &= v == Math.rint(v);
            }
        }
    }

    boolean empty() {
        return least > largest;
    }

    double least() {
        return least;
    }

    double largest() {
        return largest;
    }

    /**
     * The axis of these values.
     *
     * @param from where somebody has set it to begin, or null
     * @param to where somebody has set it to end, or null
     */
    Ticks ticks(int most, boolean rounded, @Nullable Double from, @Nullable Double to, Predicate<Ticks> fits) {
        Ticks own = logarithmic
                ? Ticks.logarithmic(least, largest, most, fits)
                : Ticks.linear(least, largest, most, whole, rounded, fits);
        if (from == null && to == null) {
            return own;
        }
        double begin = from == null ? own.min() : from;
        double end = to == null ? own.max() : to;
        return logarithmic ? Ticks.exactly(begin, end, most, fits) : Ticks.between(begin, end, most, fits);
    }
}
