package org.carousel.embedding;

/**
 * Float32 as text of nine significant digits, enough to read the same number again.
 *
 * <p>Our own, since {@link Float#toString} writes other digits in JDK 19 and later than before, and the same vectors are
 * to give the same file.
 */
final class NineDigits {
    private static final int DIGITS = 9;
    private static final long SMALLEST = 100_000_000; // of nine digits

    private NineDigits() {}

    /** Appends a finite number, as 0.123456789 or 1.23456789e-7. */
    static void append(StringBuilder to, float value) {
        if (value == 0) {
            to.append('0');
            return;
        }
        if (value < 0) {
            to.append('-');
        }
        double magnitude = Math.abs((double) value);
        int exponent = 0; // of the first digit
        while (magnitude >= power(exponent + 1)) {
            exponent++;
        }
        while (magnitude < power(exponent)) {
            exponent--;
        }
        long digits = Math.round(scaled(magnitude, DIGITS - 1 - exponent));
        if (digits >= 10 * SMALLEST) { // rounded up to one digit more
            digits /= 10;
            exponent++;
        }
        if (exponent >= -5 && exponent < DIGITS) {
            plain(to, digits, exponent);
        } else {
            plain(to, digits, 0);
            to.append('e').append(exponent);
        }
    }

    /** The digits with a point behind the one of 10⁰, without zeros at the end. */
    private static void plain(StringBuilder to, long digits, int exponent) {
        String text = Long.toString(digits);
        int last = text.length();
        while (last > 1 && text.charAt(last - 1) == '0') {
            last--;
        }
        if (exponent < 0) {
            to.append("0.").append("0".repeat(-exponent - 1)).append(text, 0, last);
        } else if (last <= exponent + 1) {
            to.append(text, 0, exponent + 1);
        } else {
            to.append(text, 0, exponent + 1).append('.').append(text, exponent + 1, last);
        }
    }

    /** x · 10ⁿ for n in −31..53: two factors, so that neither they nor their number of roundings grow. */
    private static double scaled(double x, int n) {
        int first = Math.max(-22, Math.min(22, n));
        double once = first < 0 ? x / power(-first) : x * power(first);
        int second = n - first;
        return second == 0 ? once : scaled(once, second);
    }

    /** 10ⁿ; exact for n in 0..22. */
    private static double power(int n) {
        double result = 1;
        for (int i = 0; i < Math.abs(n); i++) {
            result *= 10;
        }
        return n < 0 ? 1 / result : result;
    }
}
