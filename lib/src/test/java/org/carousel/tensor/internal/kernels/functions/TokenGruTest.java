package org.carousel.tensor.internal.kernels.functions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Gru;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Looked up is as good as computed. */
class TokenGruTest {
    private static TokenGru.Operand operand(Tensor x) {
        return new TokenGru.Operand(x.toArray(), 0);
    }

    @Test
    void stepsAreThoseOfTheCell() {
        int size = 19;
        RandomStream random = RandomStream.of(1);
        Embedding embedding = Embedding.of(11, 5, random.split("tokens"));
        Parameters made = Gru.of(5, size, random.split("gru")).parameters();
        Gru gru = new Gru(
                made.get("weight_ih_l0"),
                made.get("weight_hh_l0"),
                Tensor.normal(random.split("b"), 1, 3 * size),
                Tensor.normal(random.split("a"), 1, size));
        Parameters p = gru.parameters();
        TokenGru reader = new TokenGru(
                11,
                5,
                size,
                operand(embedding.table()),
                operand(p.get("weight_ih_l0")),
                operand(p.get("bias_ih_l0")),
                operand(p.get("weight_hh_l0")),
                operand(p.get("bias_hn_l0")));
        int rows = 150; // more than go through at a time
        int[] tokens = new int[rows];
        Arrays.setAll(tokens, k -> k * 7 % 11);
        Tensor h = Tensor.normal(random.split("h"), 1, rows, size);
        float[] own = h.toArray();
        float[] room = reader.room(rows);
        for (int step = 0; step < 3; step++) {
            h = gru.step(embedding.apply(tokens), h);
            reader.step(rows, tokens, own, room);
            assertArrayEquals(h.toArray(), own, 2e-6f, "step " + step);
        }
        float[] alone = Arrays.copyOfRange(own, 70 * size, 71 * size);
        reader.step(rows, tokens, own, room);
        reader.step(1, new int[] {tokens[70]}, alone, reader.room(1));
        assertArrayEquals(Arrays.copyOfRange(own, 70 * size, 71 * size), alone, "a row does not see the others");
    }
}
