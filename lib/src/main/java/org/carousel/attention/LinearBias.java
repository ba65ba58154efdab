package org.carousel.attention;

/**
 * ALiBi: scores fall in proportion to the distance of query and key, in every head with another slope.
 *
 * <pre>
 * score_tu = q_t · k_u / √d - m_n |t - u|     m_n = 2^{-8n/N}, n = 1..N
 * </pre>
 *
 * <p>Source: Press, Smith, Lewis: Train short, test long, ICLR 2022, arXiv:2108.12409, section 3. Differs from the paper
 * in: keys to the right of a query, which the paper does not have, lose as much as those to its left; the formula of the
 * slopes also where N is no power of two.
 *
 * @param slopes m, one for each head, at least 0; none of them: scores do not fall
 * @param first the position of the first query
 */
public record LinearBias(float[] slopes, int first) {
    /** Scores do not fall. */
    public static final LinearBias NONE = new LinearBias(new float[0], 0);

    /** Copies the slopes and checks them. */
    public LinearBias {
        slopes = slopes.clone();
        for (float slope : slopes) {
            if (!(slope >= 0 && slope < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("linear bias: slope " + slope + " must be finite and at least 0");
            }
        }
    }

    /** The slopes of the paper. */
    public static LinearBias of(int heads, int first) {
        float[] slopes = new float[heads];
        for (int n = 0; n < heads; n++) {
            slopes[n] = (float) StrictMath.pow(2, -8.0 * (n + 1) / heads);
        }
        return new LinearBias(slopes, first);
    }

    /** What a query of a head loses at a key. */
    float penalty(int matrix, int query, int key) {
        return slopes.length == 0 ? 0 : slopes[matrix % slopes.length] * Math.abs(first + query - key);
    }
}
