package org.carousel.attention.transformer;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.file;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.analysis.GradientCheck;
import org.carousel.weights.Checkpoint;
import org.junit.jupiter.api.Test;

/** Against PyTorch in float64 (golden/bert.py among the test resources) and against itself. */
class BertTest {
    private static final int[][] TOKENS = {{2, 7, 4, 9, 3, 5}, {2, 4, 10, 3}};
    private static final int[][] SEGMENTS = {{0, 0, 0, 1, 1, 1}, {0, 0, 1, 1}};
    private static final int[] PLACES = {2, 3, 7};

    private static BertPretraining model() {
        RandomStream random = RandomStream.of(1);
        return BertPretraining.of(Bert.of(11, 7, 8, 2, 2, random.split("bert")), random.split("heads"));
    }

    @Test
    void theSameNumbersAsPyTorch() {
        BertPretraining model = model();
        Checkpoint.load(file("attention/bert-weights"), model.parameters());
        Map<String, Tensor> v = load("attention/bert");
        Tensor h = model.bert().apply(TOKENS, SEGMENTS);
        Tensor words = model.words(h, PLACES);
        Tensor next = model.next(h);
        Tensor loss = Loss.crossEntropy(words, 8, 9, 6).plus(Loss.crossEntropy(next, 1, 0));
        assertClose("h", get(v, "h"), h);
        assertClose("pooled", get(v, "pooled"), model.bert().pooled(h));
        assertClose("words", get(v, "words"), words);
        assertClose("next", get(v, "next"), next);
        assertClose("loss", get(v, "loss"), loss.reshape(1));
        loss.backward();
        for (Map.Entry<String, Tensor> p : model.parameters()) {
            assertClose(p.getKey(), get(v, "d_" + p.getKey()), p.getValue().gradient());
        }
    }

    @Test
    void gradients() {
        RandomStream random = RandomStream.of(5);
        BertPretraining model = BertPretraining.of(Bert.of(6, 3, 4, 2, 1, random.split("bert")), random);
        model.bert()
                .parameters()
                .tensors()
                .forEach(p -> p.update(values -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] +=
                                (float) (0.5 * random.nextGaussian()); // tables begin too small for differences of 0.01
                    }
                }));
        int[][] tokens = {{2, 5, 4}, {1, 3}};
        GradientCheck check = GradientCheck.of(model.parameters(), () -> {
            Tensor h = model.bert().apply(tokens, new int[][] {{0, 1, 1}, {0, 1}});
            return Tensor.concat(
                    0, model.words(h, 1, 3).reshape(-1), model.next(h).reshape(-1));
        });
        assertTrue(check.error() < 3e-3, check.toString());
    }

    @Test
    void paddingChangesNoBit() {
        Bert bert = model().bert();
        Tensor together = bert.apply(TOKENS, SEGMENTS);
        Tensor alone = bert.apply(new int[][] {TOKENS[1]}, new int[][] {SEGMENTS[1]});
        assertArrayEquals(
                alone.toArray(), together.slice(0, 1, 2).slice(1, 0, 4).toArray());
        assertArrayEquals(
                new float[2 * 8], together.slice(0, 1, 2).slice(1, 4, 6).toArray(), "zeros behind the end");
        Tensor[] gradients = new Tensor[2];
        for (int n = 0; n < 2; n++) {
            bert.parameters().clearGradients();
            int[][] tokens = n == 0 ? new int[][] {TOKENS[1]} : new int[][] {TOKENS[1], {2, 6, 6, 6, 6, 6}};
            bert.pooled(bert.apply(tokens)).slice(0, 0, 1).sum().backward();
            gradients[n] = bert.tokens().table().gradient();
        }
        assertArrayEquals(gradients[0].toArray(), gradients[1].toArray(), "nor does padding get a gradient");
        assertEquals(0, gradients[1].get(0, 0), "[PAD] is not learned from");
    }

    @Test
    void attentionIsWhatTheLayersUse() {
        Bert bert = model().bert();
        List<Tensor> seen = bert.attention(TOKENS, SEGMENTS);
        assertEquals(2, seen.size());
        for (Tensor weights : seen) {
            assertEquals("[2×2×6×6]", weights.shapeText());
            for (int t = 0; t < 4; t++) {
                double sum = 0;
                for (int u = 0; u < 6; u++) {
                    sum += weights.get(1, 1, t, u);
                }
                assertEquals(1, sum, 1e-6);
                assertEquals(0, weights.get(1, 1, t, 5), "padding is not looked at");
            }
        }
        EncoderLayer first = bert.layers().get(0);
        Tensor x = Tensor.normal(RandomStream.of(2), 1, 1, 3, 8);
        assertArrayEquals(
                first.selfAttention().weights(x, x, false, 3).toArray(),
                first.weights(x, false, 3).toArray());
    }

    @Test
    void aClassifierTakesOverWhatWasLearned() {
        BertPretraining trained = model();
        BertClassifier classifier =
                BertClassifier.of(Bert.of(11, 7, 8, 2, 2, RandomStream.of(9)), 3, RandomStream.of(8));
        classifier.bert().parameters().copyFrom(trained.bert().parameters());
        assertArrayEquals(
                trained.bert().apply(TOKENS).toArray(),
                classifier.bert().apply(TOKENS).toArray());
        assertEquals("[2×3]", classifier.apply(TOKENS).shapeText());
        Trainer.of(classifier.parameters(), Optimizer.adam(0.01))
                .train(60, step -> Loss.crossEntropy(classifier.apply(TOKENS), 2, 0));
        assertTrue(Loss.crossEntropy(classifier.apply(TOKENS), 2, 0).item() < 0.05);
        assertArrayEquals(
                model().parameters().get("bert.pooler.weight").toArray(),
                trained.parameters().get("bert.pooler.weight").toArray(),
                "the copy was trained, not what it was copied from");
        Parameters small = Bert.of(11, 7, 4, 2, 2, RandomStream.of(9)).parameters();
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> small.copyFrom(trained.bert().parameters()))
                .getMessage()
                .contains("embeddings.tokens.weight is [11×8] there and [11×4] here"));
        assertThrows(IllegalArgumentException.class, () -> trained.parameters().copyFrom(small));
    }

    @Test
    void holesCanBeLearned() {
        BertPretraining model = model();
        Masking masking = Masking.standard(11, 5, 4);
        RandomStream random = RandomStream.of(3);
        int[] answer = {9, 10}; // the word in the hole is told by the word to the right, 7 or 8
        Trainer.of(model.parameters(), Optimizer.adam(0.01)).clipNorm(1).train(150, step -> {
            int[][] tokens = new int[8][];
            int[] places = new int[8];
            for (int b = 0; b < 8; b++) {
                int kind = random.nextInt(4);
                tokens[b] = new int[] {2, 5 + kind / 2, answer[kind % 2], 7 + kind % 2, 3};
                places[b] = 2;
            }
            Masking.Masked masked = masking.at(tokens, places);
            return Loss.crossEntropy(model.words(model.bert().apply(masked.tokens()), masked.places()), masked.words());
        });
        for (int kind = 0; kind < 4; kind++) {
            int[][] tokens = {{2, 5 + kind / 2, 4, 7 + kind % 2, 3}};
            Tensor logits = model.words(model.bert().apply(tokens), 2);
            assertTrue(logits.get(0, answer[kind % 2]) > logits.get(0, answer[1 - kind % 2]), "kind " + kind);
        }
    }

    private static void refuses(String message, int[][] tokens, int[][] segments) {
        Bert bert = model().bert();
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> bert.apply(tokens, segments))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> bert.attention(tokens, segments));
    }

    @Test
    void whatCannotBeRead() {
        refuses(
                "bert: sequence 1 has 8 tokens; between 1 and 7, the places of the table, can be read",
                new int[][] {{1}, new int[8]},
                new int[][] {{0}, new int[8]});
        refuses(
                "bert: sequence 0 has 0 tokens; between 1 and 7, the places of the table, can be read",
                new int[][] {{}},
                new int[][] {{}});
        refuses("bert: token 11 at place 2 of sequence 0 is outside 0..10", new int[][] {{2, 3, 11}}, new int[][] {
            {0, 0, 0}
        });
        refuses("bert: segment 2 at place 0 of sequence 0 is outside 0..1", new int[][] {{2}}, new int[][] {{2}});
        refuses("bert: sequence 0 has 2 tokens and 1 segments", new int[][] {{2, 3}}, new int[][] {{0}});
        refuses(
                "bert: 0 sequences of tokens and 0 of segments; at least one of each, and as many",
                new int[0][],
                new int[0][]);
        assertThrows(IllegalArgumentException.class, () -> Bert.of(11, 0, 8, 2, 2, RandomStream.of(1)));
        assertThrows(IllegalArgumentException.class, () -> Bert.of(11, 7, 8, 3, 2, RandomStream.of(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new BertPretraining(
                        model().bert(), model().dense(), model().norm(), Tensor.zeros(10), model().nextSentence()));
    }
}
