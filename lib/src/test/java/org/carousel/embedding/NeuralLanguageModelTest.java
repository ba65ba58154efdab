package org.carousel.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

/** The equation by hand, a one-hot product as a lookup, gradients, and a text that can be learned. */
class NeuralLanguageModelTest {
    private static final int V = 7;
    private static final int E = 3;
    private static final int M = 2;
    private static final int HIDDEN = 5;
    private static final int[][] CONTEXTS = {{0, 6}, {3, 3}, {6, 1}, {2, 0}};

    private final NeuralLanguageModel plain = NeuralLanguageModel.of(V, E, M, HIDDEN, RandomStream.of(1));
    private final NeuralLanguageModel direct = plain.withDirect(RandomStream.of(2));

    @Test
    void logitsAreThoseOfTheEquation() {
        Tensor y = direct.apply(CONTEXTS);
        assertArrayEquals(new int[] {4, V}, y.shape());
        for (int n = 0; n < CONTEXTS.length; n++) {
            double[] x = new double[M * E];
            for (int k = 0; k < x.length; k++) {
                x[k] = direct.C().table().get(CONTEXTS[n][k / E], k % E);
            }
            for (int v = 0; v < V; v++) {
                double sum = direct.U().b().get(v);
                for (int k = 0; k < x.length; k++) {
                    sum += direct.W().get(v, k) * x[k];
                }
                for (int h = 0; h < HIDDEN; h++) {
                    double a = direct.H().b().get(h);
                    for (int k = 0; k < x.length; k++) {
                        a += direct.H().W().get(h, k) * x[k];
                    }
                    sum += direct.U().W().get(v, h) * Math.tanh(a);
                }
                assertEquals(sum, y.get(n, v), 1e-5);
            }
        }
    }

    @Test
    void aOneHotProductIsALookup() {
        int[] targets = {1, 2, 3, 4};
        Map<String, Tensor> lookedUp = gradients(Loss.crossEntropy(direct.apply(CONTEXTS), targets));
        Map<String, Tensor> multiplied = gradients(Loss.crossEntropy(direct.ofOneHot(CONTEXTS), targets));
        assertArrayEquals(
                direct.apply(CONTEXTS).toArray(), direct.ofOneHot(CONTEXTS).toArray());
        assertEquals(lookedUp.keySet(), multiplied.keySet());
        for (String name : lookedUp.keySet()) {
            assertArrayEquals(lookedUp.get(name).toArray(), multiplied.get(name).toArray(), 1e-6f, name);
        }
        float[] table = lookedUp.get("C.weight").toArray();
        assertTrue(table[3 * E] != 0, "word 3 is in a context");
        assertEquals(0, table[4 * E], "word 4 is in none");
    }

    private Map<String, Tensor> gradients(Tensor loss) {
        direct.parameters().clearGradients();
        loss.backward();
        Map<String, Tensor> gradients = new java.util.LinkedHashMap<>();
        direct.parameters().forEach(p -> gradients.put(p.getKey(), p.getValue().gradient()));
        return gradients;
    }

    @Test
    void gradientsAreRight() {
        for (NeuralLanguageModel model : List.of(plain, direct)) {
            GradientCheck check = GradientCheck.of(model.parameters(), () -> model.apply(CONTEXTS));
            assertTrue(check.error() < 2e-3, check.toString());
        }
        assertEquals(
                V * E + HIDDEN * (M * E + 1) + V * (HIDDEN + 1),
                plain.parameters().count());
        assertEquals(plain.parameters().count() + V * M * E, direct.parameters().count());
    }

    @Test
    void aPeriodicTextIsLearned() {
        // two of three words repeat: only both words before tell which one comes
        int[] text = new int[300];
        for (int t = 0; t < text.length; t++) {
            text[t] = new int[] {0, 1, 0, 2, 1, 2}[t % 6];
        }
        var examples = NeuralLanguageModel.Examples.of(List.of(text), M);
        assertEquals(298, examples.size());
        RandomStream random = RandomStream.of(3);
        var history = Trainer.of(plain.parameters(), Optimizer.adam(0.02)).train(150, step -> {
            var batch = examples.draw(16, random);
            return Loss.crossEntropy(plain.apply(batch.contexts()), batch.targets());
        });
        Tensor y = plain.apply(examples.contexts());
        assertTrue(Loss.crossEntropy(y, examples.targets()).item() < 0.05, history.toString());
    }

    @Test
    void examplesDoNotReachOverUnknownWordsOrEnds() {
        var examples = NeuralLanguageModel.Examples.of(List.of(new int[] {1, 2, 3, -1, 4, 5, 6}, new int[] {7, 8}), 2);
        assertArrayEquals(new int[] {3, 6}, examples.targets());
        assertArrayEquals(new int[][] {{1, 2}, {4, 5}}, examples.contexts());
        assertThrows(IllegalArgumentException.class, () -> NeuralLanguageModel.Examples.of(List.of(), 0));
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> plain.apply(new int[][] {{1, 2, 3}}));
        assertThrows(IllegalArgumentException.class, () -> plain.apply(new int[][] {{1, V}}));
        RandomStream random = RandomStream.of(1);
        Embedding c = Embedding.of(V, E, random);
        Affine h = Affine.of(M * E + 1, HIDDEN, random);
        assertThrows(IllegalArgumentException.class, () -> new NeuralLanguageModel(c, h, plain.U(), null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new NeuralLanguageModel(c, plain.H(), plain.U(), Tensor.zeros(V, E)));
        assertEquals(
                V, plain.vectors(List.of("a", "b", "c", "d", "e", "f", "g")).size());
    }
}
