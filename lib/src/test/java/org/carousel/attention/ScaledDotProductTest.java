package org.carousel.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.carousel.attention.transformer.DecoderLayer;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.attention.transformer.MultiHead;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledDotProductTest {
    private static final RandomStream RANDOM = RandomStream.of(51);

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        assertEquals(expected.shapeText(), actual.shapeText(), what);
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.toArray()[i], actual.toArray()[i], 2e-5, what + " " + i);
        }
    }

    /** Sizes on both sides of a tile, of a panel and of a block of terms. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, false",
        "2, 3, 5, 4, 7, false",
        "2, 5, 5, 4, 3, true",
        "1, 65, 63, 17, 33, false",
        "3, 64, 64, 8, 8, true",
        "1, 130, 130, 33, 16, true",
        "1, 67, 300, 3, 5, false"
    })
    void tilesEqualTheEquation(int n, int queries, int keys, int size, int valueSize, boolean causal) {
        Tensor q = Tensor.normal(RANDOM, 2, n, queries, size).requiresGradient();
        Tensor k = Tensor.normal(RANDOM, 2, n, keys, size).requiresGradient();
        Tensor v = Tensor.normal(RANDOM, 1, n, keys, valueSize).requiresGradient();
        Tensor w = Tensor.normal(RANDOM, 1, n, queries, valueSize);
        int[] lengths = new int[n];
        for (int i = 0; i < n; i++) {
            lengths[i] = i == 1 ? Math.max(1, keys / 2) : keys;
        }
        Tensor expected = ScaledDotProduct.weights(q, k, causal, lengths).matmul(v);
        expected.times(w).sum().backward();
        List<Tensor> gradients = new ArrayList<>();
        for (Tensor t : List.of(q, k, v)) {
            gradients.add(t.gradient());
            t.clearGradient();
        }
        Tensor fused = ScaledDotProduct.attend(q, k, v, causal, lengths);
        fused.times(w).sum().backward();
        assertClose("y", expected, fused);
        assertClose("dq", gradients.get(0), q.gradient());
        assertClose("dk", gradients.get(1), k.gradient());
        assertClose("dv", gradients.get(2), v.gradient());
    }

    @Test
    void gradientsAgreeWithDifferences() {
        Tensor q = Tensor.normal(RANDOM, 1, 2, 2, 3, 4);
        Tensor k = Tensor.normal(RANDOM, 1, 2, 2, 3, 4);
        Tensor v = Tensor.normal(RANDOM, 1, 2, 2, 3, 5);
        GradientCheck check = GradientCheck.of(
                Parameters.of("q", q).and("k", k).and("v", v), () -> ScaledDotProduct.attend(q, k, v, true, 3, 2));
        assertTrue(check.error() < 3e-3, check.toString());
    }

    @Test
    void aHeadEqualsItselfAlone() {
        Tensor q = Tensor.normal(RANDOM, 1, 5, 66, 16);
        Tensor v = Tensor.normal(RANDOM, 1, 5, 66, 16);
        Tensor together = ScaledDotProduct.attend(q, q, v);
        for (int n = 0; n < 5; n++) {
            Tensor one = q.slice(0, n, n + 1);
            assertArrayEquals(
                    ScaledDotProduct.attend(one, one, v.slice(0, n, n + 1)).toArray(),
                    together.select(0, n).toArray());
        }
    }

    @Test
    void whatIsNotSeenHasNoInfluence() {
        Tensor q = Tensor.normal(RANDOM, 1, 1, 4, 3);
        Tensor k = Tensor.normal(RANDOM, 1, 1, 4, 3);
        Tensor v = Tensor.normal(RANDOM, 1, 1, 4, 2);
        Tensor causal = ScaledDotProduct.attend(q, k, v, true);
        assertClose("the first query sees one key", v.slice(1, 0, 1), causal.slice(1, 0, 1));
        Tensor none = ScaledDotProduct.attend(q, k, v, false, 0);
        for (float y : none.toArray()) {
            assertEquals(0, y);
        }
    }

    @Test
    void wrongShapesAreNamed() {
        Tensor q = Tensor.zeros(2, 3, 4);
        assertEquals(
                "attention: q [2×3×4], k [2×3×5], v [2×3×4] must be [..×T×d], [..×U×d] and [..×U×e] with the same"
                        + " leading axes",
                assertThrows(IllegalArgumentException.class, () -> ScaledDotProduct.attend(q, Tensor.zeros(2, 3, 5), q))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> ScaledDotProduct.attend(q, Tensor.zeros(2, 5, 4), Tensor.zeros(2, 5, 4), true));
        assertThrows(IllegalArgumentException.class, () -> ScaledDotProduct.attend(q, q, q, false, 4, 4));
        assertThrows(IllegalArgumentException.class, () -> ScaledDotProduct.attend(q, q, q, false, 1, 1, 1));
    }

    /** No sequences, no queries, or no keys: results of their size, zeros, and gradients of zeros. */
    @Test
    void nothingToReadIsAResult() {
        for (boolean causal : new boolean[] {false, true}) {
            Tensor none = Tensor.zeros(0, 2, 5, 4);
            assertEquals(
                    "[0×2×5×4]",
                    ScaledDotProduct.attend(none, none, none, causal).shapeText());
            assertEquals(
                    "[0×2×5×5]", ScaledDotProduct.weights(none, none, causal).shapeText());
            Tensor short0 = Tensor.zeros(2, 0, 4);
            assertEquals(
                    "[2×0×4]",
                    ScaledDotProduct.attend(short0, short0, short0, causal, 0, 0)
                            .shapeText());
            Tensor x = EncoderLayer.of(4, 2, 8, true, RandomStream.of(1)).apply(Tensor.zeros(0, 5, 4), causal);
            assertEquals("[0×5×4]", x.shapeText());
            x.sum().backward();
        }
        Tensor query = Tensor.ones(2, 3, 4).requiresGradient();
        Tensor keys = Tensor.zeros(2, 0, 4);
        Tensor blind = ScaledDotProduct.attend(query, keys, Tensor.zeros(2, 0, 6), false);
        assertArrayEquals(new float[2 * 3 * 6], blind.toArray());
        assertEquals(
                "[2×3×0]", ScaledDotProduct.weights(query, keys, false, 0, 0).shapeText());
        blind.sum().backward();
        assertArrayEquals(new float[2 * 3 * 4], query.gradient().toArray());
        assertThrows(IllegalArgumentException.class, () -> ScaledDotProduct.attend(query, keys, keys, false, 1, 1));
    }

    /** NaN behind the ends: results and every gradient are those of clean padding, in every layer; weights, too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void paddingNeverReachesAGradient(boolean preNorm) {
        int[] lengths = {3, 0, 5};
        RandomStream random = RandomStream.of(60);
        MultiHead heads = MultiHead.of(8, 2, random);
        EncoderLayer encoder = EncoderLayer.of(8, 2, 12, preNorm, random);
        DecoderLayer decoder = DecoderLayer.of(8, 2, 12, preNorm, random);
        Tensor q = Tensor.normal(random, 1, 3, 4, 8);
        Tensor clean = Tensor.normal(random, 1, 3, 5, 8);
        Tensor dirty = Tensor.wrap(clean.toArray(), 3, 5, 8);
        float[] values = Fused.array(dirty);
        for (int b = 0; b < 3; b++) {
            Arrays.fill(values, (b * 5 + lengths[b]) * 8, (b + 1) * 5 * 8, Float.NaN);
        }
        compare(heads, clean, dirty, x -> heads.apply(q, x, false, lengths));
        compare(heads, clean, dirty, x -> Ragged.mask(heads.apply(x, x, true, lengths), lengths));
        compare(encoder, clean, dirty, x -> Ragged.mask(encoder.apply(x, false, lengths), lengths));
        compare(decoder, clean, dirty, x -> decoder.apply(q, x, lengths));
        compare(decoder, clean, dirty, x -> decoder.step(q.slice(1, 0, 1), decoder.cache(x, lengths))
                .y());
        assertArrayEquals(
                heads.weights(q, clean, false, lengths).toArray(),
                heads.weights(q, dirty, false, lengths).toArray());
    }

    private static void compare(Layer layer, Tensor clean, Tensor dirty, UnaryOperator<Tensor> result) {
        Tensor y = result.apply(clean);
        y.squared().sum().backward();
        List<float[]> expected = new ArrayList<>();
        for (Tensor p : layer.parameters().tensors()) {
            expected.add(Fused.gradientBuffer(p).clone());
            p.clearGradient();
        }
        Tensor same = result.apply(dirty);
        assertArrayEquals(y.toArray(), same.toArray());
        same.squared().sum().backward();
        int k = 0;
        for (Tensor p : layer.parameters().tensors()) {
            assertArrayEquals(expected.get(k++), Fused.gradientBuffer(p).clone());
            p.clearGradient();
        }
    }

    @Test
    void whoSeesNothingGetsZerosFromWeightsAsFromAttend() {
        Tensor q = Tensor.normal(RANDOM, 1, 2, 3, 4);
        Tensor k = Tensor.normal(RANDOM, 1, 2, 5, 4);
        Tensor w = ScaledDotProduct.weights(q, k, false, 5, 0);
        assertArrayEquals(new float[15], w.select(0, 1).toArray());
        assertArrayEquals(
                new float[12],
                ScaledDotProduct.attend(q, k, k, false, 5, 0).select(0, 1).toArray());
        assertArrayEquals(
                new float[] {1, 1, 1}, w.select(0, 0).matmul(Tensor.ones(5, 1)).toArray(), 1e-6f);
    }
}
