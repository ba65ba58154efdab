package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void theLastFractionIsHeldOut() {
        assertEquals(new Split<>("abcdefgh", "ij"), Split.last("abcdefghij", 0.2));
        assertEquals(new Split<>(List.of(1, 2), List.of(3)), Split.last(List.of(1, 2, 3), 0.4));
        Split<int[]> tokens = Split.last(new int[] {1, 2, 3, 4}, 0.25);
        assertArrayEquals(new int[] {1, 2, 3}, tokens.training());
        assertArrayEquals(new int[] {4}, tokens.heldOut());
    }

    @Test
    void aSurrogatePairStaysWhole() {
        assertEquals(new Split<>("😀", "😎"), Split.last("😀😎", 0.5));
        assertEquals(new Split<>("a", "😎"), Split.last("a😎", 0.5));
        assertEquals(new Split<>("😎😎", "a"), Split.last("😎😎a", 0.3));
    }

    @Test
    void anEmptyPartIsAnError() {
        for (double fraction : new double[] {0, 1, -0.1, 1.5, Double.NaN}) {
            String message = Samples.messageOf(IllegalArgumentException.class, () -> Split.last("abc", fraction));
            assertEquals("split: the held-out fraction " + fraction + " is not between 0 and 1", message);
        }
        assertFails("abc", 0.1, "split: holding out the fraction 0.1 of 3 elements leaves 3 and 0");
        assertFails("abc", 0.9, "split: holding out the fraction 0.9 of 3 elements leaves 0 and 3");
        assertFails("", 0.5, "split: holding out the fraction 0.5 of 0 elements leaves 0 and 0");
    }

    private static void assertFails(String text, double fraction, String message) {
        assertEquals(message, Samples.messageOf(IllegalArgumentException.class, () -> Split.last(text, fraction)));
    }
}
