package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextWindowsTest {
    @Test
    void rowsContinueFromWindowToWindow() {
        TextWindows windows = TextWindows.of(IntStream.range(0, 14).toArray(), 2, 3);
        assertEquals(2, windows.count());
        assertArrayEquals(new int[][] {{0, 1, 2}, {6, 7, 8}}, windows.window(0).inputs());
        assertArrayEquals(new int[][] {{1, 2, 3}, {7, 8, 9}}, windows.window(0).targets());
        assertArrayEquals(
                new int[][] {{3, 4, 5}, {9, 10, 11}}, windows.window(1).inputs());
        assertArrayEquals(
                new int[][] {{4, 5, 6}, {10, 11, 12}}, windows.window(1).targets());
    }

    @Test
    void theyCoverTheSequenceOnceInOrder() {
        int[][] shapes = {{1, 1}, {3, 1}, {1, 5}, {4, 7}, {5, 4}};
        for (int[] shape : shapes) {
            int batch = shape[0];
            int steps = shape[1];
            for (int length = batch * steps + 1; length < 6 * batch * steps; length++) {
                TextWindows windows = TextWindows.of(IntStream.range(0, length).toArray(), batch, steps);
                int used = windows.count() * batch * steps;
                assertTrue(used < length && length <= used + batch * steps, "unused tokens do not fill a window");
                int[] seen = new int[used];
                int column = 0;
                for (TextWindows.Window window : windows) {
                    for (int b = 0; b < batch; b++) {
                        for (int t = 0; t < steps; t++) {
                            int at = b * (used / batch) + column + t;
                            assertEquals(at, window.inputs()[b][t]);
                            assertEquals(at + 1, window.targets()[b][t]);
                            seen[at]++;
                        }
                    }
                    column += steps;
                }
                assertTrue(Arrays.stream(seen).allMatch(n -> n == 1));
            }
        }
    }

    @Test
    void nobodyCanChangeThem() {
        int[] tokens = {0, 1, 2, 3};
        TextWindows windows = TextWindows.of(tokens, 1, 3);
        tokens[0] = 9;
        windows.window(0).inputs()[0][1] = 9;
        assertArrayEquals(new int[][] {{0, 1, 2}}, windows.window(0).inputs());
    }

    @Test
    void tooFewTokensAreCounted() {
        assertEquals(1, TextWindows.of(new int[7], 2, 3).count());
        assertFails(
                new int[6],
                2,
                3,
                "text windows: only 6 tokens, but one window of batch 2 × steps 3 needs at least 7"
                        + " (each input has the next token as target)");
        assertFails(
                new int[0],
                1,
                1,
                "text windows: there are no tokens, but one window of batch 1 × steps 1 needs at least 2"
                        + " (each input has the next token as target)");
        assertFails(
                new int[9],
                65536,
                65536,
                "text windows: only 9 tokens, but one window of batch 65536 × steps 65536 needs at least 4294967297"
                        + " (each input has the next token as target)");
    }

    @Test
    void badShapesAndIndicesAreNamed() {
        assertFails(new int[9], 0, 3, "text windows: batch 0 and steps 3 must both be at least 1");
        assertFails(new int[9], 3, -1, "text windows: batch 3 and steps -1 must both be at least 1");
        TextWindows windows = TextWindows.of(new int[9], 2, 2);
        for (int k : new int[] {-1, 2}) {
            String message = Samples.messageOf(IllegalArgumentException.class, () -> windows.window(k));
            assertEquals("window: " + k + " is not in 0..1", message);
        }
    }

    private static void assertFails(int[] tokens, int batch, int steps, String message) {
        assertEquals(
                message, Samples.messageOf(IllegalArgumentException.class, () -> TextWindows.of(tokens, batch, steps)));
    }
}
