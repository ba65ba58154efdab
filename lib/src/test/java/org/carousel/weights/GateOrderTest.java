package org.carousel.weights;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against layers of the frameworks themselves; see golden/frameworks.py and Dl4jLayers.java in the test resources. */
class GateOrderTest {
    /** A layer as a framework stored it: its weights, and its input and output in our axes [B×T×..]. */
    private record Layer(GateOrder order, Map<String, Tensor> weights, Tensor x, Tensor y) {
        static Layer of(String name) {
            GateOrder order =
                    GateOrder.valueOf(name.substring(0, name.indexOf('-')).toUpperCase(java.util.Locale.ROOT));
            Map<String, Tensor> all = new LinkedHashMap<>(load("frameworks/" + name));
            Tensor x = all.containsKey("x") ? all.remove("x") : all.remove("X");
            Tensor y = all.containsKey("y") ? all.remove("y") : all.remove("Y");
            return switch (order) {
                case PYTORCH, KERAS -> new Layer(order, all, x, y);
                case DL4J -> new Layer(order, all, x.transpose(), y.transpose()); // [B×H×T]
                case ONNX -> new Layer(order, all, x.permute(1, 0, 2), joined(y));
            };
        }

        /** From [T×directions×B×H] to [B×T×(directions·H)]. */
        private static Tensor joined(Tensor y) {
            return y.permute(2, 0, 1, 3).reshape(y.size(2), y.size(0), -1);
        }

        Map<String, Tensor> direction(int d) {
            Map<String, Tensor> one = new LinkedHashMap<>();
            weights.forEach((name, tensor) -> one.put(name, tensor.slice(0, d, d + 1)));
            return one;
        }
    }

    /** A cell of four gates computes what the framework did, and goes back into the weights that it came from. */
    private static void check(Layer layer, Cell<?> cell, Map<String, Tensor> back) {
        assertClose("h", layer.y, cell.run(layer.x).h());
        assertSame(summed(layer.weights, 4), back);
    }

    @ParameterizedTest
    @CsvSource({"pytorch-lstm", "keras-lstm", "onnx-lstm", "dl4j-lstm"})
    void lstm(String name) {
        Layer layer = Layer.of(name);
        Lstm cell = layer.order.lstm(layer.weights);
        check(layer, cell, layer.order.of(cell));
    }

    @ParameterizedTest
    @CsvSource({"onnx-lstm-peepholes", "dl4j-lstm-peepholes"})
    void peepholes(String name) {
        Layer layer = Layer.of(name);
        LstmVariant cell = layer.order.vanilla(layer.weights);
        check(layer, cell, layer.order.of(cell));
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch-gru, true",
        "keras-gru, true",
        "keras-gru-reset-before, false",
        "onnx-gru, true",
        "onnx-gru-reset-before, false"
    })
    void gru(String name, boolean resetAfter) {
        Layer layer = Layer.of(name);
        Gru cell = layer.order.gru(layer.weights, resetAfter);
        assertEquals(resetAfter, cell.resetsAfter());
        assertClose("h", layer.y, cell.run(layer.x).h());
        assertSame(summed(layer.weights, resetAfter ? 2 : 3), layer.order.of(cell));
    }

    @Test
    void bothDirections() {
        Layer layer = Layer.of("onnx-lstm-bidirectional");
        Lstm forward = GateOrder.ONNX.lstm(layer.direction(0));
        Lstm backward = GateOrder.ONNX.lstm(layer.direction(1));
        assertClose(
                "h",
                layer.y,
                new Bidirectional<>(forward, backward).run(layer.x).h());
        String message = message(() -> GateOrder.ONNX.lstm(layer.weights));
        assertTrue(message.contains("W [2×16×3]") && message.contains("W [1×4H×I]"), message);
    }

    /**
     * What the way back shall give: where a file holds two biases, the sum for the first gates and zeros.
     *
     * @param gates how many gates only see the sum
     */
    private static Map<String, Tensor> summed(Map<String, Tensor> weights, int gates) {
        Map<String, Tensor> expected = new LinkedHashMap<>(weights);
        Tensor pytorch = weights.get("bias_hh_l0");
        Tensor onnx = weights.get("B");
        Tensor keras = weights.get("bias");
        if (pytorch != null) {
            float[][] two = summed(weights.get("bias_ih_l0").toArray(), pytorch.toArray(), gates);
            expected.put("bias_ih_l0", Tensor.of(two[0]));
            expected.put("bias_hh_l0", Tensor.of(two[1]));
        } else if (onnx != null) {
            float[][] rows = onnx.reshape(2, -1).toRows();
            expected.put("B", Tensor.of(summed(rows[0], rows[1], gates)).reshape(1, -1));
        } else if (keras != null && keras.rank() == 2) {
            expected.put("bias", Tensor.of(summed(keras.toRows()[0], keras.toRows()[1], gates)));
        }
        return expected;
    }

    private static float[][] summed(float[] b, float[] a, int gates) {
        float[][] two = {b.clone(), a.clone()};
        for (int i = 0; i < 4 * gates; i++) { // H = 4 in all files
            two[0][i] = b[i] + a[i];
            two[1][i] = 0;
        }
        return two;
    }

    @ParameterizedTest
    @EnumSource
    void wayThereAndBackGivesTheSameBits(GateOrder order) {
        Lstm lstm = Lstm.of(3, 5, RandomStream.of(1));
        varied(lstm);
        assertSame(named(lstm), named(order.lstm(order.of(lstm))));
        if (order != GateOrder.DL4J) {
            Gru gru = Gru.of(3, 5, RandomStream.of(2));
            varied(gru);
            assertSame(named(gru), named(order.gru(order.of(gru), true)));
        }
        if (order == GateOrder.KERAS || order == GateOrder.ONNX) {
            Gru gru = Gru.of(3, 5, false, RandomStream.of(3));
            varied(gru);
            assertSame(named(gru), named(order.gru(order.of(gru), false)));
        }
        if (order == GateOrder.DL4J || order == GateOrder.ONNX) {
            LstmVariant variant = LstmVariant.of(LstmForm.vanilla(), 3, 5, RandomStream.of(4));
            varied(variant);
            assertSame(named(variant), named(order.vanilla(order.of(variant))));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsShared(GateOrder order) {
        Lstm lstm = Lstm.of(1, 1, RandomStream.of(1)); // so small that transposing moves nothing
        Map<String, Tensor> before = named(lstm);
        Map<String, Tensor> given = order.of(lstm);
        varied(order.lstm(given));
        assertSame(before, named(order.lstm(given)));
        varied(lstm);
        assertSame(before, named(order.lstm(given)));
    }

    @Test
    void converts() {
        Layer keras = Layer.of("keras-gru");
        Layer onnx = Layer.of("onnx-gru");
        Gru cell = GateOrder.ONNX.gru(GateOrder.ONNX.of(GateOrder.KERAS.gru(keras.weights, true)), true);
        assertClose("h", keras.y, cell.run(keras.x).h());
        assertEquals(onnx.weights.keySet(), GateOrder.ONNX.of(cell).keySet());
    }

    @Test
    void missingBiasesAreZero() {
        for (GateOrder order : GateOrder.values()) {
            Lstm lstm = Lstm.of(3, 4, RandomStream.of(5));
            lstm.parameters().get("bias_ih_l0").update(b -> java.util.Arrays.fill(b, 0));
            Map<String, Tensor> weights = order.of(lstm);
            weights.keySet().removeAll(List.of("bias_ih_l0", "bias_hh_l0", "bias", "B", "b"));
            assertEquals(2, weights.size());
            assertSame(named(lstm), named(order.lstm(weights)));
        }
    }

    @Test
    void weightsLearnOn() {
        Layer layer = Layer.of("dl4j-lstm-peepholes");
        LstmVariant cell = layer.order.vanilla(layer.weights);
        cell.run(layer.x).h().sum().backward();
        cell.parameters().forEach(p -> assertTrue(p.getValue().hasGradient(), p.getKey()));
    }

    @Test
    void errorsNameWhatIsWrong() {
        Map<String, Tensor> weights = new LinkedHashMap<>(Layer.of("onnx-lstm-peepholes").weights);
        assertEquals(
                "ONNX lstm: P [1×12], R [1×16×4], W [1×16×3], B [1×32] must be W [1×4H×I], R [1×4H×H], B [1×8H]: "
                        + "[P] belongs to another layer",
                message(() -> GateOrder.ONNX.lstm(ordered(weights, "P", "R", "W", "B"))));
        assertEquals(
                "KERAS lstm: P [1×12] must be kernel [I×4H], recurrent_kernel [H×4H], bias [4H]: "
                        + "recurrent_kernel is missing",
                message(() -> GateOrder.KERAS.lstm(ordered(weights, "P"))));
        Map<String, Tensor> keras = Layer.of("keras-gru-reset-before").weights;
        assertEquals(
                "KERAS gru: kernel [3×12], recurrent_kernel [4×12], bias [12] must be kernel [I×3H], "
                        + "recurrent_kernel [H×3H], bias [2×3H]: bias [12] is not [2×12]",
                message(() -> GateOrder.KERAS.gru(ordered(keras, "kernel", "recurrent_kernel", "bias"), true)));
        assertTrue(message(() -> GateOrder.PYTORCH.lstm(
                        Map.of("weight_ih_l0", Tensor.zeros(4, 2), "weight_hh_l0", Tensor.zeros(4))))
                .endsWith("weight_hh_l0 [4] has too few axes"));
        assertEquals(
                "DL4J gru: there is no such layer in this framework", message(() -> GateOrder.DL4J.gru(keras, true)));
        message(() -> GateOrder.PYTORCH.of(Gru.of(2, 2, false, RandomStream.of(1))));
        message(() -> GateOrder.KERAS.of(LstmVariant.of(LstmForm.vanilla(), 2, 2, RandomStream.of(1))));
        message(() -> GateOrder.ONNX.of(LstmVariant.of(LstmForm.vanilla().coupled(), 2, 2, RandomStream.of(1))));
        message(() -> LstmVariant.of(Lstm.of(2, 2, RandomStream.of(1)), Tensor.zeros(2)));
    }

    private static String message(org.junit.jupiter.api.function.Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }

    private static Map<String, Tensor> ordered(Map<String, Tensor> all, String... names) {
        Map<String, Tensor> some = new LinkedHashMap<>();
        for (String name : names) {
            some.put(name, all.get(name));
        }
        return some;
    }

    /** Changes every parameter, so that none is at a special point such as a bias of 0. */
    private static void varied(Cell<?> cell) {
        RandomStream random = RandomStream.of(9);
        for (Tensor p : cell.parameters().tensors()) {
            p.update(values -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.3 * random.nextGaussian());
                }
            });
        }
    }

    /** Copies of the parameters. */
    private static Map<String, Tensor> named(Cell<?> cell) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        cell.parameters()
                .forEach(p -> all.put(
                        p.getKey(),
                        Tensor.wrap(p.getValue().toArray(), p.getValue().shape())));
        return all;
    }

    private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, tensor) -> {
            assertEquals(tensor.shapeText(), actual.get(name).shapeText(), name);
            assertArrayEquals(tensor.toArray(), actual.get(name).toArray(), name);
        });
    }
}
