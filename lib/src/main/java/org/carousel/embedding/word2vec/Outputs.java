package org.carousel.embedding.word2vec;

import org.carousel.tensor.RandomStream;

/** Which rows of the output table take part in predicting a word, and whether the answer of each is yes or no. */
interface Outputs {
    /** The most rows for one word. */
    int most();

    /** The number of rows of the output table. */
    int rows();

    /**
     * Appends the rows and answers for a word.
     *
     * @param at how many there are already
     * @return how many there are now
     */
    int choose(int word, RandomStream random, int[] rows, float[] answers, int at);
}
