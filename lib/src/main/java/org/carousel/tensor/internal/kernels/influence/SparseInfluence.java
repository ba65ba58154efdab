package org.carousel.tensor.internal.kernels.influence;

/**
 * Influences of weights on numbers of a state where most are 0 and stay so: entry e belongs to weight w for first[w] <= e
 * &lt; first[w+1] and to the number unit[e] of the state.
 */
public final class SparseInfluence {
    private SparseInfluence() {}

    /**
     * next[e] += Σ over the entries q of the same weight of J[unit[e], unit[q]] · p[q], in the order of q. Modified: next.
     *
     * @param jacobian J [S×S]
     */
    public static void advance(int[] first, int[] unit, int s, float[] jacobian, float[] p, float[] next) {
        for (int w = 0; w + 1 < first.length; w++) {
            for (int e = first[w]; e < first[w + 1]; e++) {
                float sum = next[e];
                for (int q = first[w]; q < first[w + 1]; q++) {
                    sum = Math.fma(jacobian[unit[e] * s + unit[q]], p[q], sum);
                }
                next[e] = sum;
            }
        }
    }

    /** g[w] = Σ over the entries of w of p[e] · delta[unit[e]]. Modified: g. */
    public static void project(int[] first, int[] unit, float[] p, float[] delta, int deltaOffset, float[] g) {
        for (int w = 0; w + 1 < first.length; w++) {
            float sum = 0;
            for (int e = first[w]; e < first[w + 1]; e++) {
                sum = Math.fma(p[e], delta[deltaOffset + unit[e]], sum);
            }
            g[w] = sum;
        }
    }
}
