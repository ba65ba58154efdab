package org.carousel.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.image.BufferedImage;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicksTest {
    private static final Predicate<Ticks> ANY = t -> true;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0    | 39    | true  | false | 0 5 10 15 20 25 30 35 40",
                "1    | 100   | true  | false | 0 10 20 30 40 50 60 70 80 90 100",
                "0    | 2     | true  | false | 0 1 2",
                "0.02 | 0.69  | false | true  | 0 0.1 0.2 0.3 0.4 0.5 0.6 0.7",
                "8.38 | 9.06  | false | true  | 8.3 8.4 8.5 8.6 8.7 8.8 8.9 9.0 9.1",
                "-1   | 1     | false | true  | -1.0 -0.8 -0.6 -0.4 -0.2 0 0.2 0.4 0.6 0.8 1.0",
                "400  | 1000  | true  | false | 400 500 600 700 800 900 1,000",
                "1e-7 | 2e-7  | false | true  | 0 2·10⁻⁸ 4·10⁻⁸ 6·10⁻⁸ 8·10⁻⁸ 1·10⁻⁷ 1.2·10⁻⁷ 1.4·10⁻⁷ 1.6·10⁻⁷ 1.8·10⁻⁷ 2·10⁻⁷",
            })
    void stepsAreRoundAndShowZero(double least, double largest, boolean whole, boolean rounded, String labels) {
        assertEquals(
                labels.strip(),
                String.join(
                        " ",
                        Ticks.linear(least, largest, 10, whole, rounded, ANY).labels()));
    }

    @Test
    void oneValueHasAnAxis() {
        Ticks t = Ticks.linear(5, 5, 8, false, true, ANY);
        assertTrue(t.min() < 5 && t.max() > 5 && t.at().contains(5.0), t.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1     | 100  | 1 2 5 10 20 50 100",
                "1e-16 | 7e7  | 10⁻¹⁶ 10⁻¹² 10⁻⁸ 10⁻⁴ 1 10,000 10⁸",
                "0.001 | 10   | 0.001 0.01 0.1 1 10",
                "8.4   | 9.1  | 8.4 8.5 8.6 8.7 8.8 8.9 9.0 9.1",
            })
    void decadesOverAnyRange(double least, double largest, String labels) {
        assertEquals(
                labels.strip(),
                String.join(" ", Ticks.logarithmic(least, largest, 8, ANY).labels()));
    }

    @Test
    void years() {
        Ticks t = Ticks.dates(day(1749, 1), day(1983, 12), 8, ANY);
        assertEquals(List.of("1750", "1800", "1850", "1900", "1950"), t.labels());
        assertEquals(day(1900, 1), t.at().get(3));
        assertEquals(
                List.of("Jul 1949", "Jan 1950", "Jul 1950"),
                Ticks.dates(day(1949, 3), day(1950, 9), 4, ANY).labels());
    }

    private static double day(int year, int month) {
        return LocalDate.of(year, month, 1).toEpochDay();
    }

    /** However long the numbers and however narrow the chart. */
    @ParameterizedTest
    @ValueSource(doubles = {9, 64, 336, 1e4, 123456, 9.9e6, 3e9, 0.001, 1e-9})
    void labelsNeverTouch(double largest) {
        FontMetrics font = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        for (int width = 60; width < 1000; width += 37) {
            Predicate<Ticks> apart = Axes.apart(font, width);
            int most = Axes.most(width, 60);
            assertTrue(apart.test(Ticks.linear(0, largest, most, false, false, apart)), largest + " on " + width);
            assertTrue(
                    apart.test(Ticks.logarithmic(largest / 1e7, largest, most, apart)),
                    "log " + largest + " on " + width);
        }
    }
}
