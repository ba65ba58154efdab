package org.carousel.training.learning;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;

import java.util.Map;
import org.carousel.recurrent.Elman;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients against PyTorch in float64, by autograd of the graph that each algorithm defines; see golden/learning.py. */
class LearnerGoldenTest {
    @ParameterizedTest
    @CsvSource({
        "bptt, full",
        "rtrl, full",
        "blocks of 4, full",
        "blocks of 20, full",
        "truncated, truncated",
        "diagonal, diagonal"
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
                    default -> Learner.diagonal(cell);
                };
        Tensor e = get(v, "e");
        learner.learn(get(v, "x"), (t, h) -> h.times(e.select(1, t)).sum());
        cell.parameters()
                .forEach(p -> assertClose(
                        p.getKey(),
                        get(v, kind + "." + p.getKey()),
                        p.getValue().gradient()));
    }
}
