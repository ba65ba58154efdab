package org.carousel.embedding.counting;

import java.util.Arrays;

/**
 * Matrices of counts of words, and what is made of them before their dimension is reduced.
 *
 * <p>Words are given as indices 0..V−1. An index below 0 is a word outside the vocabulary: it is not counted but keeps
 * its place, so that its neighbours do not move together.
 */
public final class CountMatrices {
    private CountMatrices() {}

    /** How much a pair of words counts by its distance d. */
    public enum Distance {
        /** Every pair within the window counts 1. */
        FLAT,
        /** A pair counts 1/d, as in GloVe. */
        HARMONIC
    }

    /**
     * How often each word stands in each document: x[i, j] of word i in document j, [V×N].
     *
     * @throws IllegalArgumentException when an index is V or more, or there is no document
     */
    public static SparseMatrix termDocument(Iterable<int[]> documents, int vocabularySize) {
        PairSums counts = new PairSums();
        int n = 0;
        for (int[] document : documents) {
            for (int word : document) {
                if (word >= 0) {
                    counts.add(checked(word, vocabularySize), n, 1);
                }
            }
            n++;
        }
        if (n == 0) {
            throw new IllegalArgumentException("term-document: no documents");
        }
        return counts.toMatrix(vocabularySize, n, false);
    }

    /**
     * How often two words stand near each other: a symmetric matrix [V×V].
     *
     * <pre>
     * x[i, j] = Σ over places s of i and t of j, |s - t| ≤ window, of 1 or 1/|s - t|
     * </pre>
     *
     * @param sentences pairs do not reach over their ends
     * @param window how far, at least 1
     * @throws IllegalArgumentException when the window is below 1 or an index V or more
     */
    public static SparseMatrix cooccurrence(
            Iterable<int[]> sentences, int vocabularySize, int window, Distance distance) {
        if (window < 1) {
            throw new IllegalArgumentException("co-occurrence: window " + window + " must be at least 1");
        }
        PairSums counts = new PairSums();
        for (int[] sentence : sentences) {
            for (int t = 0; t < sentence.length; t++) {
                int word = sentence[t];
                if (word < 0) {
                    continue;
                }
                checked(word, vocabularySize);
                for (int s = Math.max(0, t - window); s < t; s++) {
                    int other = sentence[s];
                    if (other >= 0) {
                        double x = distance == Distance.FLAT ? 1 : 1.0 / (t - s);
                        counts.add(Math.min(word, other), Math.max(word, other), x);
                    }
                }
            }
        }
        return counts.toMatrix(vocabularySize, vocabularySize, true);
    }

    private static int checked(int word, int vocabularySize) {
        if (word >= vocabularySize) {
            throw new IllegalArgumentException(
                    "counting: word " + word + " with a vocabulary of " + vocabularySize + "; indices are 0..V-1");
        }
        return word;
    }

    /**
     * Counts weighted by how few documents a word stands in.
     *
     * <pre>
     * y[i, j] = x[i, j] ln(N / df[i])        df[i] documents have word i, N are there
     * </pre>
     *
     * <p>Source: Spärck Jones: A statistical interpretation of term specificity, Journal of Documentation 28, 1972.
     *
     * @param counts [V×N]
     */
    public static SparseMatrix tfIdf(SparseMatrix counts) {
        int[] documents = new int[counts.rows()];
        counts.forEach((i, j, x) -> documents[i]++);
        double[] idf = Arrays.stream(documents)
                .mapToDouble(df -> df == 0 ? 0 : StrictMath.log((double) counts.columns() / df))
                .toArray();
        return counts.map((i, j, x) -> x * idf[i]);
    }

    /** Positive pointwise mutual information without smoothing and shift. */
    public static SparseMatrix ppmi(SparseMatrix counts) {
        return ppmi(counts, 1, 1);
    }

    /**
     * Positive pointwise mutual information: how much more often two words meet than if they did by chance.
     *
     * <pre>
     * y[i, j] = max(0, ln P(i, j) / (P(i) Pα(j)) - ln k)      Pα(j) = c[j]^α / Σ c^α
     * </pre>
     *
     * <p>Source: Levy, Goldberg, Dagan: Improving distributional similarity with lessons learned from word embeddings,
     * Transactions of the ACL 3, 2015, sections 2.1 and 3.2; there α is 0.75 and k the number of negative samples.
     *
     * @param counts [V×V], none negative
     * @param smoothing α in (0, 1]; below 1 it makes rare contexts less important
     * @param shift k, at least 1
     * @throws IllegalArgumentException when α or k is out of range
     */
    public static SparseMatrix ppmi(SparseMatrix counts, double smoothing, double shift) {
        if (!(smoothing > 0 && smoothing <= 1 && shift >= 1)) {
            throw new IllegalArgumentException(
                    "ppmi: smoothing " + smoothing + " must lie in (0, 1] and shift " + shift + " be at least 1");
        }
        double[] words = counts.rowSums();
        double[] contexts = counts.columnSums();
        double total = 0;
        for (int j = 0; j < contexts.length; j++) {
            contexts[j] = smoothing == 1 ? contexts[j] : StrictMath.pow(contexts[j], smoothing);
            total += contexts[j];
        }
        double scale = total / shift;
        return counts.map((i, j, x) -> Math.max(0, StrictMath.log(x * scale / (words[i] * contexts[j]))));
    }
}
