package org.carousel.attention.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** What is read without gradients is what is read with them. */
class EncoderRowsTest {
    private static final int SIZE = 24;
    /** More rows than one block holds, and one sequence that is longer than a block. */
    private static final int[] LENGTHS = {3, 70, 1, 130, 64, 65, 300, 17};

    private static float[] rows(Tensor x, int... lengths) {
        int size = x.size(2);
        int total = Arrays.stream(lengths).sum();
        float[] all = new float[total * size];
        float[] values = x.toArray();
        for (int b = 0, to = 0; b < lengths.length; to += lengths[b++] * size) {
            System.arraycopy(values, b * x.size(1) * size, all, to, lengths[b] * size);
        }
        return all;
    }

    @Test
    void everyKindOfLayerGivesTheSameBits() {
        Tensor x = Tensor.normal(RandomStream.of(1), 1, LENGTHS.length, 300, SIZE);
        for (boolean preNorm : new boolean[] {false, true}) {
            for (EncoderLayer.Activation activation : EncoderLayer.Activation.values()) {
                RandomStream random = RandomStream.of(2);
                List<EncoderLayer> layers = List.of(
                        EncoderLayer.of(SIZE, 3, 40, preNorm, activation, random.split(1)),
                        EncoderLayer.of(SIZE, 3, 50, preNorm, activation, random.split(2)));
                Tensor y = x;
                for (EncoderLayer layer : layers) {
                    y = layer.apply(y, false, LENGTHS);
                }
                float[] own = rows(x, LENGTHS);
                EncoderRows.apply(layers, own, SIZE, LENGTHS);
                assertArrayEquals(rows(y, LENGTHS), own, activation + " " + preNorm);
            }
        }
    }

    @Test
    void bertGivesTheSameBitsAndZerosAfterTheEnd() {
        Bert bert = Bert.of(50, 40, SIZE, 2, 2, RandomStream.of(3));
        int[][] tokens = {{1, 2, 3}, {4, 5, 6, 7, 8, 9, 10}, {11}};
        int[][] segments = {{0, 1, 1}, {0, 0, 0, 0, 1, 1, 1}, {1}};
        Tensor learning = bert.apply(tokens, segments);
        Tensor reading = Tensor.withoutGradient(() -> bert.apply(tokens, segments));
        assertEquals("[3×7×24]", reading.shapeText());
        assertArrayEquals(learning.toArray(), reading.toArray());
        assertEquals(0, reading.get(0, 3, 0));
    }

    /** Layers whose attention knows distances take the other way. */
    @Test
    void positionsInAttentionAreNotForgotten() {
        Bert plain = Bert.of(50, 40, SIZE, 2, 1, RandomStream.of(3));
        int[][] tokens = {{1, 2, 3}, {4, 5, 6, 7, 8, 9, 10}};
        int[][] segments = {{0, 1, 1}, {0, 0, 0, 0, 1, 1, 1}};
        for (Positions positions : List.of(Positions.ROTARY, Positions.ALIBI)) {
            EncoderLayer layer = EncoderLayer.of(
                    new Transformer.Sizes(SIZE, 2, 40, 1, false, 40, positions),
                    EncoderLayer.Activation.RELU,
                    RandomStream.of(4));
            Bert bert = new Bert(
                    plain.tokens(), plain.positions(), plain.segments(), plain.norm(), List.of(layer), plain.pooler());
            Tensor learning = bert.apply(tokens, segments);
            Tensor reading = Tensor.withoutGradient(() -> bert.apply(tokens, segments));
            assertArrayEquals(learning.toArray(), reading.toArray(), positions.toString());
        }
    }
}
