package org.carousel.embedding.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Joins pairs of words that stand together more often than chance: {@code new york} becomes {@code new_york}.
 *
 * <pre>
 * score(a, b) = (count(a b) - δ) / (count(a) · count(b)) · (number of words in the text)
 * </pre>
 *
 * <p>A pair is joined where its score exceeds a threshold, from left to right; a word already joined does not join the
 * next one. δ discounts pairs of rare words. Going over a text twice, the second time with a lower threshold, makes
 * phrases of up to four words.
 *
 * <p>Source: Mikolov et al. 2013, arXiv 1310.4546, equation 6, with the factor of their program word2phrase, which makes
 * thresholds (100 is usual) independent of the size of the text.
 */
public final class Phrases {
    private static final String JOINT = "_";

    private final Vocabulary vocabulary;
    private final PairCounts pairs;
    private final long words;
    private final double discount;
    private final double threshold;

    private Phrases(Vocabulary vocabulary, PairCounts pairs, long words, double discount, double threshold) {
        this.vocabulary = vocabulary;
        this.pairs = pairs;
        this.words = words;
        this.discount = discount;
        this.threshold = threshold;
    }

    /** The phrases of a text with word2phrase's values: δ = 5 and a threshold of 100. */
    public static Phrases of(Corpus corpus) {
        return of(corpus, 5, 100);
    }

    /**
     * The phrases of a text.
     *
     * @param discount δ, also the minimum count of a word in a phrase; at least 1
     * @param threshold a higher one joins fewer pairs; not negative
     * @throws IllegalArgumentException if a value is out of range or no word is frequent enough
     */
    public static Phrases of(Corpus corpus, int discount, double threshold) {
        if (discount < 1 || !(threshold >= 0)) {
            throw new IllegalArgumentException("phrases: discount " + discount + " must be at least 1 and threshold "
                    + threshold + " must not be negative");
        }
        Vocabulary vocabulary = Vocabulary.of(corpus, discount);
        PairCounts pairs = new PairCounts();
        long[] words = {0};
        try (Stream<List<String>> lines = corpus.lines()) {
            lines.forEachOrdered(line -> {
                words[0] += line.size();
                int before = -1;
                for (String word : line) {
                    int index = vocabulary.index(word);
                    if (before >= 0 && index >= 0) {
                        pairs.add(before, index);
                    }
                    before = index;
                }
            });
        }
        return new Phrases(vocabulary, pairs, words[0], discount, threshold);
    }

    /** The score of a pair; 0 where a word is unknown or the pair occurs at most δ times. */
    public double score(String first, String second) {
        int a = vocabulary.index(first);
        int b = vocabulary.index(second);
        if (a < 0 || b < 0) {
            return 0;
        }
        double excess = Math.max(0, pairs.count(a, b) - discount);
        return excess / vocabulary.count(a) / vocabulary.count(b) * words;
    }

    /** A line with its phrases joined. */
    public List<String> join(List<String> line) {
        List<String> result = new ArrayList<>(line.size());
        for (int i = 0; i < line.size(); i++) {
            boolean together = i + 1 < line.size() && score(line.get(i), line.get(i + 1)) > threshold;
            result.add(together ? line.get(i) + JOINT + line.get(++i) : line.get(i));
        }
        return result;
    }

    /** A text with its phrases joined, line by line while it is read. */
    public Corpus join(Corpus corpus) {
        return () -> corpus.lines().map(this::join);
    }
}
