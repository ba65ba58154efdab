package org.carousel.training.trials;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as text that is the same on every JDK ({@code Double.toString} changed with JDK 19) and reads back as the same number. */
final class Numbers {
    /** Digits of a drawn setting: what stands in the file is exactly what was run. */
    private static final MathContext DRAWN = new MathContext(6);

    private static final int EXACT = 17;

    private Numbers() {}

    /** The number of six digits nearest to {@code value}, in decimal. */
    static double drawn(double value) {
        return new BigDecimal(value).round(DRAWN).doubleValue();
    }

    /** As few digits as give the same number again. */
    static String text(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; digits < EXACT; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                return plain(rounded);
            }
        }
        return plain(exact.round(new MathContext(EXACT)));
    }

    private static String plain(BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale();
        return exponent > 16 || exponent < -3 ? shortest.toString() : shortest.toPlainString();
    }
}
