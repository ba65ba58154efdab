package org.carousel.tensor.internal.kernels;

/**
 * One value of each activation, in operations that IEEE 754 defines to the last bit. The vector kernels run the same
 * operations on many values, so both agree bit for bit.
 */
final class Activations {
    // tanh x ≈ x P(x²) / Q(x²), an odd rational function of degree 13 over 6 that Eigen (MathFunctionsImpl.h) fitted to
    // float. Just below the clamp it reaches 1, beyond it stays at 1 - 2^-22 (σ: 1 - 2^-23). Largest absolute error
    // about 3e-7.
    static final float TANH_CLAMP = 7.9053111f;
    static final float TANH_P0 = -2.76076847742355e-16f;
    static final float TANH_P1 = 2.00018790482477e-13f;
    static final float TANH_P2 = -8.60467152213735e-11f;
    static final float TANH_P3 = 5.12229709037114e-08f;
    static final float TANH_P4 = 1.48572235717979e-05f;
    static final float TANH_P5 = 6.37261928875436e-04f;
    static final float TANH_P6 = 4.89352455891786e-03f;
    static final float TANH_Q0 = 1.19825839466702e-06f;
    static final float TANH_Q1 = 1.18534705686654e-04f;
    static final float TANH_Q2 = 2.26843463243900e-03f;
    static final float TANH_Q3 = 4.89352518554385e-03f;

    // eˣ = 2ⁿ eʳ with n = round(x / ln 2); ln 2 in two parts so that r is exact; eʳ by the polynomial of Cephes' expf.
    static final float LOG2_E = 1.44269504f;
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    static final float ROUND = 12582912f; // 1.5 · 2²³: adding and subtracting it rounds to a whole number
    static final float EXP_LARGEST = 88.72283f;
    static final float EXP_SMALLEST = -87.33654f; // below, the result would be subnormal and becomes 0
    static final float EXP_P0 = 1.9875691500e-4f;
    static final float EXP_P1 = 1.3981999507e-3f;
    static final float EXP_P2 = 8.3334519073e-3f;
    static final float EXP_P3 = 4.1665795894e-2f;
    static final float EXP_P4 = 1.6666665459e-1f;
    static final float EXP_P5 = 5.0000001201e-1f;

    /** tanh x. */
    static final float TANH = 1f;
    /** σ(x) = tanh(x/2)/2 + 1/2. */
    static final float SIGMOID = 0.5f;

    private Activations() {}

    /** s tanh(s x) + 1 - s: tanh for s = {@link #TANH}, σ for s = {@link #SIGMOID}. */
    static float squash(float s, float x) {
        float c = Math.max(-TANH_CLAMP, Math.min(TANH_CLAMP, s * x)); // NaN stays NaN
        float q = c * c;
        float p = TANH_P0;
        p = Math.fma(p, q, TANH_P1);
        p = Math.fma(p, q, TANH_P2);
        p = Math.fma(p, q, TANH_P3);
        p = Math.fma(p, q, TANH_P4);
        p = Math.fma(p, q, TANH_P5);
        p = Math.fma(p, q, TANH_P6);
        float r = TANH_Q0;
        r = Math.fma(r, q, TANH_Q1);
        r = Math.fma(r, q, TANH_Q2);
        r = Math.fma(r, q, TANH_Q3);
        return Math.fma(s, c * p / r, 1 - s);
    }

    static float exp(float x) {
        if (!(x >= EXP_SMALLEST)) {
            return x < EXP_SMALLEST ? 0 : x; // NaN stays NaN
        }
        if (x > EXP_LARGEST) {
            return Float.POSITIVE_INFINITY;
        }
        float n = Math.fma(x, LOG2_E, ROUND) - ROUND;
        float r = Math.fma(-n, LN2_HIGH, x);
        r = Math.fma(-n, LN2_LOW, r);
        float p = EXP_P0;
        p = Math.fma(p, r, EXP_P1);
        p = Math.fma(p, r, EXP_P2);
        p = Math.fma(p, r, EXP_P3);
        p = Math.fma(p, r, EXP_P4);
        p = Math.fma(p, r, EXP_P5);
        p = Math.fma(p, r * r, r) + 1;
        // 2ⁿ in two halves: 2¹²⁸ itself is no float, yet e^88.7 is
        int half = (int) n >> 1;
        float first = Float.intBitsToFloat((half + 127) << 23);
        float second = Float.intBitsToFloat(((int) n - half + 127) << 23);
        return p * first * second;
    }
}
