package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TrainerTest {
    /** A small model that predicts which of four tokens was seen three steps ago. */
    private static final class Echo {
        private final RandomStream random = RandomStream.of(31);
        private final Embedding embedding = Embedding.of(4, 8, random.split("embedding"));
        private final Lstm lstm = Lstm.of(8, 24, random.split("lstm"));
        private final Affine head = Affine.of(24, 4, random.split("head"));
        private final Parameters parameters =
                Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);

        Tensor loss(int step) {
            RandomStream data = random.split("data").split(step);
            int[][] x = new int[16][12];
            int[][] y = new int[16][12];
            for (int b = 0; b < 16; b++) {
                for (int t = 0; t < 12; t++) {
                    x[b][t] = data.nextInt(4);
                    y[b][t] = t < 3 ? Tensor.IGNORED : x[b][t - 3];
                }
            }
            return Loss.crossEntropy(head.apply(lstm.run(embedding.apply(x)).h()), y);
        }
    }

    @Test
    void learnsToRemember() {
        Echo model = new Echo();
        History history =
                Trainer.of(model.parameters, Optimizer.adam(0.01)).clipNorm(1).train(300, model::loss);
        assertEquals(StrictMath.log(4), history.losses()[0], 0.3, "begins at chance");
        assertTrue(history.recentLoss(20) < 0.1, "ends at " + history.recentLoss(20));
    }

    /** These bits must be the same on every machine, JDK, kernel and number of threads; a change here is a change. */
    @Test
    void givesTheSameBitsEverywhere() {
        Echo model = new Echo();
        Trainer.of(model.parameters, Optimizer.adam(0.01))
                .schedule(Schedule.cosine(0.1).warmUp(5))
                .clipNorm(0.5)
                .train(50, model::loss);
        CRC32 digest = new CRC32();
        for (Tensor p : model.parameters.tensors()) {
            for (float value : p.toArray()) {
                int bits = Float.floatToRawIntBits(value);
                digest.update(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
            }
        }
        assertEquals("64b0662d", Long.toHexString(digest.getValue()));
    }

    @Test
    void tellsListenersOfEveryStep() {
        Echo model = new Echo();
        List<Integer> seen = new ArrayList<>();
        Trainer.of(model.parameters, Optimizer.sgd(0.1))
                .listener((step, steps, loss) -> seen.add(step * 100 + steps))
                .train(3, model::loss);
        assertEquals(List.of(103, 203, 303), seen);
    }

    @Test
    void stopsAtANotANumberAndKeepsTheParameters() {
        Echo model = new Echo();
        Map<String, float[]> before = new java.util.HashMap<>();
        DivergedException e =
                assertThrows(DivergedException.class, () -> Trainer.of(model.parameters, Optimizer.sgd(0.1))
                        .train(10, step -> {
                            if (step == 2) {
                                model.parameters.forEach(
                                        p -> before.put(p.getKey(), p.getValue().toArray()));
                                return Tensor.log(model.loss(step).minus(100));
                            }
                            return model.loss(step);
                        }));
        assertEquals(
                "training stopped at step 2: the loss is NaN: first in the result [] of log; the parameters are those"
                        + " before this step (a smaller learning rate or clipNorm may help)",
                e.getMessage());
        assertEquals(2, e.history().steps());
        before.forEach((name, values) ->
                assertArrayEquals(values, model.parameters.get(name).toArray()));
    }

    @Test
    void namesTheLayerThatBroke() {
        Echo model = new Echo();
        model.parameters.get("lstm.weight_hh_l0").update(values -> values[3] = Float.POSITIVE_INFINITY);
        String message = assertThrows(DivergedException.class, () -> Trainer.of(model.parameters, Optimizer.sgd(0.1))
                        .train(1, model::loss))
                .getMessage();
        assertTrue(message.contains("parameter lstm.weight_hh_l0 holds values that are not finite"), message);
    }

    @Test
    void endsEarlyWhenInterrupted() {
        Echo model = new Echo();
        History history = Trainer.of(model.parameters, Optimizer.sgd(0.1))
                .listener((step, steps, loss) -> {
                    if (step == 4) {
                        Thread.currentThread().interrupt();
                    }
                })
                .train(100, model::loss);
        assertTrue(Thread.interrupted());
        assertEquals(4, history.steps());
        assertFalse(model.parameters.get("head.bias").hasGradient());
    }

    @Test
    void clippingShortensTheGradientAndKeepsItsDirection() {
        Tensor p = Tensor.of(3, 4);
        Parameters parameters = Parameters.of("p", p);
        p.squared().sum().times(0.5).backward();
        assertEquals(5, Gradient.norm(parameters), 1e-6);
        Gradient.clip(parameters, 5, 1);
        assertArrayEquals(new float[] {0.6f, 0.8f}, p.gradient().toArray(), 1e-6f);
        Gradient.clip(parameters, 1, 2);
        assertArrayEquals(new float[] {0.6f, 0.8f}, p.gradient().toArray(), 1e-6f, "a short one stays");
    }

    @Test
    void schedulesFollowTheirFormulas() {
        assertEquals(1, Schedule.cosine(0.1).factor(0, 100), 1e-12);
        assertEquals(0.55, Schedule.cosine(0.1).factor(50, 100), 1e-12);
        assertEquals(0.1, Schedule.cosine(0.1).factor(100, 100), 1e-12);
        assertEquals(0.25, Schedule.staircase(10, 0.5).factor(29, 100), 1e-12);
        assertEquals(0.81, Schedule.exponential(0.9).factor(2, 100), 1e-12);
        assertEquals(0.2, Schedule.constant().warmUp(10).factor(1, 100), 1e-12);
        assertEquals(1, Schedule.constant().warmUp(10).factor(50, 100), 1e-12);
    }

    @Test
    void badLossesAndRatesAreNamed() {
        Tensor logits = Tensor.zeros(2, 3);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy(logits, 0, 3))
                .getMessage()
                .contains("target 3 of row 1 is outside 0..2"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy(logits, 1))
                .getMessage()
                .contains("1 targets for the 2 rows"));
        assertThrows(IllegalArgumentException.class, () -> Loss.crossEntropy(logits, Tensor.IGNORED, Tensor.IGNORED));
        assertThrows(IllegalArgumentException.class, () -> Loss.squaredError(logits, Tensor.zeros(3, 2)));
        assertThrows(IllegalArgumentException.class, () -> Optimizer.sgd(-1));
        assertThrows(IllegalArgumentException.class, () -> Optimizer.momentum(0.1, 1));
    }
}
