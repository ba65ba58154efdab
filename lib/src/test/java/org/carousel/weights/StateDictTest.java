package org.carousel.weights;

import static org.carousel.Golden.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.Golden;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.recurrent.SLstm;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against modules of PyTorch of several layers; see golden/modules.py in the test resources. */
class StateDictTest {
    private static final int[] LENGTHS = {5, 3};

    private static Map<String, Tensor> weights(String name) {
        return StateDict.below("weights.", Golden.load("modules/" + name));
    }

    private static <S> Tensor run(Cell<S> cell, Tensor x) {
        return cell.run(x, cell.initial(x.size(0)), LENGTHS).h();
    }

    /** Outputs, and the dictionary of the way back. */
    private record Read(Tensor y, Map<String, Tensor> back) {
        static Read of(Cell<?> cell, Tensor x) {
            return new Read(run(cell, x), StateDict.of(cell));
        }

        static Read of(Bidirectional.Stack<?> stack, Tensor x) {
            return new Read(stack.run(x, LENGTHS).h(), StateDict.of(stack));
        }
    }

    private static Read read(String name, Map<String, Tensor> weights, Tensor x) {
        boolean both = name.endsWith("both");
        return switch (name.substring(0, name.indexOf('-'))) {
            case "lstm" ->
                both ? Read.of(StateDict.bidirectionalLstm(weights), x) : Read.of(StateDict.lstm(weights), x);
            case "gru" -> both ? Read.of(StateDict.bidirectionalGru(weights), x) : Read.of(StateDict.gru(weights), x);
            default -> both ? Read.of(StateDict.bidirectionalElman(weights), x) : Read.of(StateDict.elman(weights), x);
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lstm-3",
                "lstm-2-both",
                "lstm-2-projected",
                "lstm-2-projected-both",
                "lstm-2-without-bias",
                "gru-2",
                "gru-2-both",
                "rnn-2",
                "rnn-2-both"
            })
    void thereAndBack(String name) {
        Map<String, Tensor> weights = weights(name);
        Map<String, Tensor> golden = Golden.load("modules/" + name);
        Read first = read(name, weights, golden.get("x"));
        assertClose(name, golden.get("y"), first.y);
        if (!name.contains("without")) {
            assertEquals(weights.keySet(), first.back.keySet());
        }
        weights.forEach((key, tensor) ->
                assertEquals(tensor.shapeText(), first.back.get(key).shapeText(), key));
        Read again = read(name, first.back, golden.get("x"));
        assertArrayEquals(first.y.toArray(), again.y.toArray());
        first.back.forEach((key, tensor) ->
                assertArrayEquals(tensor.toArray(), again.back.get(key).toArray(), key));
        String folder = System.getProperty("carousel.modules");
        if (folder != null) { // for modules.py
            SafeTensors.save(Path.of(folder, name + "-back.safetensors"), first.back);
        }
    }

    @Test
    void layersAreOfTheirKinds() {
        Stacked<Lstm.State> projected = StateDict.lstm(weights("lstm-2-projected"));
        assertTrue(projected.cells().stream().allMatch(ProjectedLstm.class::isInstance));
        assertEquals(2, projected.hiddenSize());
        assertEquals(3, StateDict.lstm(weights("lstm-3")).cells().size());
        Map<String, Tensor> one =
                StateDict.of(new Bidirectional<>(Gru.of(3, 4, RandomStream.of(1)), Gru.of(3, 4, RandomStream.of(2))));
        assertEquals(1, StateDict.bidirectionalGru(one).layers().size());
        assertEquals(2 * 4, one.size());
        assertTrue(StateDict.of(Elman.of(2, 3, RandomStream.of(1))).containsKey("bias_hh_l0"));
    }

    @Test
    void errorsNameTheLayer() {
        Map<String, Tensor> weights = new LinkedHashMap<>(weights("lstm-3"));
        assertTrue(message(() -> StateDict.gru(weights)).contains("weight_ih_l0 [16×3] is not [12×3]"));
        weights.remove("weight_hh_l1");
        assertTrue(message(() -> StateDict.lstm(weights)).endsWith("weight_hh_l1 is missing"));
        weights.remove("weight_ih_l1");
        String left = message(() -> StateDict.lstm(weights));
        assertTrue(left.contains("weight_ih_l2") && left.endsWith("belongs to another layer"), left);
        assertTrue(message(() -> StateDict.lstm(Map.of())).contains("weight_hh_l0 is missing"));
        assertTrue(message(() -> StateDict.bidirectionalLstm(weights("lstm-3"))).endsWith("_l0_reverse is missing"));
        assertTrue(message(() -> StateDict.lstm(weights("lstm-2-both"))).endsWith("use bidirectionalLstm"));
        assertTrue(message(() -> StateDict.below("rnn.", weights)).startsWith("below: no name begins with rnn."));
        assertTrue(
                message(() -> StateDict.of(SLstm.of(2, 3, RandomStream.of(1)))).contains("no module for SLstm"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Bidirectional.Stack<>(List.of(
                        new Bidirectional<>(Elman.of(2, 3, RandomStream.of(1)), Elman.of(2, 3, RandomStream.of(2))),
                        new Bidirectional<>(Elman.of(3, 3, RandomStream.of(1)), Elman.of(3, 3, RandomStream.of(2))))));
    }

    private static String message(Executable wrong) {
        return assertThrows(IllegalArgumentException.class, wrong).getMessage();
    }
}
