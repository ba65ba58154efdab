package org.carousel.attention.transformer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;

/**
 * Pairs of sentences for next-sentence prediction: [CLS] first [SEP] second [SEP].
 *
 * <p>In half of the pairs the second sentence is the one that follows the first in its document, in the others a random
 * sentence of another document.
 *
 * <p>Source: Devlin et al. 2018, arXiv:1810.04805, section 3.1. Differs from the paper in: sentences are single ones, not
 * runs of up to 512 tokens.
 */
public final class SentencePairs {
    private final List<int[][]> documents;
    private final int[] longer; // those in which a sentence follows another
    private final int cls;
    private final int sep;

    private SentencePairs(List<int[][]> documents, int cls, int sep) {
        this.documents = documents;
        this.longer = IntStream.range(0, documents.size())
                .filter(d -> documents.get(d).length > 1)
                .toArray();
        this.cls = cls;
        this.sep = sep;
    }

    /**
     * Two sentences in one sequence.
     *
     * @param tokens [CLS] first [SEP] second [SEP]
     * @param segments 0 up to the first [SEP], 1 behind it
     * @param next whether the second follows the first
     */
    public record Pair(int[] tokens, int[] segments, boolean next) {}

    /**
     * Pairs of the sentences of some documents.
     *
     * @param documents each a list of sentences, each a list of tokens; at least two, and one of two sentences or more
     * @param cls the token that stands first
     * @param sep the token that ends a sentence
     * @throws IllegalArgumentException when there are too few documents or a document without sentences
     */
    public static SentencePairs of(List<int[][]> documents, int cls, int sep) {
        SentencePairs pairs = new SentencePairs(List.copyOf(documents), cls, sep);
        if (documents.size() < 2
                || pairs.longer.length == 0
                || documents.stream().anyMatch(d -> d.length == 0)) {
            throw new IllegalArgumentException("sentence pairs: of " + documents.size() + " documents "
                    + pairs.longer.length + " have two sentences or more; needed are two documents without an empty"
                    + " one, and one in which a sentence follows another");
        }
        return pairs;
    }

    /** A pair; true and random ones are equally likely. */
    public Pair draw(RandomStream random) {
        int d = longer[random.nextInt(longer.length)];
        int[][] document = documents.get(d);
        int at = random.nextInt(document.length - 1);
        boolean next = random.nextBoolean();
        int other = (d + 1 + random.nextInt(documents.size() - 1)) % documents.size();
        return join(document[at], next ? document[at + 1] : any(documents.get(other), random), next);
    }

    private static int[] any(int[][] document, RandomStream random) {
        return document[random.nextInt(document.length)];
    }

    /** [CLS] first [SEP] second [SEP]. */
    public Pair join(int[] first, int[] second, boolean next) {
        int[] tokens = new int[first.length + second.length + 3];
        int[] segments = new int[tokens.length];
        int middle = first.length + 2;
        tokens[0] = cls;
        System.arraycopy(first, 0, tokens, 1, first.length);
        tokens[middle - 1] = sep;
        System.arraycopy(second, 0, tokens, middle, second.length);
        tokens[tokens.length - 1] = sep;
        Arrays.fill(segments, middle, segments.length, 1);
        return new Pair(tokens, segments, next);
    }
}
