package org.carousel.attention;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.carousel.Golden.withWeights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TapeLstm}, {@link KeyValueAttention}, {@link NgramRnn}; golden vectors by golden/self_attention.py. */
class SelfAttentionTest {
    private static final int[] LENGTHS = {5, 3};
    private static final RandomStream RANDOM = RandomStream.of(1);

    // ------------------------------------------------------------------ golden vectors

    private static void check(Map<String, Tensor> golden, Layer layer, Tensor y, String input) {
        assertClose("y", get(golden, "y"), y);
        y.times(get(golden, "loss_weight")).sum().backward();
        for (Map.Entry<String, Tensor> p : layer.parameters()) {
            assertClose(p.getKey(), get(golden, "d_" + p.getKey()), p.getValue().gradient());
        }
        assertClose(input, get(golden, "d_" + input), get(golden, input).gradient());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3})
    void tapeIsThatOfThePaper(int window) {
        Map<String, Tensor> golden = load("attention/tape-" + window);
        TapeLstm cell = withWeights(golden, TapeLstm.of(3, 4, 6, RANDOM).window(window));
        Tensor x = get(golden, "x").requiresGradient();
        check(golden, cell, cell.run(x, cell.initial(2), LENGTHS).h(), "x");
        Tensor weights = Objects.requireNonNull(cell.inspect(x, cell.initial(2)).get("s"));
        assertClose("alpha", get(golden, "alpha").select(0, 0), weights.select(0, 0));
    }

    @ParameterizedTest
    @EnumSource(KeyValueAttention.Roles.class)
    void keyValueIsThatOfThePaper(KeyValueAttention.Roles roles) {
        Map<String, Tensor> golden = load(
                "attention/" + roles.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        KeyValueAttention layer = withWeights(golden, KeyValueAttention.of(roles, 4, 3, RANDOM));
        KeyValueAttention.Attended y = layer.apply(get(golden, "h").requiresGradient(), LENGTHS);
        assertClose("alpha", get(golden, "alpha"), y.weights());
        check(golden, layer, y.h(), "h");
    }

    @Test
    void ngramIsThatOfThePaper() {
        Map<String, Tensor> golden = load("attention/ngram");
        NgramRnn layer = withWeights(golden, NgramRnn.of(4, 4, RANDOM));
        check(golden, layer, layer.apply(get(golden, "h").requiresGradient(), LENGTHS), "h");
    }

    // ------------------------------------------------------------------ gradients

    @Test
    void gradientsAgreeWithDifferences() {
        Tensor x = Tensor.normal(RANDOM, 1, 2, 5, 3);
        TapeLstm cell = TapeLstm.of(3, 4, 5, RANDOM);
        assertSmall(GradientCheck.of(
                cell.parameters(), () -> cell.run(x, cell.initial(2), LENGTHS).h()));
        TapeLstm bounded = cell.window(2);
        assertSmall(GradientCheck.of(bounded.parameters(), () -> bounded.run(x, bounded.initial(2), LENGTHS)
                .h()));
        for (KeyValueAttention.Roles roles : KeyValueAttention.Roles.values()) {
            Tensor h = Tensor.normal(RANDOM, 1, 2, 5, roles.parts() * 3);
            KeyValueAttention layer = KeyValueAttention.of(roles, 3, 2, RANDOM);
            assertSmall(GradientCheck.of(layer.parameters().and("h", h), () -> layer.apply(h, LENGTHS)
                    .h()));
        }
        NgramRnn ngram = NgramRnn.of(4, 2, RANDOM);
        Tensor h = Tensor.normal(RANDOM, 1, 2, 5, 6);
        assertSmall(GradientCheck.of(ngram.parameters().and("h", h), () -> ngram.apply(h, LENGTHS)));
    }

    private static void assertSmall(GradientCheck check) {
        assertTrue(check.error() < 2e-3, check.toString());
    }

    // ------------------------------------------------------------------ nothing leaks

    private interface Reads {
        Tensor of(Tensor x, int... lengths);
    }

    private static List<Reads> readers() {
        TapeLstm tape = TapeLstm.of(6, 4, 5, RANDOM);
        TapeLstm bounded = tape.window(2);
        KeyValueAttention plain = KeyValueAttention.of(KeyValueAttention.Roles.PLAIN, 6, 3, RANDOM);
        KeyValueAttention keyValue = KeyValueAttention.of(KeyValueAttention.Roles.KEY_VALUE, 3, 3, RANDOM);
        KeyValueAttention predict = KeyValueAttention.of(KeyValueAttention.Roles.KEY_VALUE_PREDICT, 2, 3, RANDOM);
        NgramRnn ngram = NgramRnn.of(4, 2, RANDOM);
        return List.of(
                (x, n) -> tape.run(x, tape.initial(x.size(0)), n).h(),
                (x, n) -> bounded.run(x, bounded.initial(x.size(0)), n).h(),
                (x, n) -> plain.apply(x, n).h(),
                (x, n) -> plain.apply(x, n).weights(),
                (x, n) -> keyValue.apply(x, n).h(),
                (x, n) -> predict.apply(x, n).h(),
                ngram::apply);
    }

    @Test
    void laterInputsNeverChangeEarlierOutputs() {
        Tensor x = Tensor.normal(RANDOM, 1, 2, 6, 6);
        for (Reads reads : readers()) {
            Tensor before = reads.of(x, 6, 6);
            for (int t = 1; t < 6; t++) {
                Tensor later = Tensor.concat(1, x.slice(1, 0, t), Tensor.normal(RANDOM.split(t), 5, 2, 6 - t, 6));
                Tensor after = reads.of(later, 6, 6);
                assertArrayEquals(
                        before.slice(1, 0, t).toArray(), after.slice(1, 0, t).toArray());
            }
        }
    }

    @Test
    void paddingNeverLeaks() {
        Tensor x = Tensor.normal(RANDOM, 1, 2, 5, 6);
        float[] spoiled = x.toArray();
        Arrays.fill(spoiled, (5 + 3) * 6, 10 * 6, Float.NaN);
        for (Reads reads : readers()) {
            Tensor given = Tensor.wrap(spoiled.clone(), 2, 5, 6).requiresGradient();
            Tensor together = reads.of(given, LENGTHS);
            Tensor alone = reads.of(x.slice(0, 1, 2).slice(1, 0, 3), 3);
            assertArrayEquals(
                    alone.toArray(), together.slice(0, 1, 2).slice(1, 0, 3).toArray());
            assertArrayEquals(
                    new float[2 * together.size(2)],
                    together.slice(0, 1, 2).slice(1, 3, 5).toArray());
            together.sum().backward();
            assertTrue(given.gradient().isFinite());
        }
    }

    // ------------------------------------------------------------------ what the tape is

    @Test
    void aTapeOfOneSlotIsTheLstm() {
        TapeLstm cell = TapeLstm.of(3, 4, 5, RANDOM).window(1);
        Lstm lstm = cell.lstm();
        Tensor x = Tensor.normal(RANDOM, 1, 2, 6, 3);
        assertArrayEquals(
                lstm.unroll(x, lstm.initial(2)).h().toArray(), cell.run(x).h().toArray());
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 3})
    void piecesOfDifferentLengthsGoOnWhereTheyStopped(int window) {
        TapeLstm cell = TapeLstm.of(3, 4, 5, RANDOM).window(window);
        Tensor first = Tensor.normal(RANDOM, 1, 2, 5, 3);
        Tensor second = Tensor.normal(RANDOM, 1, 2, 4, 3);
        Sequence<TapeLstm.State> begun = cell.run(first, cell.initial(2), LENGTHS);
        Tensor together = cell.run(second, begun.last()).h();
        for (int b = 0; b < 2; b++) {
            Tensor whole =
                    Tensor.concat(1, first.slice(0, b, b + 1).slice(1, 0, LENGTHS[b]), second.slice(0, b, b + 1));
            Tensor alone = cell.run(whole).h();
            assertArrayEquals(
                    alone.slice(1, LENGTHS[b], LENGTHS[b] + 4).toArray(),
                    together.slice(0, b, b + 1).toArray());
        }
    }

    @Test
    void weightsOfEveryStepAreShown() {
        TapeLstm cell = TapeLstm.of(3, 4, 5, RANDOM).window(2);
        Tensor x = Tensor.normal(RANDOM, 1, 1, 4, 3);
        Map<String, Tensor> all = cell.inspect(x, cell.initial(1));
        Tensor s = Objects.requireNonNull(all.get("s"));
        assertEquals("[1×4×4]", s.shapeText());
        for (int t = 0; t < 4; t++) {
            for (int slot = 0; slot < 4; slot++) {
                boolean seen = slot <= t && slot > t - 2;
                assertEquals(seen, s.get(0, t, slot) > 0, t + " " + slot);
            }
        }
        assertArrayEquals(
                cell.run(x).h().toArray(), Objects.requireNonNull(all.get("h")).toArray());
        assertEquals("[1×4×4]", Objects.requireNonNull(all.get("c_read")).shapeText());
    }

    @Test
    void layersOfTapesTakeSequencesOfDifferentLengths() {
        Stacked<TapeLstm.State> two =
                new Stacked<>(List.of(TapeLstm.of(3, 4, 5, RANDOM), TapeLstm.of(4, 2, 5, RANDOM)));
        Tensor x = Tensor.normal(RANDOM, 1, 2, 5, 3);
        assertArrayEquals(
                two.run(x, two.initial(2), LENGTHS).h().toArray(),
                two.unroll(x, two.initial(2), LENGTHS).h().toArray());
    }

    @Test
    void anyAttentionCanReadTheTape() {
        TapeLstm cell =
                new TapeLstm(Multiplicative.general(3 + 4, 4, RANDOM), Lstm.of(3, 4, RANDOM), Integer.MAX_VALUE);
        assertSmall(GradientCheck.of(cell.parameters(), () -> cell.run(Tensor.normal(RandomStream.of(5), 1, 2, 4, 3))
                .h()));
    }

    // ------------------------------------------------------------------ edges and errors

    @Test
    void theFirstStepReadsNothing() {
        KeyValueAttention layer = KeyValueAttention.of(KeyValueAttention.Roles.PLAIN, 3, 4, RANDOM);
        KeyValueAttention.Attended y = layer.apply(Tensor.normal(RANDOM, 1, 1, 6, 3));
        for (int t = 0; t < 6; t++) {
            double sum = 0;
            for (int l = 0; l < 4; l++) {
                sum += y.weights().get(0, t, l);
                assertEquals(l >= 4 - t, y.weights().get(0, t, l) > 0, t + " " + l);
            }
            assertEquals(t == 0 ? 0 : 1, sum, 1e-6);
        }
        assertEquals("[1×1×3]", layer.apply(Tensor.ones(1, 1, 3)).h().shapeText());
        assertEquals(
                "[1×1×2]", NgramRnn.of(4, 2, RANDOM).apply(Tensor.ones(1, 1, 6)).shapeText());
    }

    @Test
    void wrongSizesAreNamed() {
        assertMessage("tape lstm: window 0", () -> TapeLstm.of(3, 4, 5, RANDOM).window(0));
        assertMessage(
                "tape lstm: an LSTM from 3 to 4 needs attention with queries of 7 and sources of 4; ",
                () -> new TapeLstm(Additive.of(4, 4, 5, RANDOM), Lstm.of(3, 4, RANDOM), 9));
        TapeLstm cell = TapeLstm.of(3, 4, 5, RANDOM);
        assertMessage("run: a sequence [2×5×6] for TapeLstm", () -> cell.run(Tensor.zeros(2, 5, 6)));
        KeyValueAttention.Roles roles = KeyValueAttention.Roles.KEY_VALUE;
        assertMessage("key-value attention: window 0", () -> KeyValueAttention.of(roles, 3, 0, RANDOM));
        KeyValueAttention layer = KeyValueAttention.of(roles, 3, 2, RANDOM);
        assertMessage(
                "key-value attention: [2×5×7] must be [batch×steps×6], 2 parts of 3",
                () -> layer.apply(Tensor.zeros(2, 5, 7)));
        assertMessage("mask: length 6", () -> layer.apply(Tensor.zeros(2, 5, 6), 6, 5));
        Tensor m = Tensor.zeros(3, 3);
        assertMessage(
                "key-value attention: W_Y, W_h, w, W_r, W_x [3×3], [3×3], [3×3], [3×3], [3×3] must be",
                () -> new KeyValueAttention(roles, 2, m, m, m, m, m));
        assertMessage("n-gram rnn: W [3×3] must be [D×nD] with n = 2", () -> new NgramRnn(2, m));
        assertMessage("n-gram rnn: N = 1", () -> NgramRnn.of(1, 3, RANDOM));
        assertMessage("n-gram rnn: [2×5×7]", () -> NgramRnn.of(3, 3, RANDOM).apply(Tensor.zeros(2, 5, 7)));
        assertMessage(
                "choose: 2 choices between [2×3] and [2×4]",
                () -> Ragged.choose(new boolean[2], Tensor.zeros(2, 3), Tensor.zeros(2, 4)));
    }

    private static void assertMessage(String begin, org.junit.jupiter.api.function.Executable call) {
        String message = Objects.requireNonNull(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.startsWith(begin), message);
    }

    @Test
    void parametersBearTheirNames() {
        Parameters all = TapeLstm.of(3, 4, 5, RANDOM).parameters();
        assertEquals(
                List.of(
                        "attention.W",
                        "attention.U",
                        "attention.v",
                        "lstm.weight_ih_l0",
                        "lstm.weight_hh_l0",
                        "lstm.bias_ih_l0"),
                List.copyOf(all.names()));
    }
}
