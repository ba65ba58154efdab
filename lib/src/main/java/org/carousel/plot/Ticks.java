package org.carousel.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * Where an axis begins and ends, and what is written where along it.
 *
 * @param min where the axis begins
 * @param max where it ends, above {@code min}
 * @param logarithmic whether equal distances are equal ratios; then min is above 0
 * @param at the values that are marked, ascending, between min and max
 * @param labels what is written at each
 */
record Ticks(double min, double max, boolean logarithmic, List<Double> at, List<String> labels) {
    /** How far an axis goes on beyond the last value, as a share of its length, so that no line runs along its end. */
    private static final double ROOM = 0.025;

    /** An axis whose least value is above 0 begins at 0 when that leaves no more than this share of it empty. */
    private static final double EMPTY = 0.5;

    /** The same for an axis of steps, which shows all it has been given and hardly more. */
    private static final double EMPTY_STEPS = 0.1;

    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    /** Where a value lies along the axis, from 0 to 1. */
    double share(double value) {
        return logarithmic ? Math.log10(value / min) / Math.log10(max / min) : (value - min) / (max - min);
    }

    /** Ticks with the finest steps whose labels fit. */
    private static Ticks finest(int coarsest, IntFunction<Ticks> ticks, Predicate<Ticks> fits) {
        for (int k = 0; k < coarsest; k++) {
            Ticks t = ticks.apply(k);
            if (fits.test(t)) {
                return t;
            }
        }
        return ticks.apply(coarsest);
    }

    /**
     * An axis over values that are equally far apart: steps of 1, 2 or 5 times a power of ten, and 0 among them when it
     * is in sight or near.
     *
     * @param most how many ticks there may be
     * @param whole whether only whole numbers are marked
     * @param rounded whether the axis goes on to the next tick, as that of values does and that of steps does not
     */
    static Ticks linear(double least, double largest, int most, boolean whole, boolean rounded, Predicate<Ticks> fits) {
        double empty = rounded ? EMPTY : EMPTY_STEPS;
        double from = least > 0 && least <= empty * largest ? 0 : least;
        double to = largest < 0 && largest >= empty * least ? 0 : largest;
        if (from == to) {
            double around = from == 0 || whole ? 1 : Math.abs(from) / 10;
            from -= around;
            to += around;
        }
        double begin = from;
        double end = to;
        int first = steps(begin, end, most, whole);
        return finest(9, k -> stepped(begin, end, first + k, rounded), fits);
    }

    /** An axis from exactly one value to another, such as somebody has set. */
    static Ticks between(double min, double max, int most, Predicate<Ticks> fits) {
        int first = steps(min, max, most, false);
        return finest(
                9,
                k -> {
                    BigDecimal step = step(first + k);
                    return marked(min, max, step);
                },
                fits);
    }

    /** The number of the finest step, counted in 1, 2, 5, 10, 20, 50, ..., of which not more than {@code most} fit. */
    private static int steps(double from, double to, int most, boolean whole) {
        int n = 3 * (int) Math.floor(Math.log10(to - from)) - 9;
        while ((to - from) / step(n).doubleValue() > Math.max(1, most)) {
            n++;
        }
        return whole ? Math.max(0, n) : n;
    }

    private static BigDecimal step(int n) {
        return BigDecimal.valueOf(new int[] {1, 2, 5}[Math.floorMod(n, 3)]).scaleByPowerOfTen(Math.floorDiv(n, 3));
    }

    private static Ticks stepped(double from, double to, int n, boolean rounded) {
        BigDecimal step = step(n);
        double s = step.doubleValue();
        double min = Math.floor(from / s + 1e-9) * s;
        double max = Math.ceil(to / s - 1e-9) * s;
        double near = EMPTY_STEPS / 2 * (to - from);
        min = rounded || from - min <= near ? min : from;
        max = rounded || max - to <= near ? max : to;
        double room = ROOM * (max - min);
        return marked(min - room, max + room, step);
    }

    private static Ticks marked(double min, double max, BigDecimal step) {
        List<Double> at = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(Math.max(0, step.stripTrailingZeros().scale()));
        BigDecimal value =
                BigDecimal.valueOf(min).divide(step, 0, RoundingMode.CEILING).multiply(step);
        for (; value.doubleValue() <= max; value = value.add(step)) {
            at.add(value.doubleValue());
            boolean far = value.abs().doubleValue() >= 1e7 || step.doubleValue() < 1e-6;
            labels.add(value.signum() == 0 ? "0" : far ? scientific(value) : format.format(value));
        }
        return new Ticks(min, max, false, at, labels);
    }

    private static String scientific(BigDecimal value) {
        BigDecimal v = value.stripTrailingZeros();
        int exponent = v.precision() - v.scale() - 1;
        return v.scaleByPowerOfTen(-exponent).toPlainString() + "·10" + raised(exponent);
    }

    /** A logarithmic axis: decades, every n-th of many; 1, 2 and 5 times each when there are few. */
    static Ticks logarithmic(double least, double largest, int most, Predicate<Ticks> fits) {
        double room = Math.pow(Math.max(largest / least, 1.2), ROOM);
        return exactly(least / room, largest * room, most, fits);
    }

    /** A logarithmic axis from exactly one value to another. */
    static Ticks exactly(double min, double max, int most, Predicate<Ticks> fits) {
        double decades = Math.log10(max / min);
        if (decades < 0.6) { // less than from 1 to 4: marked as any other
            Ticks linear = between(min, max, most, fits);
            return new Ticks(min, max, true, linear.at, linear.labels);
        }
        if (decades <= 2.5) {
            Ticks fine = powers(min, max, 1, new int[] {1, 2, 5});
            if (fits.test(fine)) {
                return fine;
            }
        }
        int every = Math.max(1, (int) Math.ceil(decades / Math.max(1, most)));
        return finest(6, k -> powers(min, max, every * (1 << k), new int[] {1}), fits);
    }

    private static Ticks powers(double min, double max, int every, int[] digits) {
        List<Double> at = new ArrayList<>();
        List<String> labels = new ArrayList<>();
        for (int e = (int) Math.floor(Math.log10(min)); e <= Math.log10(max) + 1e-9; e++) {
            if (Math.floorMod(e, every) == 0) {
                for (int digit : digits) {
                    BigDecimal value = BigDecimal.valueOf(digit).scaleByPowerOfTen(e);
                    if (value.doubleValue() >= min * (1 - 1e-9) && value.doubleValue() <= max * (1 + 1e-9)) {
                        at.add(value.doubleValue());
                        labels.add(power(value, digit, e));
                    }
                }
            }
        }
        return new Ticks(min, max, true, at, labels);
    }

    private static String power(BigDecimal value, int digit, int exponent) {
        if (exponent >= -3 && exponent <= 4) {
            return new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
        }
        return (digit == 1 ? "10" : digit + "·10") + raised(exponent);
    }

    private static String raised(int exponent) {
        StringBuilder out = new StringBuilder(exponent < 0 ? "⁻" : "");
        for (char c : Integer.toString(Math.abs(exponent)).toCharArray()) {
            out.append(RAISED.charAt(c - '0'));
        }
        return out.toString();
    }

    /** An axis of days, given as days since 1970: years, months or days. */
    static Ticks dates(double least, double largest, int most, Predicate<Ticks> fits) {
        double room = ROOM * Math.max(1, largest - least);
        int[] months = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200};
        if (largest - least < 40) {
            Ticks days = linear(least, largest, most, true, false, t -> true);
            DateTimeFormatter day = DateTimeFormatter.ofPattern("d MMM", Locale.ROOT);
            return new Ticks(days.min, days.max, false, days.at, named(days.at, day));
        }
        int first = 0;
        while (first < months.length - 1 && (largest - least) / 30.44 / months[first] > most) {
            first++;
        }
        int from = first;
        return finest(months.length - 1 - first, k -> months(least - room, largest + room, months[from + k]), fits);
    }

    private static Ticks months(double min, double max, int step) {
        List<Double> at = new ArrayList<>();
        LocalDate begin = LocalDate.ofEpochDay((long) Math.ceil(min));
        int month = begin.getYear() * 12 + begin.getMonthValue() - 1;
        for (int m = Math.floorDiv(month, step) * step; ; m += step) {
            long day = LocalDate.of(Math.floorDiv(m, 12), Math.floorMod(m, 12) + 1, 1)
                    .toEpochDay();
            if (day > max) {
                break;
            }
            if (day >= min) {
                at.add((double) day);
            }
        }
        DateTimeFormatter format = DateTimeFormatter.ofPattern(step % 12 == 0 ? "yyyy" : "MMM yyyy", Locale.ROOT);
        return new Ticks(min, max, false, at, named(at, format));
    }

    private static List<String> named(List<Double> days, DateTimeFormatter format) {
        return days.stream()
                .map(d -> LocalDate.ofEpochDay(d.longValue()).format(format))
                .toList();
    }

    /** Names in a row, each in the middle of its part of the axis, which goes from 0 to their number. */
    static Ticks names(List<String> names) {
        List<Double> at = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            at.add(i + 0.5);
        }
        return new Ticks(0, names.size(), false, at, names);
    }
}
