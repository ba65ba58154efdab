package org.carousel.embedding.word2vec;

import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;

/**
 * Skip-gram with n-grams: the mean of a word's vector and those of its n-grams predicts each of its contexts.
 *
 * <p>As in fastText the word predicts its contexts, the other way round than {@link SkipGram}: over a text the pairs are
 * the same, and the mean is made once per window.
 */
final class SubwordSkipGram extends MeanWindows {
    private final int[][] parts;

    SubwordSkipGram(Word2Vec config, Vocabulary vocabulary, Rows in, Rows out, Outputs outputs, int[][] parts) {
        super(config, vocabulary, in, out, outputs, 2 * config.window() * outputs.most());
        this.parts = parts;
    }

    @Override
    void step(int[] words, int at, int from, int to, RandomStream random, float rate) {
        clearInputs();
        addInputs(parts[words[at]]);
        int n = 0;
        for (int i = from; i < to; i++) {
            if (i != at) {
                n = outputs.choose(words[i], random, outRows, answers, n);
                predictions++;
            }
        }
        step(n, rate);
    }
}
