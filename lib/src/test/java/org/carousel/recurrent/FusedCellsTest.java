package org.carousel.recurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cells that run fused, over more steps than a chunk has and of sizes that no vector divides: what they compute by steps. */
class FusedCellsTest {
    private static final int STEPS = 150;
    private static final int SIZE = 21;

    private static Cell<?> cell(String name) {
        return Variants.named(name).cell(SIZE, SIZE, RandomStream.of(5));
    }

    @ParameterizedTest
    @CsvSource({"mLSTM, 150", "sLSTM, 150", "layer-normalised LSTM, 25"}) // the last makes its own roundings grow
    void longSequencesEqualTheSteps(String name, int steps) {
        compare(cell(name), steps, steps);
        compare(cell(name), 128 * steps / STEPS, 65 * steps / STEPS);
    }

    private static <S> void compare(Cell<S> cell, int... lengths) {
        int batch = lengths.length;
        Tensor x = Tensor.normal(RandomStream.of(6), 1, batch, STEPS, SIZE);
        Parameters all = Parameters.of("cell", cell).and("x", x);
        List<Tensor> start = new ArrayList<>();
        Sequence<S> first = cell.run(Tensor.normal(RandomStream.of(7), 1, batch, 3, SIZE));
        for (Tensor part : cell.tensors(first.last())) { // a state as it comes in the middle of a sequence
            Tensor own = part.detach().plus(0).detach();
            all = all.and("start " + start.size(), own);
            start.add(own);
        }
        all.clearGradients();
        Tensor w = Tensor.normal(RandomStream.of(8), 1, batch, STEPS, SIZE);
        Sequence<S> slow = cell.unroll(x, cell.state(start), lengths);
        total(cell, slow, w).backward();
        List<Tensor> expected = new ArrayList<>();
        for (Tensor p : all.tensors()) {
            expected.add(p.hasGradient() ? p.gradient() : Tensor.zeros(p.shape()));
        }
        all.clearGradients();
        Sequence<S> fast = cell.run(x, cell.state(start), lengths);
        total(cell, fast, w).backward();
        close(cell.getClass().getSimpleName() + " h", slow.h(), fast.h());
        for (int k = 0; k < start.size(); k++) {
            close(
                    cell.getClass().getSimpleName() + " last " + k,
                    cell.tensors(slow.last()).get(k),
                    cell.tensors(fast.last()).get(k));
        }
        int k = 0;
        for (var p : all) {
            Tensor own = p.getValue();
            close(
                    cell.getClass().getSimpleName() + " d " + p.getKey(),
                    expected.get(k++),
                    own.hasGradient() ? own.gradient() : Tensor.zeros(own.shape()));
        }
    }

    private static <S> Tensor total(Cell<S> cell, Sequence<S> y, Tensor w) {
        Tensor sum = y.h().times(w).sum();
        for (Tensor part : cell.tensors(y.last())) {
            sum = sum.plus(part.times(0.3).sum());
        }
        return sum;
    }

    /** The largest difference in relation to the largest value: gradients of 150 steps add up many roundings. */
    private static void close(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        float[] e = expected.toArray();
        float[] a = actual.toArray();
        double largest = 1;
        double difference = 0;
        for (int i = 0; i < e.length; i++) {
            largest = Math.max(largest, Math.abs(e[i]));
            difference = Math.max(difference, Math.abs(e[i] - a[i]));
        }
        assertTrue(difference / largest < 2e-5, what + ": " + difference + " of " + largest);
    }

    /** The fused gradient itself beside differences, through outputs and through the last state. */
    @ParameterizedTest
    @ValueSource(strings = {"mLSTM", "sLSTM", "layer-normalised LSTM"})
    void fusedGradientsAgreeWithDifferences(String name) {
        differences(Variants.named(name).cell(3, 4, RandomStream.of(5)));
    }

    private static <S> void differences(Cell<S> cell) {
        Tensor x = Tensor.normal(RandomStream.of(9), 1, 2, 5, 3);
        Parameters all = Parameters.of("cell", cell).and("x", x);
        GradientCheck check = GradientCheck.of(all, () -> {
            Sequence<S> y = cell.run(x, cell.initial(2), 5, 3);
            return Tensor.concat(1, y.h(), cell.output(y.last()).reshape(2, 1, 4));
        });
        assertTrue(check.error() < 3e-3, cell + " " + check);
    }
}
