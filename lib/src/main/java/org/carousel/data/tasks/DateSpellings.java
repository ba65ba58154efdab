package org.carousel.data.tasks;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.carousel.data.Split;
import org.carousel.tensor.RandomStream;

/**
 * Dates in many spellings, to be written as ISO 8601 says.
 *
 * <pre>
 * Saturday, 3 May 1997      3rd of May 1997      May 3, 1997      03.05.1997      3/5/97      1997, MAY 3
 * → 1997-05-03
 * </pre>
 *
 * <p>Tests alignment: every part of the target comes from one part of the source, in another order, and a month of
 * letters becomes two digits. Numbers stand in the order day, month, year; a year of two digits lies in 1950..2049. Days
 * lie in 1950..2049; a tenth of them is {@linkplain #heldOut held out} in all their spellings.
 */
public final class DateSpellings {
    private static final LocalDate FIRST = LocalDate.of(1950, 1, 1);
    private static final int DAYS = (int) (LocalDate.of(2050, 1, 1).toEpochDay() - FIRST.toEpochDay());

    private static final List<Function<LocalDate, String>> SPELLINGS = List.of(
            d -> day(d) + " " + month(d) + " " + d.getYear(),
            d -> day(d) + " " + shortMonth(d) + " " + d.getYear(),
            d -> month(d) + " " + day(d) + ", " + d.getYear(),
            d -> shortMonth(d) + " " + day(d) + ", " + d.getYear(),
            d -> weekday(d) + ", " + day(d) + " " + month(d) + " " + d.getYear(),
            d -> weekday(d) + ", " + month(d) + " " + ordinal(d) + " " + d.getYear(),
            d -> ordinal(d) + " of " + month(d) + " " + d.getYear(),
            d -> "the " + ordinal(d) + " of " + month(d) + ", " + d.getYear(),
            d -> d.getYear() + ", " + month(d).toUpperCase(Locale.ROOT) + " " + day(d),
            d -> two(day(d)) + "." + two(d.getMonthValue()) + "." + d.getYear(),
            d -> day(d) + "." + d.getMonthValue() + "." + two(d.getYear() % 100),
            d -> day(d) + "/" + d.getMonthValue() + "/" + d.getYear(),
            d -> day(d) + "/" + d.getMonthValue() + "/" + two(d.getYear() % 100),
            d -> day(d) + "-" + shortMonth(d).toLowerCase(Locale.ROOT) + "-" + two(d.getYear() % 100));

    private DateSpellings() {}

    /** Dates for training, drawn evenly over days and spellings. */
    public static List<TextPair> training(RandomStream random, int count) {
        return draw(random, count, false);
    }

    /** Dates of days that {@link #training} never gives in any spelling. */
    public static List<TextPair> heldOut(RandomStream random, int count) {
        return draw(random, count, true);
    }

    private static List<TextPair> draw(RandomStream random, int count, boolean heldOut) {
        Require.atLeast("date spellings", "count", count, 1, "how many pairs");
        List<TextPair> pairs = new ArrayList<>();
        while (pairs.size() < count) {
            LocalDate date = FIRST.plusDays(random.nextInt(DAYS));
            int spelling = random.nextInt(SPELLINGS.size());
            if (Split.isHeldOut(date.toEpochDay()) == heldOut) {
                pairs.add(new TextPair(SPELLINGS.get(spelling).apply(date), date.toString()));
            }
        }
        return pairs;
    }

    /** One day in all its spellings. */
    public static List<TextPair> all(LocalDate date) {
        if (date.isBefore(FIRST) || !date.isBefore(FIRST.plusDays(DAYS))) {
            throw new IllegalArgumentException("date spellings: " + date + " is outside " + FIRST.getYear() + ".."
                    + FIRST.plusDays(DAYS - 1L).getYear());
        }
        return SPELLINGS.stream()
                .map(s -> new TextPair(s.apply(date), date.toString()))
                .toList();
    }

    private static int day(LocalDate date) {
        return date.getDayOfMonth();
    }

    private static String month(LocalDate date) {
        return date.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** Three letters: what Java calls short differs between its versions. */
    private static String shortMonth(LocalDate date) {
        return month(date).substring(0, 3);
    }

    private static String weekday(LocalDate date) {
        return date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    private static String ordinal(LocalDate date) {
        int day = day(date);
        String ending = day / 10 == 1
                ? "th"
                : List.of("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")
                        .get(day % 10);
        return day + ending;
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
