package org.carousel.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

/** What is made of cells, and cells over more dimensions than time. */
class WrapperTest {
    private static final RandomStream RANDOM = RandomStream.of(41);

    private static Tensor noise(int... shape) {
        return Tensor.normal(RANDOM, 1, shape);
    }

    @Test
    void bidirectionalReadsEachSequenceFromItsOwnEnd() {
        Bidirectional<Lstm.State> both = new Bidirectional<>(Lstm.of(2, 3, RANDOM), Lstm.of(2, 4, RANDOM));
        Tensor x = noise(2, 5, 2);
        Tensor together = both.run(x, 5, 3).h();
        Tensor alone = both.run(x.slice(0, 1, 2).slice(1, 0, 3)).h();
        assertArrayEquals(
                alone.toArray(), together.slice(0, 1, 2).slice(1, 0, 3).toArray());
        for (float behind : together.slice(0, 1, 2).slice(1, 3, 5).toArray()) {
            assertEquals(0, behind);
        }
        Tensor last = x.select(1, 4).slice(0, 0, 1);
        Tensor first = both.backward()
                .output(both.backward().step(last, both.backward().initial(1)));
        assertEquals(first.get(0, 0), together.get(0, 4, 3), 1e-6);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Bidirectional<>(Lstm.of(2, 3, RANDOM), Lstm.of(3, 3, RANDOM)));
    }

    @Test
    void bidirectionalGradients() {
        Bidirectional<Tensor> both = new Bidirectional<>(Elman.of(2, 3, RANDOM), Elman.of(2, 3, RANDOM));
        Tensor x = noise(2, 4, 2);
        GradientCheck check = GradientCheck.of(
                Parameters.of("both", both).and("x", x), () -> both.run(x, 4, 4).h());
        assertTrue(check.error() < 3e-3, check.toString());
    }

    @Test
    void aStackRunsLayerByLayerAndStepByStepAlike() {
        Stacked<Lstm.State> stack = new Stacked<>(List.of(Lstm.of(2, 5, RANDOM), Lstm.of(5, 3, RANDOM)));
        Tensor x = noise(2, 6, 2);
        float[] fast = stack.run(x).h().toArray();
        float[] slow = stack.unroll(x, stack.initial(2)).h().toArray();
        assertEquals(slow.length, fast.length);
        for (int i = 0; i < slow.length; i++) {
            assertEquals(slow[i], fast[i], 1e-5);
        }
        Tensor ragged = stack.run(x, stack.initial(2), 6, 2).h();
        assertArrayEquals(
                stack.run(x.slice(0, 1, 2).slice(1, 0, 2)).h().toArray(),
                ragged.slice(0, 1, 2).slice(1, 0, 2).toArray());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> new Stacked<>(List.of(Lstm.of(2, 5, RANDOM), Lstm.of(4, 3, RANDOM))))
                .getMessage()
                .contains("cell 1 reads 4 values where the one below puts out 5"));
    }

    @Test
    void aStackShowsAllItsLayers() {
        Stacked<Lstm.State> stack = new Stacked<>(List.of(Lstm.of(2, 5, RANDOM), Lstm.of(5, 3, RANDOM)));
        Tensor x = noise(2, 6, 2);
        var seen = stack.inspect(x, stack.initial(2));
        assertEquals("[2×6×5]", seen.get("0.f").shapeText());
        assertEquals("[2×6×3]", seen.get("1.c").shapeText());
        assertArrayEquals(seen.get("1.h").toArray(), seen.get("h").toArray());
        float[] run = stack.run(x).h().toArray();
        for (int i = 0; i < run.length; i++) {
            assertEquals(run[i], seen.get("h").toArray()[i], 1e-5);
        }
    }

    @Test
    void dropoutBetweenLayersLeavesTheBottomAlone() {
        Stacked<Tensor> stack = new Stacked<>(List.of(Elman.of(2, 5, RANDOM), Elman.of(5, 3, RANDOM)));
        Tensor x = noise(2, 6, 2);
        var plain = stack.run(x);
        var dropped = stack.run(x, stack.initial(2), new Dropout(0.5), RandomStream.of(1));
        assertArrayEquals(plain.last().get(0).toArray(), dropped.last().get(0).toArray());
        assertTrue(!java.util.Arrays.equals(plain.h().toArray(), dropped.h().toArray()));
        var none = stack.run(x, stack.initial(2), new Dropout(0), RandomStream.of(1));
        assertArrayEquals(plain.h().toArray(), none.h().toArray());
    }

    @Test
    void dropoutKeepsTheMean() {
        Tensor y = new Dropout(0.25).apply(Tensor.ones(100, 100), RandomStream.of(3));
        int zeros = 0;
        for (float v : y.toArray()) {
            assertTrue(v == 0 || Math.abs(v - 4.0 / 3) < 1e-6);
            zeros += v == 0 ? 1 : 0;
        }
        assertEquals(2500, zeros, 150);
        assertThrows(IllegalArgumentException.class, () -> new Dropout(1));
    }

    @Test
    void raggedBatches() {
        Tensor x = Tensor.of(1, 2, 3, 4, 5, 6).reshape(2, 3, 1);
        assertArrayEquals(new float[] {1, 2, 0, 4, 5, 6}, Ragged.mask(x, 2, 3).toArray());
        assertArrayEquals(
                new float[] {2, 1, 0, 6, 5, 4}, Ragged.reverse(x, 2, 3).toArray());
        assertArrayEquals(new float[] {2, 0}, Ragged.last(x, 2, 0).toArray());
        assertEquals(
                "mask: length 4 of a sequence is outside 0..3, the steps of [2×3×1]",
                assertThrows(IllegalArgumentException.class, () -> Ragged.mask(x, 4, 3))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Ragged.mask(x, 1));
    }

    @Test
    void ticksComeBehindTheSequence() {
        Tensor y = TickerSteps.append(Tensor.of(1, 2, 3, 4).reshape(1, 2, 2), 2);
        assertArrayEquals(new float[] {1, 2, 0, 3, 4, 0, 0, 0, 1, 0, 0, 1}, y.toArray());
        assertEquals("[1×4×3]", y.shapeText());
        assertThrows(IllegalArgumentException.class, () -> TickerSteps.append(Tensor.zeros(1, 2), 1));
    }
}
