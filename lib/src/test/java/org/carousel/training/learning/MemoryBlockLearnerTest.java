package org.carousel.training.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemoryBlockLearnerTest {
    private static final int STEPS = 9;

    private static void agreesWithBackpropagation(int blocks, int size, boolean biases) {
        RandomStream random = RandomStream.of(5);
        MemoryBlocks cell = MemoryBlocks.of1997(3, blocks, size, biases, Initializer.uniform(0.8), random)
                .biases(new double[] {0.3, -0.5}, null, new double[] {-1, 0.5});
        Tensor V = Tensor.uniform(random.split("V"), -1, 1, 2, blocks * size);
        Tensor b = biases ? Tensor.uniform(random.split("b"), -1, 1, 2).requiresGradient() : null;
        Tensor x = Tensor.uniform(random.split("x"), -1, 1, 1, STEPS, 3);
        Tensor d = Tensor.uniform(random.split("d"), 0, 1, 1, STEPS, 2);
        MemoryBlockLearner learner = MemoryBlockLearner.of(cell, V, b);
        Tensor y = outputs(cell, V, b, x);
        Loss.squaredError(y, d).times(STEPS).backward(); // ½ Σ (d - y)²: the mean is over 2 STEPS numbers
        Parameters all = cell.parameters().and("V", V);
        all = b == null ? all : all.and("b", b);
        double[][] expected = new double[all.size()][];
        int n = 0;
        for (Map.Entry<String, Tensor> p : all) {
            expected[n] = p.getValue().toDoubles();
            double[] gradient = p.getValue().gradient().toDoubles();
            for (int k = 0; k < gradient.length; k++) {
                expected[n][k] -= 0.7 * gradient[k];
            }
            n++;
        }
        learner.begin();
        for (int t = 0; t < STEPS; t++) {
            float[] own = learner.read(x.get(0, t, 0), x.get(0, t, 1), x.get(0, t, 2));
            assertEquals(y.get(0, t, 0), own[0], 2e-6, "output of step " + t);
            learner.teach(d.get(0, t, 0), d.get(0, t, 1));
        }
        learner.update(0.7);
        n = 0;
        for (Map.Entry<String, Tensor> p : all) {
            assertArrayEquals(expected[n++], p.getValue().toDoubles(), 3e-6, p.getKey());
        }
        Tensor after = outputs(cell, V, b, x); // the learner's own copies and the tensors are still the same weights
        learner.begin();
        for (int t = 0; t < STEPS; t++) {
            float[] own = learner.guess(x.get(0, t, 0), x.get(0, t, 1), x.get(0, t, 2));
            assertEquals(after.get(0, t, 0), own[0], 2e-6, "output of step " + t + " after the update");
        }
    }

    private static Tensor outputs(MemoryBlocks cell, Tensor V, @Nullable Tensor b, Tensor x) {
        Tensor sums = Tensor.linear(cell.unroll(x, cell.initial(1)).h(), V.requiresGradient());
        return Tensor.sigmoid(b == null ? sums : sums.plus(b));
    }

    @Test
    void givesTheTruncatedGradientOfBackpropagation() {
        agreesWithBackpropagation(3, 2, false);
        agreesWithBackpropagation(2, 1, true);
        agreesWithBackpropagation(1, 3, true);
    }

    @Test
    void guessingIsReadingWithoutDerivatives() {
        MemoryBlocks cell = MemoryBlocks.of1997(1, 2, 2, true, Initializer.uniform(0.5), RandomStream.of(1));
        MemoryBlockLearner learner = MemoryBlockLearner.of(cell, Tensor.ones(1, 4), null);
        learner.begin();
        learner.read(0.3f);
        float read = learner.read(-0.7f)[0];
        float[] state = learner.state();
        learner.begin();
        learner.guess(0.3f);
        assertEquals(read, learner.guess(-0.7f)[0]);
        assertArrayEquals(state, learner.state());
    }

    @Test
    void learnsToKeepABit() {
        RandomStream random = RandomStream.of(3);
        MemoryBlocks cell = MemoryBlocks.of1997(2, 2, 1, true, Initializer.uniform(0.1), random);
        MemoryBlockLearner learner =
                MemoryBlockLearner.of(cell, Tensor.uniform(random.split("V"), -0.1, 0.1, 1, 2), Tensor.zeros(1));
        double recent = 0;
        for (int n = 0; n < 3000; n++) {
            boolean bit = random.nextBoolean();
            learner.begin();
            learner.read(bit ? 1 : -1, 1);
            for (int t = 0; t < 10; t++) {
                learner.read(0, 0);
            }
            recent = 0.99 * recent + 0.01 * learner.teach(bit ? 1 : 0);
            learner.update(0.5);
        }
        assertTrue(recent < 0.02, "squared error " + recent + ", chance 0.25");
    }

    @Test
    void refusesWhatItCannotTeach() {
        MemoryBlocks cell = MemoryBlocks.of1997(2, 2, 1, true, Initializer.uniform(0.1), RandomStream.of(1));
        MemoryBlocks forgets = MemoryBlocks.withForgetGate(2, 2, 1, Initializer.uniform(0.1), RandomStream.of(1));
        Tensor V = Tensor.ones(1, 2);
        assertThrows(IllegalArgumentException.class, () -> MemoryBlockLearner.of(forgets, V, null));
        assertThrows(IllegalArgumentException.class, () -> MemoryBlockLearner.of(cell.fullGradient(), V, null));
        assertThrows(IllegalArgumentException.class, () -> MemoryBlockLearner.of(cell, Tensor.ones(1, 3), null));
        assertThrows(IllegalArgumentException.class, () -> MemoryBlockLearner.of(cell, V, Tensor.zeros(2)));
        MemoryBlockLearner learner = MemoryBlockLearner.of(cell, V, null);
        assertThrows(IllegalArgumentException.class, () -> learner.read(1));
        assertThrows(IllegalArgumentException.class, () -> learner.teach(1, 2));
    }
}
