package org.carousel.layers;

import static org.carousel.tensor.Tensor.linear;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * The affine map y = W x + b, for every row of its input. Nothing but x itself is kept for the backward pass.
 *
 * @param W weights [out×in], PyTorch's {@code weight}
 * @param b bias [out], PyTorch's {@code bias}
 */
public record Affine(Tensor W, Tensor b) implements Layer {
    /** Checks that the shapes belong together. */
    public Affine {
        if (W.rank() != 2 || b.rank() != 1 || W.size(0) != b.size()) {
            throw new IllegalArgumentException("affine: weights " + W.shapeText() + " need a bias ["
                    + (W.rank() == 2 ? W.size(0) : "out") + "], not " + b.shapeText());
        }
        W.requiresGradient();
        b.requiresGradient();
    }

    /** Glorot weights and a bias of 0. */
    public static Affine of(int inputSize, int outputSize, RandomStream random) {
        return of(inputSize, outputSize, Initializer.glorot(), random);
    }

    /** Weights by {@code initializer} and a bias of 0. */
    public static Affine of(int inputSize, int outputSize, Initializer initializer, RandomStream random) {
        return new Affine(initializer.matrix(outputSize, inputSize, random), Tensor.zeros(outputSize));
    }

    /** W x + b: x [..×in] gives [..×out]. */
    public Tensor apply(Tensor x) {
        return linear(x, W, b);
    }

    /**
     * y ← W x + b without making a tensor, for streams. Modified: {@code y}.
     *
     * @param x [B×in], one row or several
     * @param y [B×out]
     */
    public void into(float[] x, float[] y) {
        int in = W.size(1);
        int out = W.size(0);
        int batch = in == 0 ? 0 : x.length / in;
        if (x.length != batch * in || y.length != batch * out) {
            throw new IllegalArgumentException("affine: " + x.length + " values to " + y.length + " with weights "
                    + W.shapeText() + "; rows of " + in + " to rows of " + out + " are needed");
        }
        Kernels.active()
                .matmulPacked(batch, x, 0, in, Fused.packed(W, true), Fused.array(b), Fused.offset(b), 0, y, 0, out);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight", W).and("bias", b);
    }
}
