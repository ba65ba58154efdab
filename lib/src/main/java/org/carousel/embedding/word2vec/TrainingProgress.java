package org.carousel.embedding.word2vec;

import java.util.Locale;

/**
 * How far training is.
 *
 * @param epoch the current epoch, from 1
 * @param epochs how many there will be
 * @param words words gone through, of all epochs
 * @param totalWords words to go through altogether
 * @param loss mean loss per predicted word and context (CBOW: per predicted word) so far in this epoch
 * @param wordsPerSecond since training began or was resumed
 * @param secondsLeft at this speed
 */
public record TrainingProgress(
        int epoch, int epochs, long words, long totalWords, double loss, double wordsPerSecond, double secondsLeft) {

    /** One line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "epoch %d of %d, %.1f %%, loss %.4f, %.0f words/s, %.0f s left",
                epoch,
                epochs,
                100.0 * words / totalWords,
                loss,
                wordsPerSecond,
                secondsLeft);
    }
}
