package org.carousel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.carousel.layers.Layer;
import org.carousel.tensor.Tensor;
import org.carousel.weights.SafeTensors;

/** Golden vectors among the test resources, and how results are held against them. */
public final class Golden {
    private static final double TOLERANCE = 1e-5;

    private Golden() {}

    /** The file of a name such as {@code attention/luong}. */
    public static Path file(String name) {
        String file = "/golden/" + name + ".safetensors";
        try {
            return Path.of(
                    Objects.requireNonNull(Golden.class.getResource(file), file).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All tensors of that file. */
    public static Map<String, Tensor> load(String name) {
        return SafeTensors.load(file(name));
    }

    /** The tensor of a name, which must be there. */
    public static Tensor get(Map<String, Tensor> golden, String key) {
        return Objects.requireNonNull(golden.get(key), key);
    }

    /** The layer with the weights that stand under its parameters' names. */
    public static <L extends Layer> L withWeights(Map<String, Tensor> golden, L layer) {
        layer.parameters().forEach(p -> {
            Tensor given = get(golden, p.getKey());
            assertEquals(given.shapeText(), p.getValue().shapeText(), p.getKey());
            p.getValue().update(values -> System.arraycopy(given.toArray(), 0, values, 0, values.length));
        });
        return layer;
    }

    /** ‖actual - expected‖ / ‖expected‖ below 1e-5. */
    public static void assertClose(String what, Tensor expected, Tensor actual) {
        double error = distance(what, expected, actual) / norm(expected);
        assertTrue(error < TOLERANCE, what + ": relative error " + error);
    }

    /** ‖actual - expected‖, of tensors that must have one shape. */
    public static double distance(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        double[] e = expected.toDoubles();
        double[] a = actual.toDoubles();
        double squares = 0;
        for (int i = 0; i < e.length; i++) {
            squares += Math.pow(a[i] - e[i], 2);
        }
        return Math.sqrt(squares);
    }

    /** ‖x‖. */
    public static double norm(Tensor x) {
        double squares = 0;
        for (double value : x.toDoubles()) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }
}
