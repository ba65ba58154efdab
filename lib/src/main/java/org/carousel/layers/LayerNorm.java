package org.carousel.layers;

import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Normal;

/**
 * Layer normalisation over the last axis.
 *
 * <pre>
 * y = γ ⊙ (x - μ) / √(σ² + ε) + β        μ and σ² of the elements of one row, ε mostly 1e-5
 * </pre>
 *
 * <p>Source: Ba, Kiros, Hinton 2016, arXiv:1607.06450, eq. (4).
 *
 * @param gamma gain [H], PyTorch's {@code weight}
 * @param beta bias [H], PyTorch's {@code bias}
 * @param epsilon ε, at least 0
 */
public record LayerNorm(Tensor gamma, Tensor beta, double epsilon) implements Layer {
    private static final double EPSILON = 1e-5;

    /** Checks that the shapes belong together. */
    public LayerNorm {
        if (gamma.rank() != 1 || beta.rank() != 1 || gamma.size() != beta.size()) {
            throw new IllegalArgumentException(
                    "layer norm: gain " + gamma.shapeText() + " and bias " + beta.shapeText() + " must both be [H]");
        }
        if (!(epsilon >= 0)) {
            throw new IllegalArgumentException("layer norm: ε " + epsilon + " is not at least 0");
        }
        gamma.requiresGradient();
        beta.requiresGradient();
    }

    /** With ε = 1e-5. */
    public LayerNorm(Tensor gamma, Tensor beta) {
        this(gamma, beta, EPSILON);
    }

    /** Gain 1 and bias 0. */
    public static LayerNorm of(int size) {
        return new LayerNorm(Tensor.ones(size), Tensor.zeros(size));
    }

    /** The normalised rows of x [..×H]. Kept for the backward pass: the rows without γ and β, and their deviations. */
    public Tensor apply(Tensor x) {
        return normalize(x, gamma, beta, epsilon);
    }

    /** γ ⊙ standardised rows of x + β as one operation, for cells whose gain and bias are their own: ε = 1e-5. */
    public static Tensor normalize(Tensor x, Tensor gamma, Tensor beta) {
        return normalize(x, gamma, beta, EPSILON);
    }

    private static Tensor normalize(Tensor x, Tensor gamma, Tensor beta, double epsilon) {
        int n = gamma.size();
        if (x.rank() == 0 || x.size(-1) != n || n == 0) {
            throw new IllegalArgumentException("layer norm: " + x.shapeText() + " must be [..×" + n + "]");
        }
        int rows = x.size() / n;
        boolean training = Fused.remembers(List.of(x, gamma, beta));
        float[] y = new float[x.size()];
        float[] standard = training ? new float[x.size()] : y;
        float[] deviations = new float[rows];
        Normal.layer(
                rows,
                n,
                (float) epsilon,
                Fused.array(x),
                Fused.offset(x),
                Fused.array(gamma),
                Fused.offset(gamma),
                Fused.array(beta),
                Fused.offset(beta),
                standard,
                deviations,
                y);
        return Fused.operation("layer norm", y, x.shape(), List.of(x, gamma, beta), g -> {
            Normal.layerBackward(
                    rows,
                    n,
                    g,
                    standard,
                    deviations,
                    Fused.array(gamma),
                    Fused.offset(gamma),
                    wanted(x),
                    wanted(gamma),
                    wanted(beta));
        });
    }

    private static float[] wanted(Tensor x) {
        float[] gradient = Fused.gradient(x);
        return gradient == null ? new float[0] : gradient;
    }

    /** Rows of mean 0 and variance 1 (less ε's share): x [..×H]. */
    public static Tensor standardize(Tensor x) {
        return standardize(x, EPSILON);
    }

    private static Tensor standardize(Tensor x, double epsilon) {
        int[] column = x.shape();
        column[column.length - 1] = 1;
        Tensor centred = x.minus(x.mean(-1).reshape(column));
        Tensor variance = centred.squared().mean(-1).reshape(column);
        return centred.dividedBy(Tensor.sqrt(variance.plus(epsilon)));
    }

    /**
     * {@link #apply} without making a tensor, for streams. Modified: {@code y}, which may be x.
     *
     * @param x [B×H], one row or several; as y
     */
    public void into(float[] x, float[] y) {
        int size = gamma.size();
        int rows = size == 0 ? 0 : x.length / size;
        if (x.length != rows * size || y.length != x.length) {
            throw new IllegalArgumentException(
                    "layer norm: " + x.length + " values to " + y.length + "; rows of " + size + " are needed");
        }
        Normal.layer(
                rows,
                size,
                (float) epsilon,
                x,
                Fused.array(gamma),
                Fused.offset(gamma),
                Fused.array(beta),
                Fused.offset(beta),
                y);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight", gamma).and("bias", beta);
    }
}
