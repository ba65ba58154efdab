package org.carousel.recurrent;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CellTest {
    private static final RandomStream RANDOM = RandomStream.of(21);

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        for (int i = 0; i < expected.size(); i++) {
            float e = expected.toArray()[i];
            assertEquals(e, actual.toArray()[i], 2e-5 * Math.max(1, Math.abs(e)), what + " " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1", "1,7,3,5", "3,1,4,16", "5,9,17,33", "2,40,8,64", "40,20,5,33"})
    void fusedLstmEqualsItsEquations(int batch, int steps, int inputs, int hidden) {
        Lstm lstm = Lstm.of(inputs, hidden, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, batch, steps, inputs).requiresGradient();
        Tensor w = Tensor.normal(RANDOM, 1, batch, steps, hidden);
        Lstm.State first = new Lstm.State(
                Tensor.normal(RANDOM, 1, batch, hidden).requiresGradient(),
                Tensor.normal(RANDOM, 1, batch, hidden).requiresGradient());
        Parameters all =
                Parameters.of("lstm", lstm).and("x", x).and("h", first.h()).and("c", first.c());
        Sequence<Lstm.State> equations = lstm.unroll(x, first);
        weighted(equations, w).backward();
        Map<String, Tensor> expected = new java.util.LinkedHashMap<>();
        all.forEach(p -> expected.put(p.getKey(), p.getValue().gradient()));
        all.clearGradients();
        Sequence<Lstm.State> fused = lstm.run(x, first);
        weighted(fused, w).backward();
        assertClose("h", equations.h(), fused.h());
        assertClose("c", equations.last().c(), fused.last().c());
        all.forEach(p ->
                assertClose(p.getKey(), expected.get(p.getKey()), p.getValue().gradient()));
    }

    private static Tensor weighted(Sequence<Lstm.State> y, Tensor w) {
        return y.h().times(w)
                .sum()
                .plus(y.last().c().squared().sum())
                .plus(y.last().h().sum());
    }

    @Test
    void aSequenceInTwoPiecesEqualsTheWhole() {
        Lstm lstm = Lstm.of(3, 20, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, 2, 10, 3);
        Sequence<Lstm.State> whole = lstm.run(x);
        Sequence<Lstm.State> begin = lstm.run(x.slice(1, 0, 4));
        Sequence<Lstm.State> end = lstm.run(x.slice(1, 4, 10), begin.last());
        assertArrayEquals(
                whole.h().toArray(), Tensor.concat(1, begin.h(), end.h()).toArray());
        assertArrayEquals(whole.last().c().toArray(), end.last().c().toArray());
    }

    @Test
    void aBatchEqualsItsSingles() {
        Lstm lstm = Lstm.of(3, 20, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, 9, 6, 3);
        Tensor together = lstm.run(x).h();
        for (int b = 0; b < 9; b++) {
            Tensor alone = lstm.run(x.slice(0, b, b + 1)).h();
            assertArrayEquals(alone.toArray(), together.slice(0, b, b + 1).toArray());
        }
    }

    @Test
    void newWeightsAreUsedAfterAnUpdate() {
        Lstm lstm = Lstm.of(2, 3, RANDOM);
        Tensor x = Tensor.ones(1, 2, 2);
        lstm.run(x);
        lstm.parameters().get("weight_hh_l0").update(values -> java.util.Arrays.fill(values, 0.5f));
        assertClose("h", lstm.unroll(x, lstm.initial(1)).h(), lstm.run(x).h());
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1,64", "3,17"})
    void aStreamGivesTheBitsOfTheWholeSequence(int batch, int hidden) {
        Lstm lstm = Lstm.of(5, hidden, RANDOM);
        Lstm.State first =
                new Lstm.State(Tensor.normal(RANDOM, 1, batch, hidden), Tensor.normal(RANDOM, 1, batch, hidden));
        Tensor x = Tensor.normal(RANDOM, 1, batch, 9, 5);
        Sequence<Lstm.State> whole = lstm.run(x, first);
        CellStream<Lstm.State> stream = lstm.stream(first);
        for (int t = 0; t < 9; t++) {
            float[] h = stream.step(x.select(1, t).toArray());
            assertArrayEquals(whole.h().select(1, t).toArray(), h, "step " + t);
        }
        assertArrayEquals(whole.last().c().toArray(), stream.state().c().toArray());
        assertArrayEquals(whole.last().h().toArray(), stream.state().h().toArray());
        lstm.parameters().get("weight_hh_l0").update(values -> java.util.Arrays.fill(values, 0.25f));
        Tensor next = Tensor.ones(batch, 1, 5);
        float[] expected = lstm.run(next, stream.state()).h().toArray();
        assertArrayEquals(expected, stream.step(next.toArray()), "new weights are used");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stream.step(new float[4]))
                .getMessage()
                .contains("step with 4 values where [" + batch + "×5] has " + 5 * batch));
    }

    @ParameterizedTest
    @CsvSource({"1,1,true", "3,17,true", "2,5,false", "1,64,false"})
    void aStreamOfAGruGivesTheBitsOfTheWholeSequence(int batch, int hidden, boolean resetAfter) {
        Gru gru = Gru.of(5, hidden, resetAfter, RANDOM);
        Tensor first = Tensor.normal(RANDOM, 1, batch, hidden);
        Tensor x = Tensor.normal(RANDOM, 1, batch, 9, 5);
        Sequence<Tensor> whole = gru.run(x, first);
        CellStream<Tensor> stream = gru.stream(first);
        for (int t = 0; t < 9; t++) {
            float[] h = stream.step(x.select(1, t).toArray());
            assertArrayEquals(whole.h().select(1, t).toArray(), h, "step " + t);
        }
        assertArrayEquals(whole.last().toArray(), stream.state().toArray());
        gru.parameters().get("weight_hh_l0").update(values -> java.util.Arrays.fill(values, 0.25f));
        Tensor next = Tensor.ones(batch, 1, 5);
        float[] expected = gru.run(next, stream.state()).h().toArray();
        assertArrayEquals(expected, stream.step(next.toArray()), "new weights are used");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stream.step(new float[4]))
                .getMessage()
                .contains("step with 4 values where [" + batch + "×5] has " + 5 * batch));
    }

    @Test
    void everyCellCanReadAStream() {
        Elman elman = Elman.of(5, 7, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, 2, 4, 5);
        CellStream<Tensor> stream = elman.stream(elman.initial(2));
        Sequence<Tensor> whole = elman.run(x);
        for (int t = 0; t < 4; t++) {
            float[] h = stream.step(x.select(1, t).toArray());
            assertArrayEquals(whole.h().select(1, t).toArray(), h, "step " + t);
        }
        assertArrayEquals(whole.last().toArray(), stream.state().toArray());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> stream.step(new float[4]))
                .getMessage()
                .contains("step with 4 values where [2×5] has 10"));
    }

    /** The floats of all results of a computation; a reshape or a part of whole rows is a view and holds none. */
    private static long floatsKept(Tensor result) {
        java.util.Set<float[]> arrays = java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
        long count = 0;
        for (Tensor t : result.history()) {
            count += !t.operands().isEmpty() && arrays.add(Fused.array(t)) ? Fused.array(t).length : 0;
        }
        return count;
    }

    @Test
    void theEquationsKeepWhatTheirDocumentationSays() {
        int batch = 2;
        int steps = 5;
        int inputs = 3;
        int hidden = 4;
        Tensor x = Tensor.normal(RANDOM, 1, batch, steps, inputs).requiresGradient();
        Elman elman = Elman.of(inputs, hidden, RANDOM);
        long rows = (long) batch * steps;
        assertEquals(
                rows * (6 * hidden + inputs),
                floatsKept(elman.unroll(x, elman.initial(batch)).h()));
        Lstm lstm = Lstm.of(inputs, hidden, RANDOM);
        long parameters = 0; // the row views of the gates share the arrays of the parameters
        for (Tensor p : lstm.parameters().tensors()) {
            parameters += p.size();
        }
        long kept = floatsKept(lstm.unroll(x, lstm.initial(batch)).h());
        assertEquals(rows * (26 * hidden + inputs), kept - parameters);
    }

    @Test
    void truncatedBackpropagationKeepsMemoryFlatOver100000Steps() {
        Lstm lstm = Lstm.of(2, 8, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, 1, 50, 2);
        Lstm.State state = lstm.initial(1);
        java.util.List<java.lang.ref.WeakReference<Tensor>> windows = new java.util.ArrayList<>();
        for (int step = 0; step < 100_000; step += 50) {
            Sequence<Lstm.State> window = lstm.run(x, state);
            window.h().squared().sum().backward();
            lstm.parameters().clearGradients();
            state = lstm.detach(window.last());
            assertEquals(1, state.c().history().size(), "no history before a window");
            if (step % 5000 == 0) {
                windows.add(new java.lang.ref.WeakReference<>(window.h()));
            }
        }
        System.gc();
        assertEquals(20, windows.size());
        for (java.lang.ref.WeakReference<Tensor> window : windows) {
            assertTrue(window.refersTo(null), "a window that is over is not kept");
        }
    }

    @Test
    void aSecondBackwardPassOverAFusedResultIsRefused() {
        Lstm lstm = Lstm.of(2, 2, RANDOM);
        Tensor loss = lstm.run(Tensor.ones(1, 3, 2)).h().sum();
        loss.backward();
        assertThrows(IllegalStateException.class, loss::backward);
    }

    @Test
    void countsParametersAndBeginsWithAForgetBiasOfOne() {
        Lstm lstm = Lstm.of(5, 7, RANDOM);
        assertEquals(4 * 7 * (5 + 7 + 1), lstm.parameters().count());
        float[] b = lstm.parameters().get("bias_ih_l0").toArray();
        assertEquals(0, b[0]);
        assertEquals(1, b[7]);
        assertEquals(0, b[14]);
        assertEquals(7 * (5 + 7 + 1), Elman.of(5, 7, RANDOM).parameters().count());
    }

    @Test
    void orthogonalMatricesKeepLengths() {
        for (int[] size : new int[][] {{6, 6}, {9, 4}, {4, 9}}) {
            Tensor q = Initializer.orthogonal().matrix(size[0], size[1], RANDOM);
            Tensor gram = size[0] >= size[1] ? q.transpose().matmul(q) : q.matmul(q.transpose());
            for (int i = 0; i < gram.size(0); i++) {
                for (int j = 0; j < gram.size(0); j++) {
                    assertEquals(i == j ? 1 : 0, gram.get(i, j), 1e-5);
                }
            }
        }
    }

    /** Every cell: a state of another batch, and an input of another size, are refused by the step that is handed them. */
    @ParameterizedTest
    @MethodSource("org.carousel.recurrent.catalogue.Variants#all")
    void aStepNamesWhatDoesNotFit(Variants.Variant variant) {
        refusesWrongSteps(variant.cell(3, 4, RANDOM));
    }

    private static <S> void refusesWrongSteps(Cell<S> cell) {
        S state = cell.initial(5);
        for (Tensor x : List.of(Tensor.zeros(2, 3), Tensor.zeros(5, 4), Tensor.zeros(3))) {
            assertMessage("step: x " + x.shapeText() + " with a state of [[5×", () -> cell.step(x, state));
        }
    }

    /** Every cell: a batch of no sequences has a result of none, as in PyTorch, and a gradient of zeros comes back. */
    @ParameterizedTest
    @MethodSource("org.carousel.recurrent.catalogue.Variants#all")
    void aBatchOfNoSequencesIsAResult(Variants.Variant variant) {
        readsNothing(variant.cell(3, 4, RANDOM));
    }

    private static <S> void readsNothing(Cell<S> cell) {
        Tensor h = cell.run(Tensor.zeros(0, 5, 3)).h();
        assertEquals(cell.unroll(Tensor.zeros(0, 5, 3), cell.initial(0)).h().shapeText(), h.shapeText());
        assertEquals(0, h.size(0));
        assertEquals(5, h.size(1));
        h.sum().backward();
        for (Tensor parameter : cell.parameters().tensors()) {
            for (float g : parameter.gradient().toArray()) {
                assertEquals(0, g);
            }
        }
    }

    @Test
    void wrongShapesAreNamed() {
        Lstm lstm = Lstm.of(3, 4, RANDOM);
        assertEquals(
                "run: a sequence [2×5×7] for Lstm must be [B×T×3] with at least one step",
                assertThrows(IllegalArgumentException.class, () -> lstm.run(Tensor.zeros(2, 5, 7)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> lstm.run(Tensor.zeros(2, 0, 3)));
        assertEquals(
                "lstm: state h [1×4] must be [2×4], the batch of the sequence by the size of the cell",
                assertThrows(IllegalArgumentException.class, () -> lstm.run(Tensor.zeros(2, 5, 3), lstm.initial(1)))
                        .getMessage());
    }
}
