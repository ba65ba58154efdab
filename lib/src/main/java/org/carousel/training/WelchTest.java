package org.carousel.training;

/**
 * Do two samples have different means? Their variances need not be equal.
 *
 * <pre>
 * t = (m_a - m_b) / √(s_a²/n_a + s_b²/n_b)
 * ν = (s_a²/n_a + s_b²/n_b)² / ((s_a²/n_a)²/(n_a - 1) + (s_b²/n_b)²/(n_b - 1))
 * p = P(|T_ν| ≥ |t|) = I_{ν/(ν + t²)}(ν/2, 1/2)
 * </pre>
 *
 * <p>Source: Welch: The generalization of "Student's" problem when several different population variances are involved,
 * Biometrika 34, 1947, doi:10.1093/biomet/34.1-2.28.
 *
 * @param t the difference of the means in units of its standard error
 * @param degrees ν, the degrees of freedom
 * @param p the probability of a difference at least as large between samples of equal means, two-sided
 */
public record WelchTest(double t, double degrees, double p) {
    private static final double[] LANCZOS = {
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7
    };

    /**
     * Compares two samples.
     *
     * @throws IllegalArgumentException when one has fewer than two numbers, or both are constant
     */
    public static WelchTest of(double[] a, double[] b) {
        if (a.length < 2 || b.length < 2) {
            throw new IllegalArgumentException("welch: samples of " + a.length + " and " + b.length
                    + " numbers; each needs two at least, for its variance");
        }
        double va = variance(a) / a.length;
        double vb = variance(b) / b.length;
        if (!(va + vb > 0) || Double.isInfinite(va + vb)) {
            throw new IllegalArgumentException(
                    "welch: the variances are " + va * a.length + " and " + vb * b.length + "; one must be above 0");
        }
        double t = (mean(a) - mean(b)) / StrictMath.sqrt(va + vb);
        double degrees = (va + vb) * (va + vb) / (va * va / (a.length - 1) + vb * vb / (b.length - 1));
        return new WelchTest(t, degrees, incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t)));
    }

    private static double mean(double... sample) {
        double sum = 0;
        for (double v : sample) {
            sum += v;
        }
        return sum / sample.length;
    }

    private static double variance(double... sample) {
        double mean = mean(sample);
        double sum = 0;
        for (double v : sample) {
            sum += (v - mean) * (v - mean);
        }
        return sum / (sample.length - 1);
    }

    /** I_x(a, b), by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method. */
    static double incompleteBeta(double a, double b, double x) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        if (x > (a + 1) / (a + b + 2)) { // where the fraction would converge slowly
            return 1 - incompleteBeta(b, a, 1 - x);
        }
        double front = StrictMath.exp(
                logGamma(a + b) - logGamma(a) - logGamma(b) + a * StrictMath.log(x) + b * StrictMath.log(1 - x));
        double tiny = 1e-300;
        double c = 1;
        double d = 1 / nonZero(1 - (a + b) * x / (a + 1), tiny);
        double fraction = d;
        for (int m = 1; m < 10_000; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / nonZero(1 + even * d, tiny);
            c = nonZero(1 + even / c, tiny);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / nonZero(1 + odd * d, tiny);
            c = nonZero(1 + odd / c, tiny);
            fraction *= d * c;
            if (Math.abs(d * c - 1) < 1e-15) {
                break;
            }
        }
        return front * fraction / a;
    }

    private static double nonZero(double value, double tiny) {
        return Math.abs(value) < tiny ? tiny : value;
    }

    /** ln Γ(x) for x of 1/2 and more (Lanczos 1964, g = 7). */
    private static double logGamma(double x) {
        double y = x - 1;
        double sum = LANCZOS[0];
        for (int k = 1; k < LANCZOS.length; k++) {
            sum += LANCZOS[k] / (y + k);
        }
        double base = y + 7.5;
        return 0.5 * StrictMath.log(2 * Math.PI) + (y + 0.5) * StrictMath.log(base) - base + StrictMath.log(sum);
    }
}
