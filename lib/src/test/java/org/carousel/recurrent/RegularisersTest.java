package org.carousel.recurrent;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.carousel.layers.Dropout;
import org.carousel.layers.Noise;
import org.carousel.layers.Parameters;
import org.carousel.layers.Penalty;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.LstmMasks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch in float64 (golden/regularisers.py), and what must hold for every mask. */
class RegularisersTest {
    private static Lstm lstm(Map<String, Tensor> v) {
        return new Lstm(get(v, "weight_ih_l0"), get(v, "weight_hh_l0"), get(v, "bias_ih_l0"));
    }

    private static float[] values(Tensor t) {
        return t.toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "zoneout, true",
        "zoneout, false",
        "zoneout-expected, true",
        "zoneout-expected, false",
        "recurrent-dropout, true",
        "recurrent-dropout, false",
        "weight-dropout, true",
        "weight-noise, true",
        "input-noise, true",
        "variational-dropout, false"
    })
    void golden(String name, boolean fused) {
        Map<String, Tensor> v = load("regularisers/" + name);
        Lstm cell = lstm(v);
        Tensor x = get(v, "x").requiresGradient();
        Lstm.State first =
                new Lstm.State(get(v, "h0").requiresGradient(), get(v, "c0").requiresGradient());
        int[] all = {5, 5, 5};
        Tensor W = cell.W;
        Tensor R = cell.R;
        Sequence<Lstm.State> y =
                switch (name) {
                    case "recurrent-dropout" -> {
                        float[] m = values(get(v, "mz"));
                        yield fused
                                ? cell.run(W, R, new LstmMasks(m, null, null), x, first, all)
                                : MaskedSteps.run(
                                        cell,
                                        x,
                                        first,
                                        all,
                                        (t, xt, s) -> cell.step(xt, s, MaskedSteps.at(m, t, s.h())));
                    }
                    case "weight-dropout" -> cell.run(W, R.times(get(v, "M")), null, x, first, all);
                    case "weight-noise" -> cell.run(W.plus(get(v, "EW")), R.plus(get(v, "ER")), null, x, first, all);
                    case "input-noise" -> cell.run(x.plus(get(v, "E")), first, all);
                    case "variational-dropout" -> VariationalDropout.masked(cell, get(v, "m"), x, first, all);
                    default -> {
                        LstmMasks masks = new LstmMasks(null, values(get(v, "dc")), values(get(v, "dh")));
                        yield fused
                                ? cell.run(W, R, masks, x, first, all)
                                : Zoneout.unrolled(cell, masks, x, first, all);
                    }
                };
        assertClose("y", get(v, "y"), y.h());
        assertClose("h", get(v, "h"), y.last().h());
        assertClose("c", get(v, "c"), y.last().c());
        y.h().times(get(v, "w"))
                .sum()
                .plus(y.last().h().times(get(v, "v_h")).sum())
                .plus(y.last().c().times(get(v, "v_c")).sum())
                .backward();
        assertClose("dx", get(v, "d_x"), x.gradient());
        assertClose("dh0", get(v, "d_h0"), first.h().gradient());
        assertClose("dc0", get(v, "d_c0"), first.c().gradient());
        cell.parameters()
                .forEach(p -> assertClose(
                        p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gru-zoneout", "gru-recurrent-dropout"})
    void goldenOfTheGru(String name) {
        Map<String, Tensor> v = load("regularisers/" + name);
        Gru cell = new Gru(get(v, "weight_ih_l0"), get(v, "weight_hh_l0"), get(v, "bias_ih_l0"), get(v, "bias_hn_l0"));
        Tensor x = get(v, "x").requiresGradient();
        Tensor h0 = get(v, "h0").requiresGradient();
        int[] all = {5, 5, 5};
        Tensor y;
        if (name.equals("gru-zoneout")) {
            y = Zoneout.unrolled(cell, new LstmMasks(null, null, values(get(v, "dh"))), x, h0, all)
                    .h();
        } else {
            float[] m = values(get(v, "mz"));
            y = MaskedSteps.run(cell, x, h0, all, (t, xt, h) -> cell.step(xt, h, MaskedSteps.at(m, t, h)))
                    .h();
        }
        assertClose("y", get(v, "y"), y);
        y.times(get(v, "w")).sum().backward();
        assertClose("dx", get(v, "d_x"), x.gradient());
        assertClose("dh0", get(v, "d_h0"), h0.gradient());
        cell.parameters()
                .forEach(p -> assertClose(
                        p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient()));
    }

    /** What the golden vectors are given, the regularisers draw: masks and noise of the same stream. */
    @Test
    void whatIsDrawnIsAMaskOrANoiseOfTheStream() {
        RandomStream r = RandomStream.of(6);
        Lstm lstm = Lstm.of(3, 7, r);
        Gru gru = Gru.of(3, 7, r);
        Tensor x = Tensor.normal(r, 1, 2, 6, 3);
        Lstm.State zero = lstm.initial(2);
        Tensor M = new Dropout(0.4).apply(Tensor.ones(28, 7), RandomStream.of(9));
        assertArrayEquals(
                lstm.run(lstm.W, lstm.R.times(M), null, x, zero, 6, 6).h().toArray(),
                new WeightDropout(0.4)
                        .apply(lstm, x, zero, RandomStream.of(9))
                        .h()
                        .toArray());
        Noise noise = new Noise(0.3);
        Tensor EW = noise.apply(Tensor.zeros(21, 3), RandomStream.of(9).split("W"));
        Tensor ER = noise.apply(Tensor.zeros(21, 7), RandomStream.of(9).split("R"));
        assertArrayEquals(
                gru.run(gru.W.plus(EW), gru.R.plus(ER), x, gru.initial(2), 6, 6)
                        .h()
                        .toArray(),
                new WeightNoise(0.3)
                        .apply(gru, x, gru.initial(2), RandomStream.of(9))
                        .h()
                        .toArray());
        Tensor m = new Dropout(0.4).apply(Tensor.ones(2, 7), RandomStream.of(9));
        assertArrayEquals(
                VariationalDropout.masked(lstm, m, x, zero, 6, 6).h().toArray(),
                new VariationalDropout(0.4)
                        .apply(lstm, x, zero, RandomStream.of(9))
                        .h()
                        .toArray());
    }

    @Test
    void penalties() {
        Map<String, Tensor> v = load("regularisers/penalties");
        Tensor h = get(v, "h").requiresGradient();
        Tensor loss = Penalty.activation(h, 0.7)
                .plus(Penalty.temporalActivation(h, 0.3))
                .plus(Penalty.weights(Parameters.of("h", h), 0.1));
        loss.backward();
        assertEquals(get(v, "loss").item(), loss.item(), 1e-5);
        assertClose("dh", get(v, "d_h"), h.gradient());
        assertThrows(IllegalArgumentException.class, () -> Penalty.temporalActivation(Tensor.zeros(2, 1, 3), 1));
    }

    /** A sequence has the masks that it has alone, and padding takes no part, whatever it holds. */
    @Test
    void masksDependNeitherOnPaddingNorOnTheBatch() {
        RandomStream r = RandomStream.of(1);
        Lstm cell = Lstm.of(3, 5, r.split("cell"));
        Tensor x = Tensor.normal(r.split("x"), 1, 2, 7, 3);
        float[] padded = new float[2 * 9 * 3];
        Arrays.fill(padded, Float.NaN);
        for (int b = 0; b < 2; b++) {
            System.arraycopy(x.toArray(), b * 21, padded, b * 27, b == 0 ? 21 : 12);
        }
        Tensor wide = Tensor.wrap(padded, 2, 9, 3);
        Zoneout zoneout = new Zoneout(0.5, 0.3);
        RandomStream a = RandomStream.of(7);
        Sequence<Lstm.State> batch = zoneout.apply(cell, wide, cell.initial(2), a, 7, 4);
        Tensor alone = zoneout.apply(cell, x.slice(0, 0, 1), cell.initial(1), RandomStream.of(7))
                .h();
        assertArrayEquals(
                alone.toArray(), batch.h().slice(0, 0, 1).slice(1, 0, 7).toArray());
        assertTrue(batch.h().isFinite());
        batch.h().squared().sum().backward();
        cell.parameters().forEach(p -> assertTrue(p.getValue().gradient().isFinite(), p.getKey()));
        Sequence<Lstm.State> dropped =
                new RecurrentDropout(0.5).apply(cell, wide, cell.initial(2), RandomStream.of(7), 7, 4);
        assertTrue(dropped.h().isFinite());
        // the pass before leaves nothing for the next plain one
        assertArrayEquals(
                Lstm.of(3, 5, RandomStream.of(1).split("cell")).run(x).h().toArray(),
                cell.run(x).h().toArray());
    }

    @Test
    void aKeptUnitHasItsOldValueAndPassesItsGradientOn() {
        Lstm cell = Lstm.of(2, 4, RandomStream.of(1));
        Tensor x = Tensor.normal(RandomStream.of(2), 1, 1, 3, 2);
        float[] all = new float[12];
        Arrays.fill(all, 1);
        Lstm.State first = new Lstm.State(
                Tensor.normal(RandomStream.of(3), 1, 1, 4).requiresGradient(),
                Tensor.normal(RandomStream.of(4), 1, 1, 4).requiresGradient());
        Sequence<Lstm.State> y = cell.run(cell.W, cell.R, new LstmMasks(null, all, all), x, first, 3);
        assertArrayEquals(first.c().toArray(), y.last().c().toArray());
        assertArrayEquals(first.h().toArray(), y.last().h().toArray());
        y.last().c().sum().plus(y.last().h().sum()).backward();
        assertArrayEquals(new float[] {1, 1, 1, 1}, first.c().gradient().toArray());
        assertArrayEquals(new float[] {1, 1, 1, 1}, first.h().gradient().toArray());
        cell.parameters()
                .forEach(p ->
                        assertEquals(0, p.getValue().gradient().squared().sum().item(), p.getKey()));
    }

    /** At rate 0 the bits of the plain cell; the same seed the same bits; another seed others. */
    @Test
    void ratesOfZeroAndSeeds() {
        RandomStream r = RandomStream.of(5);
        Lstm lstm = Lstm.of(3, 7, r);
        Gru gru = Gru.of(3, 7, r);
        Elman elman = Elman.of(3, 7, r);
        Tensor x = Tensor.normal(r, 1, 2, 6, 3);
        Lstm.State l0 = lstm.initial(2);
        Tensor g0 = gru.initial(2);
        float[] plain = lstm.run(x).h().toArray();
        assertArrayEquals(plain, new Zoneout(0, 0).apply(lstm, x, l0, r).h().toArray());
        assertArrayEquals(plain, new Zoneout(0, 0).expected(lstm, x, l0).h().toArray());
        assertArrayEquals(plain, new WeightDropout(0).apply(lstm, x, l0, r).h().toArray());
        assertArrayEquals(plain, new WeightNoise(0).apply(lstm, x, l0, r).h().toArray());
        assertArrayEquals(
                plain, new RecurrentDropout(0).apply(lstm, x, l0, r).h().toArray(), 1e-6f);
        assertArrayEquals(
                plain, new VariationalDropout(0).apply(lstm, x, l0, r).h().toArray(), 1e-6f);
        float[] gruPlain = gru.run(x).h().toArray();
        assertArrayEquals(
                gruPlain, new WeightDropout(0).apply(gru, x, g0, r).h().toArray());
        assertArrayEquals(gruPlain, new WeightNoise(0).apply(gru, x, g0, r).h().toArray());
        assertArrayEquals(
                gruPlain, new RecurrentDropout(0).apply(gru, x, g0, r).h().toArray(), 1e-6f);
        assertArrayEquals(gruPlain, new Zoneout(0, 0).apply(gru, x, g0, r).h().toArray(), 1e-6f);
        assertArrayEquals(
                elman.run(x).h().toArray(),
                new VariationalDropout(0)
                        .apply(elman, x, elman.initial(2), r)
                        .h()
                        .toArray());
        float[][] drawn = new float[3][];
        for (int k = 0; k < 3; k++) {
            drawn[k] = new Zoneout(0.5, 0.1)
                    .apply(lstm, x, l0, RandomStream.of(k / 2))
                    .h()
                    .toArray();
        }
        assertArrayEquals(drawn[0], drawn[1]);
        assertTrue(!Arrays.equals(drawn[0], drawn[2]));
    }

    /** The mean over many draws of one step is the expected pass, which has p in place of the mask. */
    @Test
    void theExpectedPassIsTheMeanOverMasks() {
        Lstm cell = Lstm.of(2, 3, RandomStream.of(1));
        Tensor x = Tensor.normal(RandomStream.of(2), 1, 1, 1, 2);
        Lstm.State s = new Lstm.State(Tensor.full(0.5, 1, 3), Tensor.full(-0.7, 1, 3));
        Zoneout zoneout = new Zoneout(0.4, 0.25);
        double[] sum = new double[6];
        int draws = 4000;
        for (int k = 0; k < draws; k++) {
            Lstm.State last = zoneout.apply(cell, x, s, RandomStream.of(k)).last();
            for (int j = 0; j < 3; j++) {
                sum[j] += last.h().get(0, j);
                sum[3 + j] += last.c().get(0, j);
            }
        }
        Lstm.State mean = zoneout.expected(cell, x, s).last();
        for (int j = 0; j < 3; j++) { // 5 standard errors of a difference of about 1
            assertEquals(mean.h().get(0, j), sum[j] / draws, 0.04);
            assertEquals(mean.c().get(0, j), sum[3 + j] / draws, 0.04);
        }
    }

    @Test
    void ratesOfMasks() {
        float[] mask = LstmMasks.draw(50, 8, 33, 0.3, 1, 0, RandomStream.of(1));
        double mean = 0;
        for (float m : mask) {
            assertTrue(m == 0 || m == 1);
            mean += m / mask.length;
        }
        assertEquals(0.3, mean, 5 * Math.sqrt(0.21 / mask.length));
        Tensor kept = new Dropout(0.5).applyToSequences(Tensor.ones(4, 6, 9), RandomStream.of(2));
        for (int t = 1; t < 6; t++) {
            assertArrayEquals(kept.select(1, 0).toArray(), kept.select(1, t).toArray());
        }
        assertEquals(
                0.04,
                new Noise(0.2)
                        .apply(Tensor.zeros(10_000), RandomStream.of(3))
                        .squared()
                        .mean()
                        .item(),
                0.003);
    }

    @Test
    void badInput() {
        for (double p : new double[] {-0.1, 1, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Zoneout(p, 0));
            assertThrows(IllegalArgumentException.class, () -> new Zoneout(0, p));
            assertThrows(IllegalArgumentException.class, () -> new RecurrentDropout(p));
            assertThrows(IllegalArgumentException.class, () -> new WeightDropout(p));
            assertThrows(IllegalArgumentException.class, () -> new VariationalDropout(p));
        }
        assertThrows(IllegalArgumentException.class, () -> new Noise(-1));
        assertThrows(IllegalArgumentException.class, () -> new WeightNoise(-1));
        assertThrows(IllegalArgumentException.class, () -> new WeightNoise(Double.NaN));
        MLstm matrix = MLstm.of(2, 3, RandomStream.of(1));
        String message = Objects.requireNonNull(assertThrows(IllegalArgumentException.class, () -> new Zoneout(0.1, 0.1)
                        .apply(matrix, Tensor.zeros(1, 2, 2), matrix.initial(1), RandomStream.of(1)))
                .getMessage());
        assertTrue(message.startsWith("zoneout: the state of MLstm"), message);
    }

    @Test
    void aStackOfDifferentCells() {
        RandomStream r = RandomStream.of(1);
        Elman below = Elman.of(2, 4, r.split(0));
        Lstm above = Lstm.of(4, 3, r.split(1));
        Stacked<Object> stack = Stacked.of(below, above);
        Tensor x = Tensor.normal(r, 1, 2, 5, 2);
        Sequence<?> y = stack.run(x);
        assertArrayEquals(above.run(below.run(x).h()).h().toArray(), y.h().toArray());
        assertArrayEquals(
                stack.unroll(x, stack.initial(2), 5, 3).h().toArray(),
                stack.run(x, stack.initial(2), 5, 3).h().toArray(),
                1e-6f);
        assertEquals(6, stack.parameters().size());
    }
}
