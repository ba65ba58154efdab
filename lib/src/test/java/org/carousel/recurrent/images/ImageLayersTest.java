package org.carousel.recurrent.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

/** What a place of an image sees, and that the fast order equals place by place. */
class ImageLayersTest {
    private static final RandomStream RANDOM = RandomStream.of(41);

    private static Tensor noise(int... shape) {
        return Tensor.normal(RANDOM, 1, shape);
    }

    /** Place by place, by the definition: no diagonals. */
    private static Tensor placeByPlace(MultidimensionalLstm lstm, Tensor image) {
        int rows = image.size(1);
        int columns = image.size(2);
        int batch = image.size(0);
        Tensor zero = Tensor.zeros(batch, lstm.hiddenSize());
        Lstm.State edge = new Lstm.State(zero, zero);
        Lstm.State[][] all = new Lstm.State[rows][columns];
        Tensor[] h = new Tensor[rows * columns];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                Lstm.State above = r == 0 ? edge : all[r - 1][c];
                Lstm.State before = c == 0 ? edge : all[r][c - 1];
                all[r][c] = lstm.step(image.select(1, r).select(1, c), above, before);
                h[r * columns + c] = all[r][c].h();
            }
        }
        return Tensor.stack(1, h).reshape(batch, rows, columns, lstm.hiddenSize());
    }

    @Test
    void diagonalsEqualPlaceByPlace() {
        for (int[] size : new int[][] {{1, 1}, {1, 4}, {4, 1}, {3, 5}, {5, 3}, {4, 4}}) {
            MultidimensionalLstm lstm = MultidimensionalLstm.of(2, 3, RANDOM);
            Tensor image = noise(2, size[0], size[1], 2);
            assertArrayEquals(
                    placeByPlace(lstm, image).toArray(), lstm.run(image).toArray(), size[0] + "×" + size[1]);
        }
    }

    @Test
    void imageCellsHaveCorrectGradients() {
        Tensor image = noise(1, 3, 4, 2);
        var directions = MultidimensionalLstm.Directions.of(2, 2, RANDOM);
        for (MultidimensionalLstm corner : directions.corners()) {
            corner.p().update(values -> java.util.Arrays.fill(values, 0.2f));
        }
        GradientCheck check =
                GradientCheck.of(Parameters.of("md", directions).and("x", image), () -> directions.run(image));
        assertTrue(check.error() < 3e-3, check.toString());
        image.clearGradient();
        PyramidLstm pyramid = PyramidLstm.of(3, 4, 2, 2, RANDOM);
        check = GradientCheck.of(Parameters.of("pyramid", pyramid).and("x", image), () -> pyramid.run(image));
        assertTrue(check.error() < 3e-3, check.toString());
    }

    @Test
    void everyPlaceSeesTheWholeImageFromFourCorners() {
        var directions = MultidimensionalLstm.Directions.of(1, 2, RANDOM);
        PyramidLstm pyramid = PyramidLstm.of(5, 5, 1, 2, RANDOM);
        Tensor image = noise(1, 5, 5, 1).requiresGradient();
        directions.run(image).select(1, 2).select(1, 2).sum().backward();
        for (float g : image.gradient().toArray()) {
            assertTrue(g != 0);
        }
        image.clearGradient();
        pyramid.run(image).select(1, 2).select(1, 2).sum().backward();
        for (float g : image.gradient().toArray()) {
            assertTrue(g != 0);
        }
        image.clearGradient();
        directions.corners().get(0).run(image).select(1, 2).select(1, 2).sum().backward();
        assertEquals(0, image.gradient().get(0, 3, 1, 0), "one scan sees only above and to the left");
        assertTrue(image.gradient().get(0, 2, 1, 0) != 0);
    }

    /** A pyramid: from the upper side, a place sees three more places on each line above it. */
    @Test
    void aSweepSeesACone() {
        PyramidLstm pyramid = PyramidLstm.of(5, 7, 1, 2, RANDOM);
        Tensor image = noise(1, 5, 7, 1).requiresGradient();
        pyramid.sweeps()
                .get(0)
                .run(image.reshape(1, 5, 7))
                .h()
                .reshape(1, 5, 7, 2)
                .select(1, 3)
                .select(1, 3)
                .sum()
                .backward();
        for (int r = 0; r < 5; r++) {
            for (int c = 0; c < 7; c++) {
                boolean inside = r <= 3 && Math.abs(c - 3) <= 1 + 3 - r;
                assertEquals(inside, image.gradient().get(0, r, c, 0) != 0, r + "," + c);
            }
        }
    }
}
