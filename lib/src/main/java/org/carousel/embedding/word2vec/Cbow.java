package org.carousel.embedding.word2vec;

import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.jspecify.annotations.Nullable;

/** Continuous bag of words: the mean of the context vectors, or of all their n-grams' too, predicts the word. */
final class Cbow extends MeanWindows {
    private final int @Nullable [][] parts;

    /** @param parts the input rows of every word, or null where a word has only its own */
    Cbow(Word2Vec config, Vocabulary vocabulary, Rows in, Rows out, Outputs outputs, int @Nullable [][] parts) {
        super(config, vocabulary, in, out, outputs, outputs.most());
        this.parts = parts;
    }

    @Override
    void step(int[] words, int at, int from, int to, RandomStream random, float rate) {
        clearInputs();
        for (int i = from; i < to; i++) {
            if (i == at) {
                continue;
            }
            if (parts == null) {
                addInput(words[i]);
            } else {
                addInputs(parts[words[i]]);
            }
        }
        int n = outputs.choose(words[at], random, outRows, answers, 0);
        step(n, rate);
        predictions++;
    }
}
