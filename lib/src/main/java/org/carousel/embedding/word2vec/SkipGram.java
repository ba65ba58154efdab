package org.carousel.embedding.word2vec;

import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * Skip-gram: every context word by itself predicts the word. The contexts of a window meet the same outputs, so that a
 * window is one small matrix product instead of many dot products.
 */
final class SkipGram extends Windows {
    private final int[] contexts;
    /** The input rows as they were before the step. */
    private final RowTable x;

    private final int[] xRows;

    SkipGram(Word2Vec config, Vocabulary vocabulary, Rows in, Rows out, Outputs outputs) {
        super(config, vocabulary, in, out, outputs, 2 * config.window(), outputs.most());
        contexts = new int[2 * config.window()];
        x = new RowTable(contexts.length, config.dimension());
        xRows = identity(contexts.length);
    }

    @Override
    void step(int[] words, int at, int from, int to, RandomStream random, float rate) {
        int m = 0;
        for (int i = from; i < to; i++) {
            if (i != at) {
                contexts[m++] = words[i];
            }
        }
        int n = outputs.choose(words[at], random, outRows, answers, 0);
        in.locate(m, contexts);
        out.locate(n, outRows);
        RowTable v = in.table();
        RowTable u = out.table();
        kernels.copy(m, x, xRows, v, contexts);
        score(m, x, xRows, n, rate);
        kernels.add(m, contexts, v, n, errors, n, 1, u, outRows);
        kernels.add(n, outRows, u, m, errors, 1, n, x, xRows);
        predictions += m;
    }
}
