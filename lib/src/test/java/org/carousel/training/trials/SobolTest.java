package org.carousel.training.trials;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class SobolTest {
    @Test
    void thePointsAreThoseOfScipy() throws IOException {
        List<String> lines = GoldenText.lines("sobol.txt");
        assertEquals(64, lines.size());
        Sobol sobol = Sobol.plain(40);
        for (int n = 0; n < lines.size(); n++) {
            double[] wanted = Arrays.stream(lines.get(n).split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertEquals(Arrays.toString(wanted), Arrays.toString(sobol.point(n)), "point " + n);
        }
    }

    @Test
    void shiftedPointsStillFillEveryPartOfEachCoordinateOnce() {
        Sobol sobol = Sobol.of(12, RandomStream.of(9));
        for (int d = 0; d < 12; d++) {
            boolean[] taken = new boolean[256];
            for (int n = 0; n < 256; n++) {
                int part = (int) (256 * sobol.point(n)[d]);
                assertTrue(!taken[part], "coordinate " + d + ": two points in part " + part);
                taken[part] = true;
            }
        }
    }

    @Test
    void tooManyParametersAreRefused() {
        assertMessage("at most 40", () -> Sobol.plain(41));
    }
}
