package org.carousel.embedding;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.kernels.RowTable;

/**
 * Skip-gram: every context word by itself predicts the word. The contexts of a window meet the same outputs, so that a
 * window is one small matrix product instead of many dot products.
 */
final class SkipGram extends Windows {
    private final int[] contexts;
    /** The input rows as they were before the step. */
    private final RowTable x;

    private final int[] xRows;

    SkipGram(Word2Vec config, Vocabulary vocabulary, Tables tables, Outputs outputs) {
        super(config, vocabulary, tables, outputs, 2 * config.window(), outputs.most());
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
        kernels.copy(m, x, xRows, tables.in, contexts);
        score(m, x, xRows, n, rate);
        kernels.add(m, contexts, tables.in, n, errors, n, 1, tables.out, outRows);
        kernels.add(n, outRows, tables.out, m, errors, 1, n, x, xRows);
        predictions += m;
        touchOutputs(n);
        byte[] touched = tables.inTouched;
        for (int i = 0; touched != null && i < m; i++) {
            touched[contexts[i]] = 1;
        }
    }
}
