package org.carousel.attention;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.withWeights;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.carousel.Golden;
import org.carousel.attention.transformer.DecoderLayer;
import org.carousel.attention.transformer.EncoderLayer;
import org.carousel.attention.transformer.MultiHead;
import org.carousel.attention.transformer.PositionalEncoding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch in float64; see golden/attention.py among the test resources. */
class AttentionGoldenTest {
    private static final int[] LENGTHS = {5, 3};
    private static final RandomStream RANDOM = RandomStream.of(1);

    private final Map<String, Tensor> v = new java.util.HashMap<>();

    private void load(String name) {
        v.putAll(Golden.load("attention/" + name));
    }

    private Tensor get(String key) {
        return Golden.get(v, key);
    }

    private Tensor input(String key) {
        return get(key).requiresGradient();
    }

    private void check(Layer layer, Tensor y, String... inputs) {
        assertClose("y", get("y"), y);
        y.times(get("w")).sum().backward();
        Parameters all = layer.parameters();
        for (Map.Entry<String, Tensor> p : all) {
            assertClose(p.getKey(), get("d_" + p.getKey()), p.getValue().gradient());
        }
        for (String input : inputs) {
            assertClose("d_" + input, get("d_" + input), get(input).gradient());
        }
    }

    private static Attention attention(String name) {
        return switch (name) {
            case "additive" -> Additive.of(4, 6, 7, RANDOM);
            case "general" -> Multiplicative.general(4, 6, RANDOM);
            case "dot" -> Multiplicative.dot();
            case "scaled" -> Multiplicative.scaled();
            default -> Multiplicative.cosine(1);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"additive", "general", "dot", "scaled", "cosine"})
    void scores(String name) {
        load(name);
        Attention attention = withWeights(v, attention(name));
        Attention.Reading read = attention.read(input("s"), attention.memory(input("h"), LENGTHS));
        assertClose("alpha", get("alpha"), read.weights());
        check(attention, read.context(), "s", "h");
    }

    @Test
    void local() {
        load("local");
        Local local = withWeights(v, Local.predictive(Multiplicative.general(4, 6, RANDOM), 2, 4, 7, RANDOM));
        Attention.Memory memory = local.global().memory(input("h"), LENGTHS);
        assertClose("place", get("place"), local.place(0, input("s"), memory));
        Attention.Reading read = local.read(0, input("s"), memory);
        assertClose("alpha", get("alpha"), read.weights());
        check(local, read.context(), "s", "h");
    }

    @Test
    void monotonicWindowsMoveWithTheStep() {
        Local local = Local.monotonic(Multiplicative.dot(), 1);
        Tensor h = Tensor.normal(RANDOM, 1, 1, 6, 3);
        Attention.Memory memory = local.global().memory(h);
        for (int t = 0; t < 6; t++) {
            float[] weights = local.read(t, Tensor.ones(1, 3), memory).weights().toArray();
            double sum = 0;
            for (int j = 0; j < 6; j++) {
                assertEquals(Math.abs(j - t) <= 1, weights[j] > 0, t + " " + j);
                sum += weights[j];
            }
            assertEquals(1, sum, 1e-6);
        }
    }

    @Test
    void sentence() {
        load("sentence");
        SentenceEmbedding embedding = withWeights(v, SentenceEmbedding.of(6, 7, 3, RANDOM));
        SentenceEmbedding.Embedded m = embedding.apply(input("h"), LENGTHS);
        assertClose("alpha", get("alpha"), m.weights());
        check(embedding, Tensor.concat(0, m.matrix().reshape(-1), m.penalty().reshape(1)), "h");
    }

    @Test
    void multiHead() {
        load("multi-head");
        MultiHead layer = withWeights(v, MultiHead.of(8, 2, RANDOM));
        assertClose("alpha", get("alpha"), layer.weights(get("x"), get("source"), false, LENGTHS));
        check(layer, layer.apply(input("x"), input("source"), false, LENGTHS), "x", "source");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transformerLayers(boolean preNorm) {
        load(preNorm ? "encoder-pre" : "encoder-post");
        EncoderLayer encoder = withWeights(v, EncoderLayer.of(8, 2, 12, preNorm, RANDOM));
        check(encoder, encoder.apply(input("x"), true), "x");
        v.clear();
        load(preNorm ? "decoder-pre" : "decoder-post");
        DecoderLayer decoder = withWeights(v, DecoderLayer.of(8, 2, 12, preNorm, RANDOM));
        check(decoder, decoder.apply(input("x"), input("source"), LENGTHS), "x", "source");
    }

    @ParameterizedTest
    @ValueSource(strings = {"additive", "general", "cosine"})
    void paddingNeverLeaks(String name) {
        Attention attention = attention(name);
        Tensor h = Tensor.normal(RANDOM, 1, 2, 5, 6);
        float[] spoiled = h.toArray();
        java.util.Arrays.fill(spoiled, (5 + 3) * 6, 10 * 6, Float.NaN);
        Tensor s = Tensor.normal(RANDOM, 1, 2, name.equals("cosine") ? 6 : 4);
        Attention.Reading together = attention.read(s, attention.memory(Tensor.wrap(spoiled, 2, 5, 6), LENGTHS));
        Attention.Reading alone = attention.read(
                s.slice(0, 1, 2), attention.memory(h.slice(0, 1, 2).slice(1, 0, 3)));
        assertArrayEquals(
                alone.context().toArray(), together.context().select(0, 1).toArray());
        assertEquals(0, together.weights().get(1, 4));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> attention.memory(h, 5, 0))
                .getMessage()
                .contains("sequence 1 of the source is empty"));
    }

    @Test
    void wavesAreThoseOfThePaper() {
        Tensor waves = PositionalEncoding.waves(4, 6);
        assertEquals(0, waves.get(0, 0));
        assertEquals(1, waves.get(0, 1));
        assertEquals(Math.sin(3), waves.get(3, 0), 1e-6);
        assertEquals(Math.cos(3 / Math.pow(10000, 4.0 / 6)), waves.get(3, 5), 1e-6);
        assertThrows(IllegalArgumentException.class, () -> PositionalEncoding.waves(4, 5));
    }

    @Test
    void wrongSizesAreNamed() {
        assertEquals(
                "multi-head: 3 heads do not divide the size 8 into equal parts",
                assertThrows(IllegalArgumentException.class, () -> MultiHead.of(8, 3, RANDOM))
                        .getMessage());
        Attention dot = Multiplicative.dot();
        Attention.Memory memory = dot.memory(Tensor.zeros(1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> dot.read(Tensor.zeros(1, 4), memory));
    }
}
