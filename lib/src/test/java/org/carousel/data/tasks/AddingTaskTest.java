package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleBinaryOperator;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The adding and the multiplication task, whose sequences are made alike. */
class AddingTaskTest {
    @Test
    void modernTargetIsTheSumOfTheMarked() {
        for (int steps : new int[] {2, 3, 20, 101}) {
            Regression r = AddingTask.modern(steps).batch(RandomStream.of(steps), 50);
            assertEquals("[50×" + steps + "×2]", r.x().shapeText());
            assertEquals("[50×1]", r.target().shapeText());
            for (int b = 0; b < 50; b++) {
                assertEquals(steps, r.lengths()[b]);
                double sum = 0;
                int[] marksOfHalf = new int[2];
                for (int t = 0; t < steps; t++) {
                    float value = r.x().get(b, t, 0);
                    float marker = r.x().get(b, t, 1);
                    assertTrue(value >= 0 && value < 1);
                    assertTrue(marker == 0 || marker == 1);
                    sum += value * marker;
                    marksOfHalf[t < steps / 2 ? 0 : 1] += (int) marker;
                }
                assertArrayEquals(new int[] {1, 1}, marksOfHalf);
                assertEquals(sum, r.target().get(b, 0), 1e-6);
            }
        }
    }

    @Test
    void originalSequencesAreThoseOfThePaper() {
        for (int steps : new int[] {11, 20, 100}) {
            checkOriginal(
                    AddingTask.original(steps).batch(RandomStream.of(1), 2000),
                    steps,
                    -1,
                    0,
                    (a, c) -> 0.5 + (a + c) / 4);
            checkOriginal(MultiplicationTask.of(steps).batch(RandomStream.of(1), 2000), steps, 0, 1, (a, c) -> a * c);
        }
    }

    private static void checkOriginal(Regression r, int steps, float low, float neutral, DoubleBinaryOperator target) {
        boolean[] seenLength = new boolean[steps / 10 + 1];
        int onFirst = 0;
        boolean negative = false;
        for (int b = 0; b < 2000; b++) {
            int length = r.lengths()[b];
            seenLength[length - steps] = true;
            assertEquals(-1, r.x().get(b, 0, 1));
            assertEquals(-1, r.x().get(b, length - 1, 1));
            double[] marked = {neutral, neutral};
            int marks = 0;
            int firstMark = -1;
            for (int t = 0; t < r.x().size(1); t++) {
                float value = r.x().get(b, t, 0);
                float marker = r.x().get(b, t, 1);
                assertTrue(t < length ? value >= low && value <= 1 : value == 0 && marker == 0);
                negative |= value < 0;
                if (marker == 1) {
                    marked[marks++] = value;
                    firstMark = firstMark < 0 ? t : firstMark;
                    assertTrue(t > 0 && t < Math.max(10, steps / 2), "mark at " + t);
                } else {
                    assertEquals(t == 0 || t == length - 1 ? -1 : 0, marker);
                }
            }
            assertEquals(target.applyAsDouble(marked[0], marked[1]), r.target().get(b, 0), 1e-6);
            if (marks == 1) {
                onFirst++;
                assertEquals(neutral, r.x().get(b, 0, 0));
            } else {
                assertEquals(2, marks);
                assertTrue(firstMark < 10);
            }
        }
        // 1/10 for the first mark, and 1/(T/2-1) of the rest for the second
        double expected = 2000 * (0.1 + 0.9 / (steps / 2 - 1));
        assertEquals(expected, onFirst, 5 * Math.sqrt(expected));
        for (boolean seen : seenLength) {
            assertTrue(seen, "every length occurs");
        }
        assertEquals(low < 0, negative);
    }

    @Test
    void chanceIsTheVarianceOfTheTarget() {
        checkChance(
                AddingTask.modern(30).batch(RandomStream.of(2), 20_000),
                AddingTask.modern(30).chance(),
                0.03);
        // the rare mark on the first pair moves it a little
        checkChance(
                AddingTask.original(2000).batch(RandomStream.of(2), 2000),
                AddingTask.original(2000).chance(),
                0.1);
        checkChance(
                MultiplicationTask.of(2000).batch(RandomStream.of(2), 2000),
                MultiplicationTask.of(2000).chance(),
                0.2);
    }

    private static void checkChance(Regression r, double chance, double tolerance) {
        Tensor mean = r.target().mean();
        double variance = r.target().minus(mean).squared().mean().item();
        assertEquals(1, variance / chance, tolerance);
    }

    @Test
    void wrongCountsWhatIsOff() {
        Regression r = AddingTask.original(20).batch(RandomStream.of(3), 4);
        assertEquals(0, r.wrong(r.target(), AddingTask.TOLERANCE));
        assertEquals(0, r.wrong(r.target().plus(0.039), AddingTask.TOLERANCE));
        assertEquals(4, r.wrong(r.target().minus(0.041), AddingTask.TOLERANCE));
        float[] one = r.target().toArray();
        one[2] = Float.NaN;
        assertEquals(1, r.wrong(Tensor.wrap(one, 4, 1), AddingTask.TOLERANCE));
        Check.fails(
                "wrong: prediction [4] and target [4×1] differ; one number per target is needed",
                () -> r.wrong(Tensor.zeros(4), 0.1));
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "80ab25fb", random -> Check.parts(AddingTask.original(40).batch(random, 8)));
        Check.reproducible(
                "7369d3da", random -> Check.parts(AddingTask.modern(40).batch(random, 8)));
        Check.reproducible(
                "a7c671c3", random -> Check.parts(MultiplicationTask.of(40).batch(random, 8)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "AddingTask.modern: steps 1 must be in 2..16777216 (one pair is marked in each half)",
                () -> AddingTask.modern(1));
        Check.fails(
                "AddingTask.original: steps 10 must be in 11..16777216"
                        + " (the first mark is among 10 pairs, the last pair is never marked)",
                () -> AddingTask.original(10));
        Check.fails(
                "multiplication: steps 10 must be in 11..16777216"
                        + " (the first mark is among 10 pairs, the last pair is never marked)",
                () -> MultiplicationTask.of(10));
        for (AddingTask task : new AddingTask[] {AddingTask.modern(5), AddingTask.original(11)}) {
            Check.fails(
                    "batch: batch -1 must be at least 1 (the number of sequences)",
                    () -> task.batch(RandomStream.of(1), -1));
        }
    }
}
