package org.carousel.recurrent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvLstmTest {
    private interface Run {
        Sequence<Lstm.State> of(Tensor x, Lstm.State initial, int[] lengths);
    }

    /** Outputs, last state and all gradients, with a loss on every output and on the last state. */
    private static List<float[]> all(ConvLstm cell, Tensor x, Lstm.State initial, int[] lengths, Run run) {
        Parameters parameters =
                Parameters.of("cell", cell).and("h", initial.h()).and("c", initial.c());
        parameters.clearGradients();
        x.clearGradient();
        Sequence<Lstm.State> y = run.of(x, initial, lengths);
        RandomStream random = RandomStream.of(9);
        Tensor outer = Tensor.normal(random, 1, y.h().shape());
        Tensor outerH = Tensor.normal(random, 1, initial.h().shape());
        Tensor outerC = Tensor.normal(random, 1, initial.c().shape());
        y.h().times(outer)
                .sum()
                .plus(y.last().h().times(outerH).sum())
                .plus(y.last().c().times(outerC).sum())
                .backward();
        List<float[]> all = new ArrayList<>(
                List.of(y.h().toArray(), y.last().h().toArray(), y.last().c().toArray()));
        for (Tensor p : parameters.tensors()) {
            all.add(p.gradient().toArray());
        }
        if (x.needsGradient()) {
            all.add(x.gradient().toArray());
        }
        return all;
    }

    /** One operation has the bits of the equations, forward and every gradient, with sequences that end early. */
    @ParameterizedTest
    @CsvSource({
        "5, 4, 2, 3, 3, 3, true, 3, true",
        "9, 16, 1, 16, 3, 3, true, 4, false",
        "16, 16, 2, 6, 5, 5, false, 2, true",
        "1, 12, 1, 32, 1, 3, true, 5, true"
    })
    void runHasTheBitsOfTheSteps(
            int rows,
            int columns,
            int channels,
            int hidden,
            int height,
            int width,
            boolean looks,
            int steps,
            boolean dx) {
        RandomStream random = RandomStream.of(3);
        ConvLstm cell = ConvLstm.of(rows, columns, channels, hidden, height, width, looks, random);
        if (looks) {
            Tensor p = cell.parameters().get("p");
            float[] values = Tensor.normal(random, 0.5, p.shape()).toArray();
            p.update(to -> System.arraycopy(values, 0, to, 0, to.length));
        }
        Tensor x = Tensor.normal(random, 1, 3, steps, cell.inputSize());
        if (dx) {
            x.requiresGradient();
        }
        var initial = new Lstm.State(
                Tensor.normal(random, 0.5, 3, cell.hiddenSize()).requiresGradient(),
                Tensor.normal(random, 0.5, 3, cell.hiddenSize()).requiresGradient());
        int[] lengths = {steps, 1, steps - 1};
        List<float[]> expected = all(cell, x, initial, lengths, cell::unroll);
        List<float[]> actual = all(cell, x, initial, lengths, cell::run);
        for (int k = 0; k < expected.size(); k++) {
            assertArrayEquals(expected.get(k), actual.get(k), "part " + k);
        }
    }

    @Test
    void aSecondBackwardPassIsRefused() {
        ConvLstm cell = ConvLstm.of(4, 4, 1, 2, 3, 3, true, RandomStream.of(1));
        Tensor loss =
                cell.run(Tensor.normal(RandomStream.of(2), 1, 2, 3, 16)).h().sum();
        loss.backward();
        assertThrows(IllegalStateException.class, loss::backward);
    }
}
