package org.carousel.training;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WelchTestTest {
    /** golden/fanova.py: scipy.stats.ttest_ind without equal variances. */
    @Test
    void itIsScipys() throws IOException {
        List<String> lines;
        try (InputStream in = getClass().getResourceAsStream("/golden/welch.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertEquals(5, lines.size());
        for (String line : lines) {
            String[] parts = line.split(" \\| ");
            double[] wanted = numbers(parts[2]);
            WelchTest test = WelchTest.of(numbers(parts[0]), numbers(parts[1]));
            assertEquals(wanted[0], test.t(), 1e-10 * Math.abs(wanted[0]));
            assertEquals(wanted[1], test.degrees(), 1e-10 * wanted[1]);
            assertEquals(wanted[2], test.p(), 1e-9 * wanted[2]);
        }
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void equalMeansAreNotTold() {
        WelchTest test = WelchTest.of(new double[] {1, 2, 3}, new double[] {3, 2, 1});
        assertEquals(0, test.t());
        assertEquals(1, test.p(), 1e-15);
    }

    @Test
    void samplesWithoutVarianceAreRefused() {
        assertMessage("samples of 1 and 2 numbers", () -> WelchTest.of(new double[] {1}, new double[] {1, 2}));
        assertMessage("one must be above 0", () -> WelchTest.of(new double[] {1, 1}, new double[] {2, 2}));
    }
}
