package org.carousel.data.tasks;

import java.util.ArrayList;
import java.util.List;
import org.carousel.data.Split;
import org.carousel.tensor.RandomStream;

/**
 * English numerals, to be written in digits.
 *
 * <pre>
 * forty two thousand three hundred and seven      →  4 2 3 0 7
 * </pre>
 *
 * <p>Tests counting of places: zeros stand for words that are not there. Numbers lie in 0..999,999; so that small ones
 * come up, the count of digits is drawn first. A tenth of all numbers above 99 is {@linkplain #heldOut held out}.
 */
public final class NumberWords {
    private static final int MOST_DIGITS = 6;
    private static final int ALWAYS_TRAINED = 100;

    private static final String[] SMALL = {
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen"
    };
    private static final String[] TENS = {
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
    };

    private NumberWords() {}

    /** Numbers for training. */
    public static List<TextPair> training(RandomStream random, int count) {
        return draw(random, count, false);
    }

    /** Numbers that {@link #training} never gives. */
    public static List<TextPair> heldOut(RandomStream random, int count) {
        return draw(random, count, true);
    }

    private static List<TextPair> draw(RandomStream random, int count, boolean heldOut) {
        Require.atLeast("number words", "count", count, 1, "how many pairs");
        List<TextPair> pairs = new ArrayList<>();
        while (pairs.size() < count) {
            int bound = 1;
            for (int digits = random.nextInt(1, MOST_DIGITS + 1); digits > 0; digits--) {
                bound *= 10;
            }
            int number = random.nextInt(bound == 10 ? 0 : bound / 10, bound);
            if ((number >= ALWAYS_TRAINED && Split.isHeldOut(number)) == heldOut) {
                pairs.add(new TextPair(words(number), Integer.toString(number)));
            }
        }
        return pairs;
    }

    /**
     * A number in words, with "and" before what follows the hundreds, as in British English.
     *
     * @param number 0..999,999
     */
    public static String words(int number) {
        Require.inRange("number words", "number", number, 0, 999_999, "six digits at most");
        return number == 0 ? SMALL[0] : String.join(" ", upToMillion(number));
    }

    private static List<String> upToMillion(int number) {
        List<String> words = new ArrayList<>();
        int rest = number % 1000;
        if (number >= 1000) {
            words.addAll(upToThousand(number / 1000));
            words.add("thousand");
            if (rest > 0 && rest < 100) {
                words.add("and");
            }
        }
        words.addAll(upToThousand(rest));
        return words;
    }

    private static List<String> upToThousand(int number) {
        List<String> words = new ArrayList<>();
        int rest = number % 100;
        if (number >= 100) {
            words.add(SMALL[number / 100]);
            words.add("hundred");
            if (rest > 0) {
                words.add("and");
            }
        }
        if (rest >= 20) {
            words.add(TENS[rest / 10]);
            rest %= 10;
        }
        if (rest > 0) {
            words.add(SMALL[rest]);
        }
        return words;
    }
}
