package org.carousel.recurrent.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

/** What a place of a volume sees through each sweep, and that the six are what they should be. */
class VolumePyramidLstmTest {
    private static final int[] SIZE = {5, 6, 7};

    private static Tensor noise(int... shape) {
        return Tensor.normal(RandomStream.of(3), 1, shape);
    }

    @Test
    void eachSweepSeesItsPyramidAndAllSixTheVolume() {
        VolumePyramidLstm net = VolumePyramidLstm.of(5, 6, 7, 1, 2, RandomStream.of(1));
        int[] from = {2, 3, 3};
        for (int direction = 0; direction <= 6; direction++) {
            Tensor volume = noise(1, 5, 6, 7, 1).requiresGradient();
            Tensor h = direction == 6 ? net.run(volume) : net.sweep(direction, volume);
            assertArrayEquals(new int[] {1, 5, 6, 7, 2}, h.shape());
            h.select(1, from[0]).select(1, from[1]).select(1, from[2]).sum().backward();
            for (int p = 0; p < 5 * 6 * 7; p++) {
                int[] place = {p / 42, p / 7 % 6, p % 7};
                boolean seen = direction == 6 || inPyramid(direction, from, place);
                assertEquals(
                        seen,
                        volume.gradient().toArray()[p] != 0,
                        direction + ": " + List.of(place[0], place[1], place[2]));
            }
        }
    }

    /** The plane of the place itself and one place more to all sides for every plane before. */
    private static boolean inPyramid(int direction, int[] from, int[] place) {
        int axis = direction / 2;
        int back = (from[axis] - place[axis]) * (direction % 2 == 0 ? 1 : -1);
        for (int a = 0; a < SIZE.length; a++) {
            if (a != axis && Math.abs(from[a] - place[a]) > 1 + back) {
                return false;
            }
        }
        return back >= 0;
    }

    @Test
    void gradientsAreRight() {
        VolumePyramidLstm net = VolumePyramidLstm.of(2, 3, 4, 2, 2, RandomStream.of(4));
        Tensor volume = noise(1, 2, 3, 4, 2);
        GradientCheck check = GradientCheck.of(Parameters.of("net", net).and("x", volume), () -> net.run(volume));
        assertTrue(check.error() < 3e-3, check.toString());
    }

    /** A volume of one plane, seen along rows and columns only, is what the image's sweeps see. */
    @Test
    void onePlaneIsAnImage() {
        VolumePyramidLstm volumes = VolumePyramidLstm.of(1, 4, 5, 2, 3, RandomStream.of(5));
        PyramidLstm images = PyramidLstm.of(4, 5, 2, 3, RandomStream.of(6));
        for (int k = 0; k < 4; k++) {
            float[] middle = images.sweeps().get(k).parameters().get("WR").toArray();
            Tensor wide = volumes.sweeps().get(k + 2).parameters().get("WR");
            int channels = 5;
            wide.update(
                    w -> { // 3×3 kernels whose middle row is the image's
                        java.util.Arrays.fill(w, 0);
                        for (int row = 0; row < wide.size(0); row++) {
                            System.arraycopy(
                                    middle, row * 3 * channels, w, row * 9 * channels + 3 * channels, 3 * channels);
                        }
                    });
        }
        Tensor image = noise(2, 4, 5, 2);
        Tensor seen = volumes.sweep(2, image.reshape(2, 1, 4, 5, 2));
        for (int k = 3; k < 6; k++) {
            seen = seen.plus(volumes.sweep(k, image.reshape(2, 1, 4, 5, 2)));
        }
        Tensor expected = images.run(image);
        assertArrayEquals(expected.toArray(), seen.reshape(2, 4, 5, 3).toArray(), 1e-6f);
    }

    @Test
    void wrongShapesAreNamed() {
        VolumePyramidLstm net = VolumePyramidLstm.of(2, 3, 4, 1, 2, RandomStream.of(7));
        var error = assertThrows(IllegalArgumentException.class, () -> net.run(noise(2, 3, 4, 1)));
        assertTrue(error.getMessage().contains("[batch×planes×rows×columns×channels]"), error.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> new VolumePyramidLstm(net.sweeps().subList(0, 4)));
    }
}
