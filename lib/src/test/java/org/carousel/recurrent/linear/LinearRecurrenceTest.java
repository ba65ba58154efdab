package org.carousel.recurrent.linear;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LinearRecurrenceTest {
    static Stream<Variants.Variant> variants() {
        return Variants.linear().stream();
    }

    @Test
    void scanByHand() {
        Tensor a = Tensor.wrap(new float[] {0.5f, 2, 0.25f}, 1, 3, 1);
        Tensor b = Tensor.wrap(new float[] {1, 3, 2}, 1, 3, 1);
        Sequence<Tensor> h = Scan.run(a, b, Tensor.wrap(new float[] {4}, 1, 1), 3);
        assertArrayEquals(new float[] {3, 9, 4.25f}, h.h().toArray());
        assertArrayEquals(new float[] {4.25f}, h.last().toArray());
        Sequence<Tensor> two = Scan.run(a, b, Tensor.wrap(new float[] {4}, 1, 1), 2);
        assertArrayEquals(new float[] {3, 9, 0}, two.h().toArray());
        assertArrayEquals(new float[] {9}, two.last().toArray());
        Sequence<Tensor> none = Scan.run(a, b, Tensor.wrap(new float[] {4}, 1, 1), 0);
        assertArrayEquals(new float[] {0, 0, 0}, none.h().toArray());
        assertArrayEquals(new float[] {4}, none.last().toArray());
    }

    /** Odd sizes and ragged lengths, both through the outputs and through the last state. */
    @Test
    void scanHasTheGradientsOfDifferences() {
        RandomStream random = RandomStream.of(3);
        Tensor a = Tensor.uniform(random, 0.2, 1.1, 3, 5, 7);
        Tensor b = Tensor.normal(random, 1, 3, 5, 7);
        Tensor first = Tensor.normal(random, 1, 3, 7);
        Parameters all = Parameters.of("a", a).and("b", b).and("h0", first);
        GradientCheck check = GradientCheck.of(all, () -> {
            Sequence<Tensor> h = Scan.run(a, b, first, 5, 0, 3);
            return Tensor.concat(1, h.h(), h.last().reshape(3, 1, 7));
        });
        assertTrue(check.error() < 3e-3, check.toString());
    }

    /** Longer than a piece of linear attention, so that pieces join; forward and every gradient. */
    @ParameterizedTest
    @MethodSource("variants")
    void theParallelFormEqualsTheSteps(Variants.Variant variant) {
        Cell<?> cell = variant.cell(3, 5, RandomStream.of(7));
        compare(cell);
    }

    private static <S> void compare(Cell<S> cell) {
        Tensor x = Tensor.normal(RandomStream.of(8), 1, 2, 131, 3).requiresGradient();
        Tensor w = Tensor.normal(RandomStream.of(9), 1, 2, 131, 5);
        int[] lengths = {131, 77};
        float[][] results = new float[2][];
        float[][] dx = new float[2][];
        for (int form = 0; form < 2; form++) {
            Sequence<S> y =
                    form == 0 ? cell.unroll(x, cell.initial(2), lengths) : cell.run(x, cell.initial(2), lengths);
            cell.parameters().clearGradients();
            x.clearGradient();
            y.h().times(w).sum().backward();
            results[form] = y.h().toArray();
            dx[form] = x.gradient().toArray();
        }
        assertClose(results[0], results[1], 2e-5);
        assertClose(dx[0], dx[1], 1e-4);
    }

    private static void assertClose(float[] expected, float[] actual, double tolerance) {
        double largest = 0;
        for (float value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], tolerance * largest, "element " + i);
        }
    }

    @Test
    void scanNamesWhatDoesNotFit() {
        Tensor b = Tensor.zeros(2, 3, 4);
        String text = assertThrows(
                        IllegalArgumentException.class,
                        () -> Scan.run(Tensor.zeros(2, 3, 5), b, Tensor.zeros(2, 4), 3, 3))
                .getMessage();
        assertTrue(text.startsWith("scan: a [2×3×5]"), text);
        assertThrows(IllegalArgumentException.class, () -> Scan.run(b, b, Tensor.zeros(2, 5), 3, 3));
        assertThrows(IllegalArgumentException.class, () -> Scan.run(b, b, Tensor.zeros(2, 4), 3, 4));
    }
}
