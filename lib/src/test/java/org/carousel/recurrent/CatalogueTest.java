package org.carousel.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.carousel.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every cell there is. */
class CatalogueTest {
    private static final int BATCH = 3;
    private static final int STEPS = 5;
    private static final int INPUTS = 3;
    private static final int HIDDEN = 4;

    static Stream<Variants.Variant> variants() {
        return Variants.all().stream();
    }

    private static Cell<?> cell(Variants.Variant variant) {
        return varied(variant.cell(INPUTS, HIDDEN, RandomStream.of(31)), 32);
    }

    /** The same cell with parameters that are not at a special point, such as peepholes of 0. */
    private static <S> Cell<S> varied(Cell<S> cell, long seed) {
        RandomStream random = RandomStream.of(seed);
        for (Tensor p : cell.parameters().tensors()) {
            p.update(values -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.3 * random.nextGaussian());
                }
            });
        }
        return cell;
    }

    private static Tensor input(Cell<?> cell, int batch, int steps) {
        return Tensor.normal(RandomStream.of(33), 1, batch, steps, cell.inputSize());
    }

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        for (int i = 0; i < expected.size(); i++) {
            float e = expected.toArray()[i];
            assertEquals(e, actual.toArray()[i], 2e-5 * Math.max(1, Math.abs(e)), what + " " + i);
        }
    }

    /** All but those that cut errors off on purpose: what these compute is no gradient; PyTorch's values judge them. */
    static Stream<Variants.Variant> differentiated() {
        return variants().filter(v -> !v.name().equals("peephole 2000"));
    }

    @ParameterizedTest
    @MethodSource("differentiated")
    void gradientsAgreeWithDifferences(Variants.Variant variant) {
        gradients(cell(variant));
    }

    private static <S> void gradients(Cell<S> cell) {
        Tensor x = input(cell, 2, STEPS);
        List<Tensor> start = new ArrayList<>();
        for (Tensor part : cell.tensors(cell.initial(2))) {
            start.add(
                    part.size() > 0 && part.get(new int[part.rank()]) == 0
                            ? Tensor.normal(RandomStream.of(34), 0.3, part.shape())
                            : part);
        }
        Parameters all = Parameters.of("cell", cell).and("x", x);
        GradientCheck check = GradientCheck.of(all, () -> {
            Sequence<S> y = cell.unroll(x, cell.state(start));
            Tensor sum = y.h();
            return Tensor.concat(1, sum, cell.output(y.last()).reshape(2, 1, cell.hiddenSize()));
        });
        assertTrue(check.error() < 3e-3, cell + " " + check);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void theFastPathEqualsTheEquations(Variants.Variant variant) {
        fast(cell(variant), Ragged.full(Tensor.zeros(BATCH, STEPS, 1)));
        fast(cell(variant), 2, 5, 0);
    }

    private static <S> void fast(Cell<S> cell, int... lengths) {
        Tensor x = input(cell, BATCH, STEPS).requiresGradient();
        Tensor w = Tensor.normal(RandomStream.of(35), 1, BATCH, STEPS, cell.hiddenSize());
        Parameters all = Parameters.of("cell", cell).and("x", x);
        List<Tensor> start = new ArrayList<>();
        for (Tensor part : cell.tensors(cell.initial(BATCH))) {
            boolean free = part.size() > 0 && part.get(new int[part.rank()]) == 0;
            start.add(
                    free ? Tensor.normal(RandomStream.of(36), 0.3, part.shape()).requiresGradient() : part);
        }
        Map<String, Tensor> expected = new LinkedHashMap<>();
        Sequence<S> slow = cell.unroll(x, cell.state(start), lengths);
        total(cell, slow, w).backward();
        all.forEach(p -> expected.put(p.getKey(), p.getValue().gradient()));
        List<Tensor> startGradients = new ArrayList<>();
        for (Tensor part : start) {
            startGradients.add(part.hasGradient() ? part.gradient() : Tensor.zeros(part.shape()));
            part.clearGradient();
        }
        all.clearGradients();
        Sequence<S> fast = cell.run(x, cell.state(start), lengths);
        total(cell, fast, w).backward();
        assertClose("h", slow.h(), fast.h());
        for (int k = 0; k < start.size(); k++) {
            assertClose(
                    "last " + k,
                    cell.tensors(slow.last()).get(k),
                    cell.tensors(fast.last()).get(k));
            Tensor g = start.get(k);
            assertClose(
                    "d start " + k, startGradients.get(k), g.hasGradient() ? g.gradient() : Tensor.zeros(g.shape()));
        }
        all.forEach(p ->
                assertClose(p.getKey(), expected.get(p.getKey()), p.getValue().gradient()));
    }

    private static <S> Tensor total(Cell<S> cell, Sequence<S> y, Tensor w) {
        Tensor sum = y.h().times(w).sum();
        for (Tensor part : cell.tensors(y.last())) {
            if (part.size() > 0 && part.needsGradient()) {
                sum = sum.plus(part.times(0.5).sum());
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("variants")
    void paddingNeverLeaks(Variants.Variant variant) {
        ragged(cell(variant));
    }

    private static <S> void ragged(Cell<S> cell) {
        int[] lengths = {4, 0, 5};
        Tensor x = input(cell, BATCH, STEPS);
        float[] values = x.toArray();
        for (int b = 0; b < BATCH; b++) { // padding that would be seen
            int width = cell.inputSize();
            java.util.Arrays.fill(values, (b * STEPS + lengths[b]) * width, (b + 1) * STEPS * width, Float.NaN);
        }
        Tensor padded = Tensor.wrap(values, BATCH, STEPS, cell.inputSize()).requiresGradient();
        Sequence<S> together = cell.run(padded, cell.initial(BATCH), lengths);
        for (int b = 0; b < BATCH; b++) {
            float[] h = together.h().select(0, b).toArray();
            int width = cell.hiddenSize();
            for (int i = lengths[b] * width; i < h.length; i++) {
                assertEquals(0, h[i], "behind the end");
            }
            if (lengths[b] == 0) {
                continue;
            }
            Sequence<S> alone = cell.run(x.slice(0, b, b + 1).slice(1, 0, lengths[b]), cell.initial(1));
            assertArrayEquals(alone.h().toArray(), java.util.Arrays.copyOf(h, lengths[b] * width), "sequence " + b);
            for (int k = 0; k < cell.tensors(alone.last()).size(); k++) {
                assertArrayEquals(
                        cell.tensors(alone.last()).get(k).toArray(),
                        cell.tensors(together.last()).get(k).slice(0, b, b + 1).toArray(),
                        "last state");
            }
        }
        together.h().sum().backward();
        for (Map.Entry<String, Tensor> p : cell.parameters()) {
            assertTrue(p.getValue().gradient().isFinite(), p.getKey());
        }
        float[] dx = padded.gradient().toArray();
        for (int i = 0; i < dx.length; i++) {
            int at = i / cell.inputSize();
            assertTrue(at % STEPS < lengths[at / STEPS] ? Float.isFinite(dx[i]) : dx[i] == 0, "dx " + i);
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void twoPiecesEqualTheWhole(Variants.Variant variant) {
        // sums over a piece of a sequence begin anew with each piece, so these agree to rounding only
        split(cell(variant), Set.of("linear attention", "mLSTM").contains(variant.name()) ? 2e-5f : 0);
    }

    private static <S> void split(Cell<S> cell, float tolerance) {
        Tensor x = input(cell, BATCH, STEPS);
        Sequence<S> whole = cell.run(x);
        Sequence<S> begin = cell.run(x.slice(1, 0, 2));
        Sequence<S> end = cell.run(x.slice(1, 2, STEPS), cell.detach(begin.last()));
        assertArrayEquals(
                whole.h().toArray(), Tensor.concat(1, begin.h(), end.h()).toArray(), tolerance);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void savedWeightsGiveTheSameCell(Variants.Variant variant, @TempDir Path folder) {
        Cell<?> cell = cell(variant);
        Cell<?> other = varied(variant.cell(INPUTS, HIDDEN, RandomStream.of(99)), 98);
        Path file = folder.resolve("cell.safetensors");
        Checkpoint.save(file, cell.parameters());
        Checkpoint.load(file, other.parameters());
        Tensor x = input(cell, 1, STEPS);
        assertArrayEquals(cell.run(x).h().toArray(), other.run(x).h().toArray());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void inspectionShowsWhatTheCellPutsOut(Variants.Variant variant) {
        Cell<?> cell = cell(variant);
        inspected(cell);
        assertFalse(variant.latex().isBlank());
        assertFalse(variant.paper().isBlank());
    }

    private static <S> void inspected(Cell<S> cell) {
        Tensor x = input(cell, BATCH, STEPS);
        float[] before = cell.run(x).h().toArray();
        Map<String, Tensor> seen = cell.inspect(x, cell.initial(BATCH));
        Tensor h = java.util.Objects.requireNonNull(seen.get(cell instanceof Jordan ? "y" : "h"));
        assertClose("h", cell.unroll(x, cell.initial(BATCH)).h(), h);
        assertArrayEquals(before, cell.run(x).h().toArray());
    }

    /** I = 3 and H = 4: one gate with all its weights has 12 + 16 + 4 + 4 = 36, the block input 32. */
    @ParameterizedTest
    @CsvSource({
        "vanilla, 140",
        "NIG, 104",
        "NFG, 104",
        "NOG, 104",
        "NIAF, 140",
        "NOAF, 140",
        "CIFG, 104",
        "NP, 128",
        "FGR, 284", // nine more matrices of 16
        "focused, 56", // z 12 + 4, i and o 16 + 4
        "lightweight, 36",
        "LSTM, 128",
        "GRU, 100", // 3 (12 + 16 + 4) + 4
        "'GRU, reset before', 96",
        "Elman, 32",
        "IRNN, 32"
    })
    void countsParameters(String name, long expected) {
        Cell<?> cell = Variants.named(name).cell(INPUTS, HIDDEN, RandomStream.of(1));
        assertEquals(expected, cell.parameters().count());
    }

    /** Weights of the networks of the papers, with their outputs: table by table. */
    @ParameterizedTest
    @CsvSource({
        // inputs, outputs, blocks, size, cell bias, output bias, expected
        "7, 7, 4, 1, false, false, 264", // embedded Reber grammar
        "7, 7, 3, 2, false, false, 276",
        "2, 1, 2, 2, true, true, 93", // adding
        "8, 4, 2, 2, true, true, 156", // temporal order, 4 classes
        "8, 8, 3, 2, true, true, 308" // 8 classes
    })
    void countsTheWeightsOf1997(
            int inputs, int outputs, int blocks, int size, boolean cellBias, boolean outputBias, long expected) {
        MemoryBlocks cell =
                MemoryBlocks.of1997(inputs, blocks, size, cellBias, Initializer.uniform(0.1), RandomStream.of(1));
        long head = (long) outputs * (cell.hiddenSize() + (outputBias ? 1 : 0));
        assertEquals(expected, cell.parameters().count() + head);
    }

    @Test
    void countsTheWeightsOf2000() {
        MemoryBlocks cell = MemoryBlocks.withForgetGate(7, 4, 2, Initializer.uniform(0.2), RandomStream.of(1));
        assertEquals(424, cell.parameters().count() + 7 * (7 + 8) + 7); // outputs see the inputs, too
    }
}
