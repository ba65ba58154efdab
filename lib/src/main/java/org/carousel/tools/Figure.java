package org.carousel.tools;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number as it is printed: its value and half a unit of its last place, which is how far the true value may be away.
 *
 * @param text as printed
 * @param value what it says; {@code 12 %} says 12
 * @param tolerance half a unit of the last printed place
 * @param percent whether a per cent sign or the words stand after it
 * @param order whether only the order of magnitude is told: {@code 10⁻⁷}
 */
record Figure(String text, double value, double tolerance, boolean percent, boolean order) {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final Map<String, Double> WORDS = Map.of("thousand", 1e3, "million", 1e6, "billion", 1e9);

    private static final String NUMBER = "(?<number>(?>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?(?!\\d)" // 12,345.6
            + "|\\d{1,3}(?:[ \\u00a0\\u202f\\u2009]\\d{3})+(?!\\d|\\.\\d)" // 12 345
            + "|\\d+(?:\\.\\d+)?|\\.\\d+))"
            + "(?:[eE](?<exponent>[-+]?\\d+)(?!\\d))?"
            + "(?:\\s?[·×]\\s?10(?:\\^\\{?(?<power>-?\\d+)\\}?|(?<raised>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?"
            + "(?:(?<super>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|\\^\\{?(?<to>-?\\d+(?:\\.\\d+)?)\\}?)?";
    private static final String AFTER =
            "(?:\\s(?<word>thousand|million|billion)\\b)?(?<percent>[ \\u00a0\\u202f]?(?:%|per ?cent\\b))?";

    /** In sentences: no digits of a name such as GPT-2 or h1, nothing like 2H, 3-gram, 90° or 0011. */
    private static final Pattern IN_PROSE =
            Pattern.compile("(?<![\\p{L}\\d_^])(?<!\\p{L}-)(?<!\\d\\.)(?<sign>-)?(?<![\\p{L}\\d]-)(?!0\\d)" + NUMBER
                    + "(?:(?:x|th|st|nd|rd|s)\\b|(?![\\p{L}_°])(?! degrees)(?!-\\p{L}))" + AFTER);

    /** In outputs and code, where they may touch anything. */
    private static final Pattern ANYWHERE = Pattern.compile("(?<sign>-)?" + NUMBER + AFTER);

    private static final Pattern WITHIN = Pattern.compile("[, \\u00a0\\u202f\\u2009]");

    /** The numbers of a sentence. */
    static List<Figure> inProse(String text) {
        return find(IN_PROSE, text, false);
    }

    /** The numbers of an output or of code; groups of three digits count as one number and as several. */
    static List<Figure> anywhere(String text) {
        return find(ANYWHERE, text.replaceAll("(?<=\\d)_(?=\\d)", ""), true);
    }

    private static List<Figure> find(Pattern pattern, String text, boolean parts) {
        List<Figure> found = new ArrayList<>();
        Matcher m = pattern.matcher(text.replace('−', '-')
                .replace("\\,", "")
                .replace("{,}", ",")
                .replace("\\cdot", "·")
                .replace("\\times", "×"));
        while (m.find()) {
            found.add(figure(m));
            String number = m.group("number");
            if (parts && WITHIN.matcher(number).find()) {
                for (String part : WITHIN.split(number, -1)) {
                    found.add(plain(part, false));
                }
            }
        }
        return found;
    }

    private static Figure plain(String digits, boolean percent) {
        int point = digits.indexOf('.');
        int decimals = point < 0 ? 0 : digits.length() - point - 1;
        return new Figure(digits, Double.parseDouble(digits), 0.5 * Math.pow(10, -decimals), percent, false);
    }

    private static Figure figure(Matcher m) {
        Figure plain = plain(WITHIN.matcher(m.group("number")).replaceAll(""), m.group("percent") != null);
        double scale = m.group("sign") == null ? 1 : -1;
        double value = plain.value;
        double tolerance = plain.tolerance;
        String to = m.group("super") == null ? m.group("to") : Integer.toString(raised(m.group("super")));
        if (to != null) {
            boolean order = plain.value == 10;
            value = order ? Math.pow(10, Double.parseDouble(to)) : value; // of 0.9³⁹ the 0.9 is looked for
            return new Figure(m.group().strip(), value, order ? 0 : tolerance, plain.percent, order);
        }
        if (m.group("exponent") != null) {
            scale *= Math.pow(10, Integer.parseInt(m.group("exponent")));
        }
        if (m.group("power") != null) {
            scale *= Math.pow(10, Integer.parseInt(m.group("power")));
        }
        if (m.group("raised") != null) {
            scale *= Math.pow(10, raised(m.group("raised")));
        }
        if (m.group("word") != null) {
            scale *= WORDS.getOrDefault(m.group("word").toLowerCase(Locale.ROOT), 1.0);
        }
        return new Figure(m.group().strip(), value * scale, tolerance * Math.abs(scale), plain.percent, false);
    }

    private static int raised(String text) {
        int n = 0;
        for (char c : text.replace("⁻", "").toCharArray()) {
            n = 10 * n + SUPERSCRIPTS.indexOf(c);
        }
        return text.startsWith("⁻") ? -n : n;
    }

    /**
     * Whether this number is what the output prints, rounded as it is printed here. Signs do not matter ("50 below
     * zero"); a share may be told in per cent; round numbers from 100 on may be rounded to their last digit that is not
     * 0, but by no more than 5 %.
     */
    boolean tells(Figure output) {
        if (order) {
            return Math.abs(Math.log10(value) - Math.log10(Math.abs(output.value))) <= 0.5;
        }
        if (near(output.value, output.tolerance)) {
            return true;
        }
        if (percent == output.percent) {
            return false;
        }
        return percent
                ? near(100 * output.value, 100 * output.tolerance)
                : near(output.value / 100, output.tolerance / 100);
    }

    private boolean near(double printed, double precision) {
        double distance = Math.abs(Math.abs(printed) - Math.abs(value));
        if (distance <= 1e-9 * Math.abs(value)) {
            return true;
        }
        return precision <= tolerance * 1.001 && distance <= Math.max(tolerance, round()) * (1 + 1e-6);
    }

    /** Half a unit of the last digit that is not 0, of a whole number from 100 on. */
    private double round() {
        if (Math.abs(value) < 100 || value != Math.rint(value) || value > 1e15) {
            return 0;
        }
        long rest = (long) Math.abs(value);
        double unit = 1;
        while (rest % 10 == 0) {
            rest /= 10;
            unit *= 10;
        }
        return unit == 1 ? 0 : Math.min(unit / 2, Math.abs(value) * 0.05);
    }
}
