package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.RecurrentNet;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class SeedsTest {
    private static double[] losses(long seed) {
        RandomStream random = RandomStream.of(seed);
        RecurrentNet<?> net = RecurrentNet.of(Lstm.of(3, 16, random.split("cell")), 2, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 8, 10, 3);
        return Trainer.of(net.parameters(), Optimizer.adam(0.01))
                .train(20, step -> Loss.crossEntropy(net.last(x), 0, 1, 0, 1, 0, 1, 0, 1))
                .losses();
    }

    /** Side by side or one after the other: the same bits, in the order of the seeds. */
    @Test
    void threadsChangeNothing() {
        List<double[]> alone = Seeds.run(4, 1, SeedsTest::losses);
        List<double[]> together = Seeds.run(4, 4, SeedsTest::losses);
        for (int k = 0; k < 4; k++) {
            assertArrayEquals(losses(k + 1), alone.get(k));
            assertArrayEquals(alone.get(k), together.get(k));
        }
    }

    @Test
    void namedExperimentsKeepTheirOrder() {
        Map<String, LongFunction<String>> two = new LinkedHashMap<>();
        two.put("b", seed -> "b" + seed);
        two.put("a", seed -> "a" + seed);
        assertEquals("{b=[b1, b2, b3], a=[a1, a2, a3]}", Seeds.compare(3, two).toString());
    }

    @Test
    void aFailureIsTheRunsOwn() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Seeds.run(3, 2, seed -> {
                    throw new IllegalArgumentException("seed " + seed);
                }));
        assertEquals("seed 1", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Seeds.run(0, seed -> 1));
    }

    @Test
    void spread() {
        assertEquals("2.000 (1.000 to 9.000)", Seeds.spread(9, 1, 2).toString());
        assertEquals(1.5, Seeds.spread(1, 2).middle());
        assertThrows(IllegalArgumentException.class, Seeds::spread);
    }

    @Test
    void aCellWithAHeadReadsEveryStepOrTheLast() {
        RandomStream random = RandomStream.of(1);
        RecurrentNet<?> net = RecurrentNet.of(Gru.of(2, 5, random.split("cell")), 3, random);
        Tensor x = Tensor.normal(random.split("x"), 1, 2, 4, 2);
        float[][] last = net.last(x).toRows();
        assertArrayEquals(net.apply(x).select(1, 3).toRows()[1], last[1]);
        float[][] ragged = net.last(x, 2, 4).toRows();
        assertArrayEquals(net.apply(x).select(1, 1).toRows()[0], ragged[0]);
        assertArrayEquals(last[1], ragged[1]);
        assertArrayEquals(ragged[0], net.apply(x, 2, 4).select(1, 1).toRows()[0]);
        assertEquals(
                net.cell().parameters().count() + 5 * 3 + 3, net.parameters().count());
    }
}
