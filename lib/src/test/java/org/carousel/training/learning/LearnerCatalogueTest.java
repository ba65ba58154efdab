package org.carousel.training.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.DecayingContext;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The algorithms on every cell of the catalogue, over batches of sequences of different lengths. */
class LearnerCatalogueTest {
    private static final int INPUTS = 2;
    private static final int HIDDEN = 3;
    private static final int STEPS = 7;
    private static final int[] LENGTHS = {7, 0, 4};

    static Stream<Variants.Variant> variants() {
        return Variants.all().stream();
    }

    private static <S> Cell<S> varied(Cell<S> cell) {
        RandomStream random = RandomStream.of(32);
        for (Tensor p : cell.parameters().tensors()) {
            p.update(values -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] += (float) (0.3 * random.nextGaussian());
                }
            });
        }
        return cell;
    }

    private static Tensor input(Cell<?> cell) {
        float[] x = Tensor.normal(RandomStream.of(33), 1, LENGTHS.length, STEPS, cell.inputSize())
                .toArray();
        int row = STEPS * cell.inputSize();
        for (int b = 0; b < LENGTHS.length; b++) { // padding that would be seen
            Arrays.fill(x, b * row + LENGTHS[b] * cell.inputSize(), (b + 1) * row, Float.NaN);
        }
        return Tensor.wrap(x, LENGTHS.length, STEPS, cell.inputSize());
    }

    private static Tensor wanted(Cell<?> cell) {
        return Tensor.normal(RandomStream.of(34), 1, LENGTHS.length, STEPS, cell.hiddenSize());
    }

    private static List<Tensor> taken(Parameters parameters) {
        List<Tensor> all = new ArrayList<>();
        for (Map.Entry<String, Tensor> p : parameters) {
            Tensor t = p.getValue();
            all.add(t.hasGradient() ? t.gradient() : Tensor.zeros(t.shape()));
            t.clearGradient();
        }
        return all;
    }

    /** Σ_t |h_t - d_t|² through the whole graph. */
    private static <S> List<Tensor> whole(Cell<S> cell) {
        Tensor h =
                cell.unroll(input(cell), cell.initial(LENGTHS.length), LENGTHS).h();
        Tensor mask = h.minus(wanted(cell)).squared();
        Tensor loss = Tensor.scalar(0);
        for (int b = 0; b < LENGTHS.length; b++) {
            loss = loss.plus(mask.slice(0, b, b + 1).slice(1, 0, LENGTHS[b]).sum());
        }
        loss.backward();
        return taken(cell.parameters());
    }

    private static List<Tensor> learnt(Cell<?> cell, Learner learner) {
        Tensor d = wanted(cell);
        learner.learn(input(cell), (t, h) -> h.minus(d.select(1, t)).squared().sum(), LENGTHS);
        return taken(cell.parameters());
    }

    private static double difference(List<Tensor> expected, List<Tensor> actual) {
        double difference = 0;
        double size = 0;
        for (int p = 0; p < expected.size(); p++) {
            float[] e = expected.get(p).toArray();
            float[] a = actual.get(p).toArray();
            assertEquals(e.length, a.length);
            for (int k = 0; k < e.length; k++) {
                difference += ((double) e[k] - a[k]) * ((double) e[k] - a[k]);
                size += (double) e[k] * e[k];
            }
        }
        return Math.sqrt(difference / size);
    }

    private static void agrees(String what, List<Tensor> expected, List<Tensor> actual) {
        double difference = difference(expected, actual);
        assertTrue(difference < 5e-6, what + ": relative difference " + difference);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void exactMembersAgreeOnEveryCell(Variants.Variant variant) {
        Cell<?> cell = varied(variant.cell(INPUTS, HIDDEN, RandomStream.of(31)));
        List<Tensor> expected = whole(cell);
        agrees("bptt", expected, learnt(cell, Learner.bptt(cell)));
        agrees("rtrl", expected, learnt(cell, Learner.rtrl(cell)));
        agrees("blocks of 3", expected, learnt(cell, Learner.blocks(cell, 3)));
        agrees("window over all", expected, learnt(cell, Learner.truncated(cell, STEPS, 2)));
    }

    @Test
    void focusedIsExactForUnitsThatFeelOnlyThemselves() {
        DecayingContext cell = DecayingContext.of(INPUTS, HIDDEN, 0.7, RandomStream.of(5));
        varied(cell);
        agrees("focused", whole(cell), learnt(cell, Learner.focused(cell)));
        Learner learner = Learner.focused(cell);
        learner.begin(2);
        assertEquals(2 * (HIDDEN + HIDDEN * (INPUTS + 2)), learner.kept()); // one number per weight
    }

    @Test
    void memoryOfTheContextDecays() {
        DecayingContext cell = DecayingContext.of(1, 1, 0.5, RandomStream.of(5));
        Tensor c = cell.step(Tensor.zeros(1, 1), Tensor.ones(1, 1));
        assertEquals(0.5f, c.item());
        assertEquals(0.25f, cell.step(Tensor.zeros(1, 1), c).item());
    }

    @Test
    void theRuleOf1997IsTheGradientOfTheCutCell() {
        MemoryBlocks cell = MemoryBlocks.of1997(INPUTS, 2, 2, true, Initializer.uniform(0.8), RandomStream.of(6));
        List<Tensor> expected = whole(cell); // backpropagation through a graph with the cuts of 1997
        agrees("truncated 1997", expected, learnt(cell, Learner.truncated1997(cell)));
        agrees("bptt", expected, learnt(cell, Learner.bptt(cell)));
        agrees("rtrl", expected, learnt(cell, Learner.rtrl(cell)));
        agrees("diagonal", expected, learnt(cell, Learner.diagonal(cell)));
        assertTrue(difference(whole(cell.fullGradient()), expected) > 0.01, "the cuts leave something out");
    }

    @Test
    void the1997LearnerSeesNewWeights() {
        MemoryBlocks cell = MemoryBlocks.of1997(INPUTS, 2, 1, true, Initializer.uniform(0.8), RandomStream.of(6));
        Learner learner = Learner.truncated1997(cell);
        learnt(cell, learner);
        varied(cell);
        agrees("after an update", whole(cell), learnt(cell, learner));
    }
}
