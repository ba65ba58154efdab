package org.carousel.training;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
    static List<Supplier<Optimizer>> rules() {
        return List.of(
                () -> Optimizer.sgd(0.1),
                () -> Optimizer.momentum(0.1, 0.9),
                () -> Optimizer.nesterov(0.1, 0.9),
                () -> Optimizer.adam(0.1),
                () -> Optimizer.adamW(0.1, 0.1),
                () -> Optimizer.rmsProp(0.1),
                () -> Optimizer.adagrad(0.1),
                () -> {
                    Optimizer slow = Optimizer.momentum(0.01, 0.5);
                    Optimizer fast = Optimizer.adam(0.1);
                    return Optimizer.byName(name -> name.equals("a") ? slow : fast);
                });
    }

    private static Parameters model(int size) {
        return Parameters.of("a", Tensor.ones(size)).and("b", Tensor.full(-2, 3));
    }

    private static void steps(Optimizer optimizer, Parameters p, int n) {
        for (int k = 0; k < n; k++) {
            p.clearGradients();
            p.get("a").squared().sum().plus(p.get("b").squared().sum()).backward();
            optimizer.step(p, 1);
        }
    }

    private static float[] all(Parameters p) {
        return Tensor.concat(0, p.get("a"), p.get("b")).toArray();
    }

    /** Equal names, other shapes, growing models: as if each had an optimiser of its own. */
    @ParameterizedTest
    @MethodSource("rules")
    void oneOptimizerForManyModels(Supplier<Optimizer> rule) {
        Optimizer shared = rule.get();
        for (int size : new int[] {2, 2, 5, 1}) {
            Parameters own = model(size);
            Parameters with = model(size);
            steps(rule.get(), own, 3);
            steps(shared, with, 3);
            assertArrayEquals(all(own), all(with), "size " + size);
        }
        Parameters grown = model(2);
        steps(shared, grown, 2);
        Tensor more = Tensor.ones(4);
        Parameters larger = grown.and("c", more);
        larger.clearGradients();
        more.squared().sum().backward();
        float[] before = all(grown);
        shared.step(larger, 1);
        assertArrayEquals(before, all(grown)); // no gradient, no step
        assertTrue(more.get(0) < 1);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void restoredItGoesOnWithTheSameBits(Supplier<Optimizer> rule) {
        Optimizer first = rule.get();
        Parameters p = model(4);
        steps(first, p, 5);
        Parameters copy = model(4);
        copy.copyFrom(p);
        Optimizer second = rule.get();
        steps(second, model(4), 2);
        second.restore(copy, first.state(p));
        steps(first, p, 5);
        steps(second, copy, 5);
        assertArrayEquals(all(p), all(copy));
    }

    @Test
    void aStateThatDoesNotFitChangesNothing() {
        Optimizer adam = Optimizer.adam(0.1);
        Parameters p = model(4);
        steps(adam, p, 2);
        Map<String, Tensor> state = adam.state(p);
        assertEquals("[a/m, a/v, a/steps, b/m, b/v, b/steps]", state.keySet().toString());
        assertEquals(2, get(state, "a/steps").get(1));
        Map<String, Tensor> missing = new LinkedHashMap<>(state);
        missing.remove("b/v");
        refused(adam, p, missing, "needs b/v [3], which is missing");
        Map<String, Tensor> other = new LinkedHashMap<>(state);
        other.put("a/m", Tensor.zeros(2));
        refused(adam, p, other, "needs a/m [4], which is [2] there");
        Map<String, Tensor> unknown = new LinkedHashMap<>(state);
        unknown.put("c/m", Tensor.zeros(2));
        refused(adam, p, unknown, "no use for [c/m]");
        Optimizer groups = Optimizer.byName(name -> adam);
        refused(groups, p, unknown, "[c/m]");
        assertArrayEquals(get(state, "a/m").toArray(), get(adam.state(p), "a/m").toArray());
        assertThrows(IllegalArgumentException.class, () -> adam.step(p, Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> groups.step(p, -1));
        assertThrows(IllegalArgumentException.class, () -> Optimizer.adamW(0.1, -1));
        assertThrows(IllegalArgumentException.class, () -> Optimizer.rmsProp(0.1, 1, 1e-8));
    }

    private static void refused(Optimizer optimizer, Parameters p, Map<String, Tensor> state, String says) {
        String message =
                Objects.requireNonNull(assertThrows(IllegalArgumentException.class, () -> optimizer.restore(p, state))
                        .getMessage());
        assertTrue(message.contains(says), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamW", "rmsProp", "adagrad"})
    void golden(String rule) {
        Map<String, Tensor> v = load("regularisers/optimizers");
        Optimizer optimizer =
                switch (rule) {
                    case "adamW" -> Optimizer.adamW(0.05, 0.1);
                    case "rmsProp" -> Optimizer.rmsProp(0.05);
                    default -> Optimizer.adagrad(0.05);
                };
        Tensor theta = get(v, "theta");
        Parameters parameters = Parameters.of("theta", theta);
        for (int step = 0; step < 10; step++) {
            parameters.clearGradients();
            theta.squared().times(get(v, "a")).sum().times(0.5).backward();
            optimizer.step(parameters, 1);
            assertClose(rule + " step " + step, get(v, rule).select(0, step), theta);
        }
    }

    @Test
    void schedulesAreThoseOfPyTorch() {
        Map<String, Tensor> v = load("regularisers/optimizers");
        Schedule restarts = Schedule.warmRestarts(4, 2, 0.1);
        Schedule cycle = Schedule.oneCycle(0.3, 1 / 25.0, 1 / 100.0);
        for (int step = 0; step < 40; step++) {
            assertEquals(get(v, "warmRestarts").get(step), restarts.factor(step, 40), 1e-6, "restarts " + step);
            assertEquals(get(v, "oneCycle").get(step), cycle.factor(step, 41), 1e-6, "cycle " + step);
        }
        Schedule range = Schedule.rangeTest(0.01, 100);
        assertEquals(0.01, range.factor(0, 5), 1e-12);
        assertEquals(1, range.factor(2, 5), 1e-12);
        assertEquals(100, range.factor(4, 5), 1e-9);
        assertThrows(IllegalArgumentException.class, () -> Schedule.warmRestarts(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> Schedule.oneCycle(1, 0.1, 0.1));
        assertThrows(IllegalArgumentException.class, () -> Schedule.rangeTest(1, 1));
    }

    @Test
    void accumulatedPiecesAreTheWholeBatch() {
        Tensor x = Tensor.normal(RandomStream.of(1), 1, 8, 3);
        Tensor whole = Tensor.ones(2, 3);
        Tensor pieces = Tensor.ones(2, 3);
        History one = Trainer.of(Parameters.of("w", whole), Optimizer.sgd(0.1))
                .train(5, s -> Tensor.linear(x, whole).squared().mean());
        History four = Trainer.of(Parameters.of("w", pieces), Optimizer.sgd(0.1))
                .accumulate(4)
                .train(5, s -> Tensor.linear(x.slice(0, s % 4 * 2, s % 4 * 2 + 2), pieces)
                        .squared()
                        .mean());
        assertArrayEquals(whole.toArray(), pieces.toArray(), 1e-6f);
        assertArrayEquals(one.losses(), four.losses(), 1e-6);
        assertThrows(IllegalArgumentException.class, () -> Trainer.of(Parameters.none(), Optimizer.sgd(1))
                .accumulate(0));
    }

    @Test
    void averages() {
        Tensor w = Tensor.of(0);
        Parameters p = Parameters.of("w", w);
        WeightAverage equal = WeightAverage.equal(p);
        WeightAverage late = WeightAverage.exponential(p, 0.5);
        for (int k = 1; k <= 3; k++) {
            float value = k;
            w.update(v -> v[0] = value);
            equal.update();
            late.update();
        }
        assertEquals(2f, equal.during(() -> w.item()), 1e-6f); // (1 + 2 + 3) / 3
        assertEquals(2.25f, late.during(() -> w.item()), 1e-6f); // ((1 + 2) / 2 + 3) / 2
        assertThrows(
                IllegalStateException.class,
                () -> equal.during(() -> {
                    throw new IllegalStateException();
                }));
        assertEquals(3f, w.item());
    }

    @Test
    void earlyStopping() {
        Tensor w = Tensor.of(0);
        EarlyStopping stop = EarlyStopping.of(Parameters.of("w", w), 2);
        assertThrows(IllegalStateException.class, stop::restoreBest);
        double[] losses = {3, 2, Double.NaN, 1, 5, 1};
        for (int k = 0; k < losses.length; k++) {
            float value = k;
            w.update(v -> v[0] = value);
            assertEquals(k < 5, stop.goOn(losses[k]), "check " + k);
        }
        stop.restoreBest();
        assertEquals(3f, w.item());
        assertEquals(4, stop.bestCheck());
        assertFalse(stop.goOn(2));
    }

    /** Three steps with clipping; {@code whole} also lets the loss touch the whole table, by a gradient of 0. */
    private static float[] looksUp(Optimizer optimizer, int width, boolean whole) {
        Tensor table = Tensor.normal(RandomStream.of(3), 1, 40, width);
        Parameters p = Parameters.of("table", table);
        int[][] read = {{7, 3, 7, 39}, {0, 3}, {11}};
        float[] norms = new float[read.length];
        for (int step = 0; step < read.length; step++) {
            p.clearGradients();
            Tensor loss = table.rows(read[step]).squared().sum();
            (whole ? loss.plus(table.times(0).sum()) : loss).backward();
            double norm = Gradient.norm(p);
            norms[step] = (float) norm;
            Gradient.clip(p, norm, norm / 2);
            optimizer.step(p, 1);
        }
        return Tensor.concat(0, table.reshape(table.size()), Tensor.of(norms)).toArray();
    }

    /** A gradient of the rows that were read is the same as one of the whole table. */
    @ParameterizedTest
    @MethodSource("rules")
    void rowsThatWereReadGiveTheSameBits(Supplier<Optimizer> rule) {
        for (int width : new int[] {5, 16, 130}) {
            assertArrayEquals(looksUp(rule.get(), width, true), looksUp(rule.get(), width, false), "width " + width);
        }
    }

    @Test
    void lazyAdamLeavesTheOtherRowsAlone() {
        Tensor table = Tensor.normal(RandomStream.of(3), 1, 6, 4);
        float[] before = table.toArray();
        Parameters p = Parameters.of("table", table);
        Optimizer lazy = Optimizer.lazyAdam(0.1);
        Optimizer dense = Optimizer.adam(0.1);
        Tensor same = Tensor.wrap(before.clone(), 6, 4);
        Parameters q = Parameters.of("table", same);
        for (int row : new int[] {2, 4}) {
            p.clearGradients();
            table.rows(row).squared().sum().backward();
            lazy.step(p, 1);
            q.clearGradients();
            same.rows(row).squared().sum().backward();
            dense.step(q, 1);
        }
        for (int i = 0; i < before.length; i++) {
            int row = i / 4;
            boolean read = row == 2 || row == 4;
            assertEquals(read, before[i] != table.toArray()[i], "element " + i + " changes where it was read");
        }
        for (int i = 16; i < 20; i++) { // read in the last step: what dense Adam does there
            assertEquals(same.toArray()[i], table.toArray()[i]);
        }
        assertFalse(same.toArray()[8] == table.toArray()[8], "dense Adam moves row 2 on by what it remembers");
    }

    /** The gradient that is shown is whole, and one cleared memory after another serves without traces. */
    @Test
    void aTableThatIsReadAndWrittenHasTheGradientOfBoth() {
        Tensor table = Tensor.normal(RandomStream.of(3), 1, 5, 2).requiresGradient();
        for (int turn = 0; turn < 3; turn++) {
            table.rows(1, 1).sum().backward();
            assertArrayEquals(
                    new float[] {0, 0, 2, 2, 0, 0, 0, 0, 0, 0}, table.gradient().toArray());
            table.clearGradient();
            table.rows(4).sum().plus(table.sum()).backward();
            table.clearGradient();
            table.rows(4).sum().backward();
            table.clearGradient();
            table.rows(0).sum().backward();
            assertArrayEquals(
                    new float[] {1, 1, 0, 0, 0, 0, 0, 0, 0, 0}, table.gradient().toArray());
            table.clearGradient();
        }
    }
}
