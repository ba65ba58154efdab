package org.carousel.recurrent;

import static org.carousel.Golden.distance;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.carousel.Golden.norm;
import static org.carousel.Golden.withWeights;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.layers.Initializer;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cell against the papers' equations in PyTorch, float64; see golden/cells.py among the test resources. */
class CellGoldenTest {
    private static final int INPUTS = 3;
    private static final int HIDDEN = 4;
    private static final double TOLERANCE = 1e-5;

    static Stream<String> names() {
        return Stream.concat(
                Variants.all().stream().map(Variants.Variant::name),
                Stream.of("LSTM 1997 truncated", "LSTM 2000 truncated"));
    }

    private static Cell<?> cell(String name) {
        RandomStream random = RandomStream.of(1);
        Initializer zero = Initializer.normal(0);
        return switch (name) {
            case "LSTM 1997 truncated" -> MemoryBlocks.of1997(INPUTS, HIDDEN, 1, true, zero, random);
            case "LSTM 2000 truncated" -> MemoryBlocks.withForgetGate(INPUTS, HIDDEN, 1, zero, random);
            default -> Variants.named(name).cell(INPUTS, HIDDEN, random);
        };
    }

    private static Map<String, Tensor> golden(String name) {
        return load("cells/" + name.replace(",", "").replace(" ", "-"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void equations(String name) {
        compare(cell(name), golden(name), false);
    }

    @ParameterizedTest
    @MethodSource("names")
    void fastPath(String name) {
        compare(cell(name), golden(name), true);
    }

    private static <S> void compare(Cell<S> cell, Map<String, Tensor> v, boolean fast) {
        withWeights(v, cell);
        List<Tensor> first = first(cell, v);
        S state = cell.state(first);
        Tensor loss = Tensor.scalar(0);
        for (int k = 0; k < 2; k++) {
            Tensor x = get(v, "x" + k).requiresGradient();
            Sequence<S> y = fast ? cell.run(x, state) : cell.unroll(x, state);
            assertClose("y" + k, get(v, "y" + k), y.h());
            loss = loss.plus(y.h().times(get(v, "w" + k)).sum());
            state = y.last();
        }
        loss.backward();
        for (int k = 0; k < 2; k++) {
            assertClose("dx" + k, get(v, "dx" + k), get(v, "x" + k).gradient());
        }
        cell.parameters()
                .forEach(p -> assertClose(
                        p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient()));
        for (int k = 0; v.containsKey("s" + k); k++) {
            Tensor s = get(v, "s" + k);
            assertClose("ds" + k, get(v, "ds" + k), s.hasGradient() ? s.gradient() : Tensor.zeros(s.shape()));
        }
    }

    /** The states of the file; what a cell carries only for its numbers begins at 0 (the stabiliser: a factor of 1). */
    private static <S> List<Tensor> first(Cell<S> cell, Map<String, Tensor> v) {
        List<Tensor> parts = new ArrayList<>();
        int next = 0;
        for (Tensor part : cell.tensors(cell.initial(2))) {
            boolean stabiliser = part.size() > 0 && part.toArray()[0] < -1;
            Tensor given = v.get("s" + next);
            if (part.size() == 0 || stabiliser) {
                parts.add(Tensor.zeros(part.shape()));
            } else if (given == null) {
                parts.add(part);
            } else {
                parts.add(given.requiresGradient());
                next++;
            }
        }
        return parts;
    }

    /** As everywhere, but zeros may be expected. */
    private static void assertClose(String what, Tensor expected, Tensor actual) {
        double norm = norm(expected);
        double distance = distance(what, expected, actual);
        double error = norm == 0 ? distance : distance / norm;
        assertTrue(error < TOLERANCE, what + ": relative error " + error);
    }
}
