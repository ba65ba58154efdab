package org.carousel.training.learning;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;

import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.DecayingContext;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients against PyTorch in float64, by autograd of the graph that each algorithm defines, or its equations; see golden/learning.py. */
class LearnerGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "bptt, full",
        "rtrl, full",
        "blocks of 4, full",
        "blocks of 20, full",
        "truncated, truncated",
        "diagonal, diagonal",
        "uoro, uoro"
    })
    void gradients(String algorithm, String kind) {
        Map<String, Tensor> v = load("learning");
        Elman cell = new Elman(get(v, "weight_ih_l0"), get(v, "weight_hh_l0"), get(v, "bias_ih_l0"));
        Learner learner =
                switch (algorithm) {
                    case "bptt" -> Learner.bptt(cell);
                    case "rtrl" -> Learner.rtrl(cell);
                    case "blocks of 4" -> Learner.blocks(cell, 4);
                    case "blocks of 20" -> Learner.blocks(cell, 20);
                    case "truncated" -> Learner.truncated(cell, 4, 3);
                    case "uoro" -> Learner.uoro(cell, RandomStream.of(7));
                    default -> Learner.diagonal(cell);
                };
        compare(v, learner, cell, kind, get(v, "e"));
    }

    @Test
    void focused() {
        Map<String, Tensor> v = load("learning");
        DecayingContext cell =
                new DecayingContext(get(v, "focused.of.W"), get(v, "focused.of.b"), get(v, "focused.of.d"));
        compare(v, Learner.focused(cell), cell, "focused", get(v, "focused.e"));
    }

    /** Two blocks of two cells. */
    @Test
    void truncated1997() {
        Map<String, Tensor> v = load("learning");
        MemoryBlocks cell = MemoryBlocks.of1997(3, 2, 2, true, Initializer.normal(0), RandomStream.of(1));
        cell.parameters().forEach(p -> {
            float[] from = get(v, "1997.of." + p.getKey()).toArray();
            p.getValue().update(to -> System.arraycopy(from, 0, to, 0, to.length));
        });
        compare(v, Learner.truncated1997(cell), cell, "1997", get(v, "1997.e"));
    }

    private static void compare(Map<String, Tensor> v, Learner learner, Cell<?> cell, String kind, Tensor e) {
        learner.learn(get(v, "x"), (t, h) -> h.times(e.select(1, t)).sum());
        cell.parameters()
                .forEach(p -> assertClose(
                        p.getKey(),
                        get(v, kind + "." + p.getKey()),
                        p.getValue().gradient()));
    }
}
