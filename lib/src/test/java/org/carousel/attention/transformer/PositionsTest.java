package org.carousel.attention.transformer;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.withWeights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.carousel.Golden;
import org.carousel.attention.LinearBias;
import org.carousel.attention.Rotary;
import org.carousel.attention.ScaledDotProduct;
import org.carousel.attention.seq2seq.DecoderStream;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
    private static final int[] LENGTHS = {5, 3};
    private static final RandomStream RANDOM = RandomStream.of(61);

    private static Transformer.Sizes sizes(Positions positions) {
        return new Transformer.Sizes(8, 2, 12, 2, true, 9, positions);
    }

    /** Against PyTorch in float64; see golden/attention.py among the test resources. */
    @ParameterizedTest
    @CsvSource({"ROTARY, source", "ROTARY, causal", "ALIBI, source", "ALIBI, causal"})
    void attentionEqualsTheEquations(Positions positions, String over) {
        boolean causal = over.equals("causal");
        Map<String, Tensor> v = new HashMap<>(
                Golden.load("attention/" + positions.name().toLowerCase(java.util.Locale.ROOT) + "-" + over));
        MultiHead layer = withWeights(v, MultiHead.of(8, 2, positions, RANDOM));
        Tensor x = Golden.get(v, "x").requiresGradient();
        Tensor source = causal ? x : Golden.get(v, "source").requiresGradient();
        int[] lengths = causal ? new int[] {5, 5} : LENGTHS;
        assertClose("alpha", Golden.get(v, "alpha"), layer.weights(x, source, causal, lengths));
        Tensor y = layer.apply(x, source, causal, lengths);
        assertClose("y", Golden.get(v, "y"), y);
        y.times(Golden.get(v, "w")).sum().backward();
        for (Map.Entry<String, Tensor> p : layer.parameters()) {
            assertClose(
                    p.getKey(), Golden.get(v, "d_" + p.getKey()), p.getValue().gradient());
        }
        assertClose("d_x", Golden.get(v, "d_x"), x.gradient());
        if (!causal) {
            assertClose("d_source", Golden.get(v, "d_source"), source.gradient());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ROTARY", "ALIBI"})
    void attentionAgreesWithCentralDifferences(Positions positions) {
        MultiHead layer = MultiHead.of(8, 2, positions, RANDOM);
        Tensor x = Tensor.normal(RANDOM, 1, 2, 4, 8);
        Tensor w = Tensor.normal(RANDOM, 1, 2, 4, 8);
        GradientCheck check = GradientCheck.of(
                Parameters.of("layer", layer).and("x", x),
                () -> layer.apply(x, true).times(w).sum());
        assertTrue(check.error() < 5e-3, check.toString());
    }

    @Test
    void turningAgreesWithCentralDifferences() {
        Tensor x = Tensor.normal(RANDOM, 1, 2, 3, 4);
        Tensor w = Tensor.normal(RANDOM, 1, 2, 3, 4);
        GradientCheck check = GradientCheck.of(
                Parameters.of("x", x), () -> Rotary.turn(x, 7).times(w).sum());
        assertTrue(check.error() < 2e-3, check.toString());
    }

    /** With d = 4: the first pair turns by 1 a step, the second by 1/100. */
    @Test
    void pairsAreTurned() {
        Tensor turned = Rotary.turn(Tensor.of(1, 0, 0, 1).reshape(1, 4), 3);
        assertArrayEquals(new float[] {-0.98999250f, 0.14112001f, -0.029995500f, 0.99955003f}, turned.toArray(), 1e-7f);
    }

    @Test
    void aTurnedScoreDependsOnTheDistance() {
        Tensor q = Tensor.normal(RANDOM, 1, 1, 8);
        Tensor k = Tensor.normal(RANDOM, 1, 1, 8);
        double near = Rotary.turn(q, 2).times(Rotary.turn(k, 5)).sum().item();
        double far = Rotary.turn(q, 102).times(Rotary.turn(k, 105)).sum().item();
        assertEquals(near, far, 1e-5);
        assertTrue(
                Math.abs(near - Rotary.turn(q, 2).times(Rotary.turn(k, 6)).sum().item()) > 1e-2);
    }

    @Test
    void slopesOfThePaper() {
        assertArrayEquals(
                new float[] {1f / 2, 1f / 4, 1f / 8, 1f / 16, 1f / 32, 1f / 64, 1f / 128, 1f / 256},
                LinearBias.of(8, 0).slopes());
    }

    /** Sizes on both sides of a tile and of a block of keys. */
    @ParameterizedTest
    @CsvSource({"2, 3, 5, false, 4", "2, 5, 5, true, 0", "4, 65, 300, false, 0", "2, 130, 130, true, 0"})
    void fallingTilesEqualTheEquation(int n, int queries, int keys, boolean causal, int first) {
        Tensor q = Tensor.normal(RANDOM, 1, n, queries, 6).requiresGradient();
        Tensor k = Tensor.normal(RANDOM, 1, n, keys, 6).requiresGradient();
        Tensor v = Tensor.normal(RANDOM, 1, n, keys, 3);
        Tensor w = Tensor.normal(RANDOM, 1, n, queries, 3);
        LinearBias bias = LinearBias.of(2, first);
        int[] lengths = new int[n];
        java.util.Arrays.fill(lengths, keys);
        lengths[1] = keys / 2;
        Tensor expected = ScaledDotProduct.weights(q, k, bias, causal, lengths).matmul(v);
        expected.times(w).sum().backward();
        Tensor dq = q.gradient();
        Tensor dk = k.gradient();
        q.clearGradient();
        k.clearGradient();
        Tensor fused = ScaledDotProduct.attend(q, k, v, bias, causal, lengths);
        fused.times(w).sum().backward();
        assertArrayEquals(expected.toArray(), fused.toArray(), 1e-5f);
        assertArrayEquals(dq.toArray(), q.gradient().toArray(), 1e-5f);
        assertArrayEquals(dk.toArray(), k.gradient().toArray(), 1e-5f);
    }

    @ParameterizedTest
    @EnumSource
    void stepsStreamsAndAllAtOnceAgree(Positions positions) {
        EncoderDecoder<int[][], TransformerDecoder.State> model =
                Transformer.of(6, 7, sizes(positions), 0, 1, RandomStream.of(3));
        int[][] sources = {{5, 2, 3, 4}, {3, 3}};
        int[][] targets = {{2, 6, 4}, {5, 3, 2}};
        Tensor all = model.logits(sources, targets);
        TransformerDecoder.State state = model.decoder().begin(model.encoder().encode(sources));
        DecoderStream<TransformerDecoder.State> stream = model.decoder().stream(state);
        for (int t = 0; t < 4; t++) {
            int[] read = {t == 0 ? 0 : targets[0][t - 1], t == 0 ? 0 : targets[1][t - 1]};
            var written = model.decoder().step(state, read);
            state = written.state();
            assertArrayEquals(written.logits().toArray(), stream.step(read), "stream, step " + t);
            assertArrayEquals(all.select(1, t).toArray(), written.logits().toArray(), 2e-5f, "step " + t);
        }
    }

    /** Only without positions a shuffled source is the same source. */
    @ParameterizedTest
    @EnumSource
    void orderCountsWithPositions(Positions positions) {
        var model = Transformer.of(6, 7, sizes(positions), 0, 1, RandomStream.of(3));
        Tensor one = model.logits(new int[][] {{5, 2, 3, 4}}, new int[][] {{2, 6}});
        Tensor other = model.logits(new int[][] {{4, 3, 5, 2}}, new int[][] {{2, 6}});
        double most = one.minus(other).squared().sum().item();
        assertEquals(positions == Positions.NONE, most < 1e-8, positions + ": " + most);
    }

    @ParameterizedTest
    @EnumSource
    void learnedPositionsAreParameters(Positions positions) {
        Gpt gpt = Gpt.of(5, sizes(positions), RandomStream.of(4));
        Loss.crossEntropy(gpt.logits(new int[][] {{0, 1, 2}}), new int[][] {{1, 2, 3}})
                .backward();
        assertEquals(positions == Positions.LEARNED, gpt.parameters().names().contains("places"));
        for (Map.Entry<String, Tensor> p : gpt.parameters()) {
            double length = p.getValue().gradient().squared().sum().item();
            assertTrue(length > 0, p.getKey() + " receives no gradient");
        }
    }

    @ParameterizedTest
    @EnumSource
    void gptWritesWhatItReads(Positions positions) {
        Gpt gpt = Gpt.of(5, sizes(positions), RandomStream.of(5));
        int[][] tokens = {{0, 3, 1, 4, 2, 2}, {4, 4, 0, 1, 3, 0}};
        Tensor all = gpt.logits(tokens);
        int[][] changed = {{0, 3, 1, 4, 0, 1}, {4, 4, 0, 1, 1, 2}};
        assertArrayEquals(
                all.slice(1, 0, 4).toArray(), gpt.logits(changed).slice(1, 0, 4).toArray(), "what comes is not seen");
        Gpt.State state = Gpt.State.EMPTY;
        for (int t = 0; t < 6; t++) {
            Gpt.Written written = gpt.step(state, tokens[0][t], tokens[1][t]);
            state = written.state();
            assertArrayEquals(all.select(1, t).toArray(), written.logits().toArray(), 2e-5f, "step " + t);
        }
        for (Tensor alpha : gpt.attention(tokens)) {
            assertArrayEquals(new int[] {2, 2, 6, 6}, alpha.shape());
            assertEquals(0, alpha.get(1, 1, 2, 3));
            assertEquals(1, alpha.select(2, 5).sum(2).get(0, 1), 1e-6);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void dropoutDropsOnlyWhenAsked(boolean preNorm) {
        EncoderLayer layer = EncoderLayer.of(8, 2, 12, preNorm, EncoderLayer.Activation.GELU_ERF, RandomStream.of(6));
        Tensor x = Tensor.normal(RANDOM, 1, 2, 4, 8);
        RandomStream random = RandomStream.of(7);
        assertArrayEquals(
                layer.apply(x, true).toArray(),
                layer.apply(x, true, new Dropout(0), random).toArray());
        Tensor w = Tensor.normal(RANDOM, 1, 2, 4, 8);
        GradientCheck check = GradientCheck.of(Parameters.of("layer", layer).and("x", x), () -> layer.apply(
                        x, true, new Dropout(0.4), RandomStream.of(8))
                .times(w)
                .sum());
        assertTrue(check.error() < 5e-3, check.toString());
        Gpt gpt = Gpt.of(5, sizes(Positions.WAVES), RandomStream.of(9));
        int[][] tokens = {{1, 2, 3}};
        float[] all = gpt.logits(tokens).toArray();
        assertArrayEquals(all, gpt.logits(tokens, new Dropout(0), random).toArray());
        float[] dropped =
                gpt.logits(tokens, new Dropout(0.5), RandomStream.of(1)).toArray();
        assertArrayEquals(
                dropped,
                gpt.logits(tokens, new Dropout(0.5), RandomStream.of(1)).toArray());
        assertFalse(java.util.Arrays.equals(all, dropped));
    }

    @Test
    void errorsSayWhatToDo() {
        assertEquals(
                "multi-head: heads of size 3 cannot be turned; rotary positions need an even size",
                assertThrows(IllegalArgumentException.class, () -> MultiHead.of(6, 2, Positions.ROTARY, RANDOM))
                        .getMessage());
        assertEquals(
                "rotary: [2×3] must be [..×T×d] with an even d: pairs of elements are turned",
                assertThrows(IllegalArgumentException.class, () -> Rotary.turn(Tensor.zeros(2, 3), 0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new LinearBias(new float[] {Float.NaN}, 0));
        var postNorm = new Transformer.Sizes(8, 2, 12, 2, false, 9, Positions.LEARNED);
        assertThrows(IllegalArgumentException.class, () -> Gpt.of(5, postNorm, RANDOM));
        Gpt gpt = Gpt.of(5, sizes(Positions.LEARNED), RANDOM);
        assertThrows(IllegalArgumentException.class, () -> gpt.logits(new int[1][10]));
    }
}
