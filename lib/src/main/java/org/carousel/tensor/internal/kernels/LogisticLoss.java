package org.carousel.tensor.internal.kernels;

/**
 * The sum of the losses of very many logistic regressions, in a fixed order: ln(1 + eˢ) - d s = max(s, 0) - d s + ln(1 +
 * e⁻|s|).
 *
 * <p>The logarithms of many factors are taken as one of their product: each is at most 2, so 60 of them, in 16 lanes, are
 * far from the end of the range.
 */
public final class LogisticLoss {
    /** So many may be added at a time. */
    static final int MOST_FACTORS = 30;

    final float[] products = new float[Kernels.ROW_LANES];
    final float[] linear = new float[Kernels.ROW_LANES];
    private int factors;
    private double sum;

    /** Nothing added yet. */
    public LogisticLoss() {
        java.util.Arrays.fill(products, 1);
    }

    /** So many more factors are in each lane. */
    void added(int more) {
        factors += more;
        if (factors >= MOST_FACTORS) {
            flush();
        }
    }

    private void flush() {
        double product = 1;
        double total = 0;
        for (int j = 0; j < products.length; j++) {
            product *= products[j];
            total += linear[j];
            products[j] = 1;
            linear[j] = 0;
        }
        sum += total + StrictMath.log(product);
        factors = 0;
    }

    /** The sum of all losses since the last call. */
    public double take() {
        flush();
        double result = sum;
        sum = 0;
        return result;
    }
}
