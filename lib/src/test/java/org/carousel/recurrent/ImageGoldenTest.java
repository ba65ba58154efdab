package org.carousel.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.carousel.layers.Layer;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.SafeTensors;
import org.junit.jupiter.api.Test;

/** The cells over images against the papers' equations in PyTorch, float64; see golden/images.py. */
class ImageGoldenTest {
    private static final double TOLERANCE = 1e-5;

    @Test
    void multidimensional() {
        MultidimensionalLstm.Directions layer = MultidimensionalLstm.Directions.of(2, 3, RandomStream.of(1));
        compare("md", layer, layer::run);
    }

    @Test
    void pyramid() {
        PyramidLstm layer = PyramidLstm.of(3, 4, 2, 3, RandomStream.of(1));
        compare("pyramid", layer, layer::run);
    }

    private static void compare(String name, Layer layer, UnaryOperator<Tensor> run) {
        Map<String, Tensor> v = golden(name);
        layer.parameters().forEach(p -> p.getValue().update(values -> {
            float[] given = get(v, p.getKey()).toArray();
            assertEquals(values.length, given.length, p.getKey());
            System.arraycopy(given, 0, values, 0, given.length);
        }));
        Tensor image = get(v, "image").requiresGradient();
        Tensor y = run.apply(image);
        assertClose("y", get(v, "y"), y);
        y.times(get(v, "w")).sum().backward();
        assertClose("image", get(v, "dimage"), image.gradient());
        layer.parameters()
                .forEach(p -> assertClose(
                        p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient()));
    }

    private static Map<String, Tensor> golden(String name) {
        try {
            return SafeTensors.load(Path.of(
                    Objects.requireNonNull(ImageGoldenTest.class.getResource("/golden/images/" + name + ".safetensors"))
                            .toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Tensor get(Map<String, Tensor> v, String key) {
        return Objects.requireNonNull(v.get(key), key);
    }

    /** ‖actual - expected‖ / ‖expected‖ below the tolerance. */
    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.size(); i++) {
            double e = expected.toArray()[i];
            difference += Math.pow(actual.toArray()[i] - e, 2);
            norm += e * e;
        }
        double error = Math.sqrt(difference / norm);
        assertTrue(error < TOLERANCE, what + ": relative error " + error);
    }
}
