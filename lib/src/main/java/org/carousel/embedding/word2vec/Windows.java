package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.internal.kernels.LogisticLoss;
import org.carousel.tensor.internal.kernels.RowKernels;
import org.carousel.tensor.internal.kernels.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * Goes through text window by window and takes one gradient step at each. What is predicted from what is the subclasses'.
 *
 * <p>A window: inputs x_i [m×D] and outputs u_j [n×D] with answers d_ij, all from before the step.
 *
 * <pre>
 * e_ij = rate · (d_ij - σ(x_i · u_j))        x_i += Σ_j e_ij u_j        u_j += Σ_i e_ij x_i
 * </pre>
 */
abstract class Windows {
    final RowKernels kernels = RowKernels.active();
    final Rows in;
    final Rows out;
    final Outputs outputs;
    private final LogisticLoss loss = new LogisticLoss();
    /** How many predictions the loss so far is a sum of. */
    long predictions;

    private final int window;
    /** Of 2^32 occurrences of a word so many are kept. */
    private final long[] kept;

    private int[] sentence = new int[EncodedText.LONGEST_SENTENCE];

    final int[] outRows;
    final float[] answers;
    final float[] scores;
    final float[] errors;

    /** @param mostInputs inputs that meet all outputs; {@code mostOutputs} of them */
    Windows(
            Word2Vec config,
            Vocabulary vocabulary,
            Rows in,
            Rows out,
            Outputs outputs,
            int mostInputs,
            int mostOutputs) {
        this.in = in;
        this.out = out;
        this.outputs = outputs;
        this.window = config.window();
        this.kept = new long[vocabulary.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = (long) (vocabulary.keepProbability(i, config.sample()) * 0x1p32);
        }
        outRows = new int[mostOutputs];
        int room = RowKernels.room(Math.multiplyExact(mostInputs, mostOutputs));
        answers = new float[room];
        scores = new float[room];
        errors = new float[room];
    }

    /** The trainer of a configuration for these input and output rows. */
    static Windows of(
            Word2Vec config, Vocabulary vocabulary, Rows in, Rows out, Outputs outputs, int @Nullable [][] parts) {
        if (config.architecture() == Word2Vec.Architecture.CBOW) {
            return new Cbow(config, vocabulary, in, out, outputs, parts);
        }
        return parts == null
                ? new SkipGram(config, vocabulary, in, out, outputs)
                : new SubwordSkipGram(config, vocabulary, in, out, outputs, parts);
    }

    /** Learns from the sentences of a block. */
    final void train(int[] block, RandomStream random, float rate) {
        int length = 0;
        for (int word : block) {
            if (word == EncodedText.END) {
                trainSentence(length, random, rate);
                length = 0;
            } else if (kept[word] >= 1L << 32 || (random.nextLong() >>> 32) < kept[word]) {
                sentence[length++] = word;
            }
        }
    }

    private void trainSentence(int length, RandomStream random, float rate) {
        for (int i = 0; length > 1 && i < length; i++) {
            int size = 1 + (int) (((random.nextLong() >>> 32) * window) >>> 32);
            int from = Math.max(0, i - size);
            int to = Math.min(length, i + size + 1);
            step(sentence, i, from, to, random, rate);
        }
    }

    /** Learns from the words from..to around and without word {@code at}. */
    abstract void step(int[] words, int at, int from, int to, RandomStream random, float rate);

    /** From the scores and the answers to the errors; {@code m} inputs with {@code n} answers each, located. */
    final void score(int m, RowTable x, int[] xRows, int n, float rate) {
        kernels.dots(m, x, xRows, n, out.table(), outRows, scores);
        for (int i = 1; i < m; i++) {
            System.arraycopy(answers, 0, answers, i * n, n);
        }
        int count = m * n;
        Arrays.fill(answers, count, RowKernels.room(count), 0);
        kernels.errors(count, scores, answers, rate, errors, loss);
    }

    /** The sum of the losses since the last time. */
    final double takeLoss() {
        return loss.take();
    }

    /** How many predictions that is the loss of. */
    final long takePredictions() {
        long result = predictions;
        predictions = 0;
        return result;
    }

    static int[] identity(int n) {
        int[] result = new int[n];
        Arrays.setAll(result, i -> i);
        return result;
    }
}
