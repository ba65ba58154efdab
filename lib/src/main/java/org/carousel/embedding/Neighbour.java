package org.carousel.embedding;

import java.util.Locale;

/**
 * A word and how near it is.
 *
 * @param word the word
 * @param similarity the cosine, or the score of the query that found it
 */
public record Neighbour(String word, double similarity) {
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %.3f", word, similarity);
    }
}
