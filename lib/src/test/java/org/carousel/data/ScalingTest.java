package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.carousel.layers.TimeFeatures;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ScalingTest {
    @Test
    void oneOutlierOfAMillion() {
        RandomStream r = RandomStream.of(1);
        double[] v = new double[1000];
        for (int i = 0; i < v.length; i++) {
            v[i] = r.nextGaussian();
        }
        v[17] = 1e6;
        assertTrue(Scaling.standard(v).apply(v[17]) > 31);
        Scaling robust = Scaling.robust(4, v);
        double[] z = robust.apply(v);
        double squares = 0;
        for (int i = 0; i < z.length; i++) {
            assertTrue(Math.abs(z[i]) <= 4, "value " + i + ": " + z[i]);
            squares += z[i] * z[i] / z.length;
            if (i != 17) {
                assertEquals(v[i], robust.inverse(z[i]), 1e-6, "value " + i);
            }
        }
        assertEquals(1, squares, 1e-9);
        assertTrue(Double.isFinite(robust.inverse(z[17])));
        assertTrue(robust.apply(1) - robust.apply(-1) > 0.5); // the others are spread out again
    }

    @Test
    void constantAndBadColumns() {
        assertArrayEquals(new double[3], Scaling.robust(3, 7, 7, 7).apply(7, 7, 7));
        assertEquals(7, Scaling.standard(7, 7).inverse(0));
        String message = Objects.requireNonNull(
                assertThrows(IllegalArgumentException.class, () -> Scaling.standard(1, Double.NaN))
                        .getMessage());
        assertTrue(message.contains("value 1 is NaN"), message);
        assertThrows(IllegalArgumentException.class, () -> Scaling.standard());
        assertThrows(IllegalArgumentException.class, () -> Scaling.robust(0.5, 1, 2));
    }

    @Test
    void timeFeatures() {
        Tensor x = Tensor.wrap(new float[] {1, 2, 3}, 1, 3, 1);
        assertArrayEquals(
                new float[] {0, 1, 1, 2, 2, 3}, TimeFeatures.window(x, 2).toArray());
        assertArrayEquals(x.toArray(), TimeFeatures.window(x, 1).toArray());
        assertThrows(IllegalArgumentException.class, () -> TimeFeatures.window(x, 4));
        assertArrayEquals(new float[] {0, 1, 1, 0}, TimeFeatures.waves(2, 4).toArray(), 1e-6f);
        assertEquals(1, TimeFeatures.bumps(9, 3).get(1, 0), 0.02);
        assertEquals("[1×3×2]", TimeFeatures.beside(x, TimeFeatures.index(3)).shapeText());
        assertThrows(IllegalArgumentException.class, () -> TimeFeatures.beside(x, TimeFeatures.index(4)));
        assertThrows(IllegalArgumentException.class, () -> TimeFeatures.waves(3, 0));
    }
}
