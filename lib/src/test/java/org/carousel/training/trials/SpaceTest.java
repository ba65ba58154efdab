package org.carousel.training.trials;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class SpaceTest {
    private static final Space ALL = Space.of(
            Parameter.uniform("noise", -1, 3),
            Parameter.logUniform("rate", 1e-4, 10),
            Parameter.whole("layers", 1, 3),
            Parameter.logWhole("cells", 2, 200),
            Parameter.choice("optimiser", "sgd", "adam"),
            Parameter.inTurn("cell", "a", "b", "c"));

    @Test
    void everyValueLiesInItsRangeAndReadsBackFromItsText() {
        Set<String> layers = new HashSet<>();
        Set<String> optimisers = new HashSet<>();
        int lowRates = 0;
        int smallCells = 0;
        for (int n = 0; n < 3000; n++) {
            Configuration c = ALL.draw(n, RandomStream.of(5).split(n));
            assertTrue(c.number("noise") >= -1 && c.number("noise") <= 3, c.toString());
            assertTrue(c.number("rate") >= 1e-4 && c.number("rate") <= 10, c.toString());
            assertTrue(c.whole("cells") >= 2 && c.whole("cells") <= 200, c.toString());
            assertEquals(List.of("a", "b", "c").get(n % 3), c.text("cell"));
            layers.add(c.text("layers"));
            optimisers.add(c.text("optimiser"));
            lowRates += c.number("rate") < 1e-2 ? 1 : 0;
            smallCells += c.whole("cells") < 20 ? 1 : 0;
            for (Parameter p : ALL.parameters()) {
                assertEquals(c.values().get(p.name()), p.parse(c.text(p.name())));
                double u = p.unit(c.values().get(p.name()));
                assertTrue(u >= 0 && u <= 1, p + " at " + u);
                if (p.drawn()) {
                    assertEquals(c.values().get(p.name()), p.at(n, u), p.toString());
                }
            }
        }
        assertEquals(Set.of("1", "2", "3"), layers);
        assertEquals(Set.of("sgd", "adam"), optimisers);
        assertEquals(0.4, lowRates / 3000.0, 0.04); // two of five orders of magnitude
        assertEquals(Math.log(10) / Math.log(100.5), smallCells / 3000.0, 0.04);
    }

    @Test
    void endsOfTheUnitIntervalAreEndsOfTheRange() {
        double most = Math.nextDown(1.0);
        assertEquals(-1.0, ALL.parameter("noise").at(0, 0));
        assertEquals(3.0, ALL.parameter("noise").at(0, most));
        assertEquals(1e-4, ALL.parameter("rate").at(0, 0));
        assertEquals(10.0, ALL.parameter("rate").at(0, most));
        assertEquals(3, ALL.parameter("layers").at(0, most));
        assertEquals(2, ALL.parameter("cells").at(0, 0));
        assertEquals(200, ALL.parameter("cells").at(0, most));
        assertEquals("adam", ALL.parameter("optimiser").at(0, most));
    }

    @Test
    void numbersAreWrittenWithAsFewDigitsAsGiveThemBack() {
        assertEquals("0.1", Numbers.text(0.1));
        assertEquals("0.30000000000000004", Numbers.text(0.1 + 0.2));
        assertEquals("1000000", Numbers.text(1e6));
        assertEquals("1E-10", Numbers.text(1e-10));
        assertEquals("-0", Numbers.text(-0.0));
        assertEquals("NaN", Numbers.text(Double.NaN));
        assertEquals("-Infinity", Numbers.text(Double.NEGATIVE_INFINITY));
        RandomStream random = RandomStream.of(3);
        for (int n = 0; n < 2000; n++) {
            double value = Double.longBitsToDouble(random.nextLong());
            assertEquals(value, Double.parseDouble(Numbers.text(value)));
        }
        assertEquals(0.333333, Numbers.drawn(1 / 3.0));
    }

    @Test
    void badSpacesAreRefused() {
        assertMessage("no parameters", () -> Space.of());
        assertMessage(
                "two parameters of the name x",
                () -> Space.of(Parameter.uniform("x", 0, 1), Parameter.whole("x", 0, 1)));
        assertMessage("low must be below high", () -> Parameter.uniform("x", 1, 0));
        assertMessage("low must be below high", () -> Parameter.uniform("x", 0, Double.NaN));
        assertMessage("low must be below high", () -> Parameter.whole("x", 3, 3));
        assertMessage("the logarithm of 0", () -> Parameter.logUniform("x", 0, 1));
        assertMessage("low must be above 0", () -> Parameter.logWhole("x", -4, 1));
        assertMessage("no two may be equal", () -> Parameter.choice("x", "a", "a"));
        assertMessage("at least one", () -> Parameter.choice("x"));
        assertMessage("a name is needed", () -> Parameter.choice(" ", "a"));
        assertMessage("5 parameters are drawn", () -> ALL.at(0, 0.5));
        assertMessage("no parameter speed", () -> ALL.parameter("speed"));
        assertMessage("has no value c", () -> ALL.parameter("optimiser").parse("c"));
        assertMessage("no speed; there are [noise,", () -> ALL.draw(0, RandomStream.of(1))
                .number("speed"));
    }
}
