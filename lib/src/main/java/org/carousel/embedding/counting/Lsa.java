package org.carousel.embedding.counting;

import java.util.Collection;
import org.carousel.embedding.WordVectors;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Latent semantic analysis: words as the rows of U Σᵖ of a weighted matrix of counts.
 *
 * <pre>
 * A ≈ U Σ Vᵀ      word i = row i of U Σᵖ      document (or context) j = row j of V Σᵖ
 * </pre>
 *
 * <p>Of a term-document matrix with tf-idf weights it is the method of 1990, in which p = 1 keeps the dot products of
 * documents. Of a co-occurrence matrix with {@linkplain CountMatrices#ppmi PPMI} it gives word vectors of the quality of
 * predicted ones; there p = 0.5 is better.
 *
 * <p>Sources: Deerwester et al.: Indexing by latent semantic analysis, Journal of the American Society for Information
 * Science 41, 1990; the exponent: Levy, Goldberg, Dagan, Transactions of the ACL 3, 2015, section 3.3.
 *
 * @param words vectors of the words [V×k]
 * @param documents vectors of the columns [N×k]
 * @param singularValues σ, k of them, the largest first
 */
public record Lsa(WordVectors words, Tensor documents, double[] singularValues) {
    /** Up to so many steps of the full decomposition it is quicker than the randomised one, or as good as. */
    private static final double EXACT = 3e7;

    /** With p = 1. */
    public static Lsa of(Collection<String> words, SparseMatrix weighted, int dimension, RandomStream random) {
        return of(words, weighted, dimension, 1, random);
    }

    /**
     * Reduces a matrix.
     *
     * @param words the words of its rows
     * @param weighted [V×N]
     * @param dimension k, in 1..min(V, N)
     * @param exponent p, 0 or more
     * @param random for the randomised decomposition of a large matrix; a small one is decomposed exactly
     * @throws IllegalArgumentException when the sizes do not fit or the exponent is negative
     */
    public static Lsa of(
            Collection<String> words, SparseMatrix weighted, int dimension, double exponent, RandomStream random) {
        if (words.size() != weighted.rows() || !(exponent >= 0)) {
            throw new IllegalArgumentException("lsa: " + words.size() + " words for a matrix " + weighted
                    + " with exponent " + exponent + "; a word per row and an exponent of 0 or more are needed");
        }
        double steps = (double) weighted.rows() * weighted.columns() * Math.min(weighted.rows(), weighted.columns());
        TruncatedSvd svd = steps <= EXACT
                ? TruncatedSvd.exact(weighted, dimension)
                : TruncatedSvd.randomised(weighted, dimension, random);
        float[] scales = new float[dimension];
        for (int k = 0; k < dimension; k++) {
            scales[k] = (float) StrictMath.pow(svd.singularValues()[k], exponent);
        }
        Tensor scale = Tensor.wrap(scales, dimension);
        return new Lsa(WordVectors.of(words, svd.u().times(scale)), svd.v().times(scale), svd.singularValues());
    }
}
