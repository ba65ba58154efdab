package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MovingDigitsTest {
    @Test
    void bitmapsAreTenDifferentDigits() {
        Set<String> pictures = new HashSet<>();
        for (int digit = 0; digit <= 9; digit++) {
            Tensor bitmap = MovingDigits.bitmap(digit);
            assertEquals("[7×5]", bitmap.shapeText());
            assertTrue(bitmap.select(0, 0).sum().item() > 0, "the top row is used");
            assertTrue(bitmap.select(0, 6).sum().item() > 0, "the bottom row is used");
            pictures.add(Arrays.toString(bitmap.toArray()));
        }
        assertEquals(10, pictures.size());
        float[][] one = {
            {0, 0, 1, 0, 0},
            {0, 1, 1, 0, 0},
            {0, 0, 1, 0, 0},
            {0, 0, 1, 0, 0},
            {0, 0, 1, 0, 0},
            {0, 0, 1, 0, 0},
            {0, 1, 1, 1, 0}
        };
        assertArrayEquals(Tensor.of(one).toArray(), MovingDigits.bitmap(1).toArray());
    }

    @Test
    void framesShowTheDigitsAtTheirPlaces() {
        for (int digits = 1; digits <= 2; digits++) {
            MovingDigits.Films films = MovingDigits.of(digits).batch(RandomStream.of(digits), 20, 30);
            assertEquals("[20×30×16×16]", films.frames().shapeText());
            assertEquals("[20×30×" + digits + "×2]", films.places().shapeText());
            int overlaps = 0;
            for (int b = 0; b < 20; b++) {
                for (int t = 0; t < 30; t++) {
                    float[][] expected = new float[16][16];
                    double mass = 0;
                    for (int n = 0; n < digits; n++) {
                        Tensor bitmap = MovingDigits.bitmap(films.digits()[b][n]);
                        mass += bitmap.sum().item();
                        for (int r = 0; r < 7; r++) {
                            for (int c = 0; c < 5; c++) {
                                int row = (int) films.places().get(b, t, n, 0) + r;
                                int column = (int) films.places().get(b, t, n, 1) + c;
                                expected[row][column] = Math.max(expected[row][column], bitmap.get(r, c));
                            }
                        }
                    }
                    Tensor frame = films.frames().select(0, b).select(0, t);
                    assertArrayEquals(Tensor.of(expected).toArray(), frame.toArray());
                    assertTrue(frame.sum().item() <= mass);
                    overlaps += frame.sum().item() < mass ? 1 : 0;
                }
            }
            if (digits == 1) {
                assertEquals(0, overlaps, "one digit keeps its mass");
            } else {
                assertTrue(overlaps > 20 && overlaps < 580, overlaps + " overlaps");
            }
        }
    }

    @Test
    void placesAreThoseOfABallBetweenTwoWalls() {
        MovingDigits.Films films = MovingDigits.of(1).batch(RandomStream.of(3), 400, 40);
        Set<String> velocities = new HashSet<>();
        Set<Integer> digits = new HashSet<>();
        for (int b = 0; b < 400; b++) {
            Set<Integer> down = speeds(films.places(), b, 0, 9);
            Set<Integer> right = speeds(films.places(), b, 1, 11);
            assertTrue(!down.isEmpty() && !right.isEmpty(), "no speed explains film " + b);
            assertTrue(!down.contains(0) || !right.contains(0), "film " + b + " stands still");
            down.forEach(d -> right.forEach(r -> velocities.add(d + "," + r)));
            digits.add(films.digits()[b][0]);
        }
        assertEquals(24, velocities.size(), "every velocity occurs");
        assertEquals(10, digits.size());
    }

    /** The speeds v for which folding p(0) + v·t into 0..last gives all places of a film. */
    private static Set<Integer> speeds(Tensor places, int b, int axis, int last) {
        Set<Integer> speeds = new HashSet<>();
        for (int v = -2; v <= 2; v++) {
            boolean fits = true;
            for (int t = 0; t < places.size(1); t++) {
                int unfolded = Math.floorMod((int) places.get(b, 0, 0, axis) + v * t, 2 * last);
                fits &= places.get(b, t, 0, axis) == Math.min(unfolded, 2 * last - unfolded);
            }
            if (fits) {
                speeds.add(v);
            }
        }
        return speeds;
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible("c58a0b52", random -> {
            MovingDigits.Films films = MovingDigits.of(2).batch(random, 3, 10);
            return new Object[] {films.frames(), films.digits(), films.places()};
        });
    }

    @Test
    void badArgumentsAreNamed() {
        for (int digits : new int[] {0, 3}) {
            Check.fails(
                    "moving digits: digits " + digits + " must be in 1..2 (more do not fit into 16×16 pixels)",
                    () -> MovingDigits.of(digits));
        }
        Check.fails("batch: steps 0 must be at least 1 (the number of pictures of a film)", () -> MovingDigits.of(1)
                .batch(RandomStream.of(1), 1, 0));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> MovingDigits.of(1)
                .batch(RandomStream.of(1), 0, 1));
        Check.fails("bitmap: digit 10 must be in 0..9 (a decimal digit)", () -> MovingDigits.bitmap(10));
    }
}
