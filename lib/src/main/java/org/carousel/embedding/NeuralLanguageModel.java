package org.carousel.embedding;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The neural language model of 2003: the next word from the vectors of a few words before it. The vectors are learned on
 * the way.
 *
 * <pre>
 * x = (C[w₁], ..., C[wₘ])      the rows of m words, beside each other
 * y = b + W x + U tanh(d + H x)      softmax(y) is the distribution of the next word
 * </pre>
 *
 * <p>Looking up row w of C is the product of a one-hot vector with C, forward and backward; {@link #ofOneHot} writes it
 * so.
 *
 * <p>Source: Bengio, Ducharme, Vincent, Jauvin: A neural probabilistic language model, Journal of Machine Learning
 * Research 3, 2003, eq. (1). Letters are those of the paper.
 *
 * @param C the table of vectors [V×E]
 * @param H the hidden layer with its bias d, [hidden×m·E]
 * @param U the output layer with its bias b, [V×hidden]
 * @param W direct connections from the vectors to the output [V×m·E], or null for none
 */
public record NeuralLanguageModel(Embedding C, Affine H, Affine U, @Nullable Tensor W) implements Layer {
    /** Checks that the shapes belong together. */
    public NeuralLanguageModel {
        int vocabularySize = C.table().size(0);
        int embeddingSize = C.table().size(1);
        if (H.W().size(1) % embeddingSize != 0
                || U.W().size(1) != H.W().size(0)
                || U.W().size(0) != vocabularySize
                || (W != null && (W.rank() != 2 || W.size(0) != vocabularySize || W.size(1) != H.W().size(1)))) {
            throw new IllegalArgumentException(
                    "neural language model: C " + C.table().shapeText() + ", H "
                            + H.W().shapeText() + ", U " + U.W().shapeText() + (W == null ? "" : ", W " + W.shapeText())
                            + " must be [V×E], [hidden×m·E], [V×hidden] and [V×m·E]");
        }
        if (W != null) {
            W.requiresGradient();
        }
    }

    /**
     * A model without direct connections, which the paper found to generalise better.
     *
     * @param contextSize m, how many words it sees
     */
    public static NeuralLanguageModel of(
            int vocabularySize, int embeddingSize, int contextSize, int hiddenSize, RandomStream random) {
        return new NeuralLanguageModel(
                Embedding.of(vocabularySize, embeddingSize, random.split("C")),
                Affine.of(contextSize * embeddingSize, hiddenSize, random.split("H")),
                Affine.of(hiddenSize, vocabularySize, random.split("U")),
                null);
    }

    /** This model with direct connections, Glorot weights; the other parameters are shared. */
    public NeuralLanguageModel withDirect(RandomStream random) {
        return new NeuralLanguageModel(
                C, H, U, Initializer.glorot().matrix(C.table().size(0), H.W().size(1), random.split("W")));
    }

    /** m, how many words it sees. */
    public int contextSize() {
        return H.W().size(1) / C.table().size(1);
    }

    /**
     * The logits y of the word after each context.
     *
     * @param contexts [B][m], in reading order
     * @return [B×V]
     * @throws IllegalArgumentException when a context has another length, or a word is outside 0..V−1
     */
    public Tensor apply(int[][] contexts) {
        return logits(C.apply(requireLength(contexts)));
    }

    /** The same with one-hot vectors times C instead of looking rows up: the same numbers, V times the work. */
    public Tensor ofOneHot(int[][] contexts) {
        int[] flat = java.util.Arrays.stream(requireLength(contexts))
                .flatMapToInt(java.util.Arrays::stream)
                .toArray();
        return logits(Tensor.oneHot(flat, C.table().size(0)).matmul(C.table()));
    }

    private Tensor logits(Tensor vectors) {
        Tensor x = vectors.reshape(-1, H.W().size(1)); // [B×m·E]
        Tensor y = U.apply(tanh(H.apply(x))); // [B×V]
        return W == null ? y : y.plus(linear(x, W));
    }

    private int[][] requireLength(int[][] contexts) {
        for (int[] context : contexts) {
            if (context.length != contextSize()) {
                throw new IllegalArgumentException("neural language model: a context of " + context.length
                        + " words where the model sees " + contextSize());
            }
        }
        return contexts;
    }

    /** The vectors of the words: the rows of C. */
    public WordVectors vectors(Collection<String> words) {
        return WordVectors.of(words, C.table().detach());
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("C", C).and("H", H).and("U", U);
        return W == null ? all : all.and("W", W);
    }

    /**
     * Words to predict, each with the words before it.
     *
     * @param contexts [N][m]
     * @param targets [N]
     */
    public record Examples(int[][] contexts, int[] targets) {
        /**
         * Every place of every sentence that has m words before it. Places at a word below 0, one outside the vocabulary,
         * are left out.
         *
         * @param contextSize m, at least 1
         */
        public static Examples of(Iterable<int[]> sentences, int contextSize) {
            if (contextSize < 1) {
                throw new IllegalArgumentException("examples: context size " + contextSize + " must be at least 1");
            }
            List<int[]> contexts = new ArrayList<>();
            List<Integer> targets = new ArrayList<>();
            for (int[] sentence : sentences) {
                int known = 0; // words in a row that are in the vocabulary
                for (int t = 0; t < sentence.length; t++) {
                    known = sentence[t] < 0 ? 0 : known + 1;
                    if (known > contextSize) {
                        contexts.add(java.util.Arrays.copyOfRange(sentence, t - contextSize, t));
                        targets.add(sentence[t]);
                    }
                }
            }
            return new Examples(
                    contexts.toArray(int[][]::new),
                    targets.stream().mapToInt(word -> word).toArray());
        }

        /** How many there are. */
        public int size() {
            return targets.length;
        }

        /** Some of them, drawn at random with repetition: a batch. */
        public Examples draw(int batch, RandomStream random) {
            int[][] some = new int[batch][];
            int[] answers = new int[batch];
            for (int b = 0; b < batch; b++) {
                int n = random.nextInt(size());
                some[b] = contexts[n];
                answers[b] = targets[n];
            }
            return new Examples(some, answers);
        }
    }
}
