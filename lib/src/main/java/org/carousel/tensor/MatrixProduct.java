package org.carousel.tensor;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Parallel;

/** The matrix product over the last two axes, and its backward rule. */
final class MatrixProduct {
    private MatrixProduct() {}

    /**
     * C = A · B, or A · Bᵀ when {@code transposeB}.
     *
     * <pre>
     * ∂A = G · Bᵀ   ∂B = Aᵀ · G        ∂A = G · B   ∂B = Gᵀ · A   (transposed B)
     * </pre>
     */
    static Tensor multiply(String operation, Tensor a, Tensor b, boolean transposeB) {
        if (a.rank() < 1 || b.rank() < 2) {
            throw new IllegalArgumentException(operation + ": " + a.shapeText() + " · " + b.shapeText()
                    + ": the left operand needs at least one axis and the right one two");
        }
        if (a.rank() == 1) { // a vector is a matrix of one row
            Tensor row = multiply(operation, a.reshape(1, a.size()), b, transposeB);
            return row.reshape(row.size(-1));
        }
        int[] as = a.shape();
        int[] bs = b.shape();
        int k = as[as.length - 1];
        int innerB = bs[bs.length - (transposeB ? 1 : 2)];
        int n = bs[bs.length - (transposeB ? 2 : 1)];
        if (k != innerB) {
            throw new IllegalArgumentException(operation + ": " + a.shapeText() + " · " + b.shapeText()
                    + (transposeB ? "ᵀ" : "") + ": inner sizes " + k + " and " + innerB + " differ");
        }
        int matrices = 1;
        int m = k == 0 ? Shapes.size(operation, Arrays.copyOf(as, as.length - 1)) : a.size() / k;
        if (bs.length > 2) {
            if (!Arrays.equals(Arrays.copyOf(as, as.length - 2), Arrays.copyOf(bs, bs.length - 2))) {
                throw new IllegalArgumentException(operation + ": " + a.shapeText() + " · " + b.shapeText()
                        + ": the leading axes, which count matrices, differ");
            }
            matrices = Shapes.size(operation, Arrays.copyOf(bs, bs.length - 2));
            m = as[as.length - 2];
        }
        int[] to = as.clone();
        to[to.length - 1] = n;
        float[] c = new float[Shapes.size(operation, to)];
        Batch batch = new Batch(matrices, m, n, k, transposeB);
        batch.forward(a, b, c);
        return Tensor.result(operation, c, to, g -> batch.backward(a, b, g), a, b);
    }

    /**
     * y = b + x Wᵀ with the bias as the start of every sum.
     *
     * <pre>
     * ∂x = G · W   ∂W = Gᵀ · x   ∂b = Σ rows of G
     * </pre>
     */
    static Tensor affine(Tensor x, Tensor W, Tensor b) {
        if (x.rank() < 1 || W.rank() != 2 || b.rank() != 1 || x.size(-1) != W.size(1) || b.size() != W.size(0)) {
            throw new IllegalArgumentException("linear: " + x.shapeText() + " · " + W.shapeText() + "ᵀ + "
                    + b.shapeText() + ": [..×I] · [O×I]ᵀ + [O] is needed");
        }
        int k = W.size(1);
        int n = W.size(0);
        int[] to = x.shape();
        to[to.length - 1] = n;
        float[] y = new float[Shapes.size("linear", to)];
        int m = n == 0 ? 0 : y.length / n;
        Batch batch = new Batch(1, m, n, k, true);
        Kernels.active()
                .matmulPacked(
                        m,
                        x.array(),
                        x.arrayOffset(),
                        k,
                        W.packing().matrix(true),
                        b.array(),
                        b.arrayOffset(),
                        0,
                        y,
                        0,
                        n);
        return Tensor.result(
                "linear",
                y,
                to,
                g -> {
                    batch.backward(x, W, g);
                    if (b.needsGradient()) {
                        Kernels.active().columnSums(m, n, g, 0, n, b.gradientBuffer(), 0);
                    }
                },
                x,
                W,
                b);
    }

    private record Batch(int matrices, int m, int n, int k, boolean transposeB) {
        void forward(Tensor a, Tensor b, float[] c) {
            Kernels kernels = Kernels.active();
            if (b.isParameterMatrix()) {
                kernels.matmulPacked(
                        m, a.array(), a.arrayOffset(), k, b.packing().matrix(transposeB), c, 0, n);
                return;
            }
            PackedMatrix[] each = packed(b, transposeB);
            Parallel.over(matrices, work(), (from, to) -> {
                for (int i = from; i < to; i++) {
                    int ao = a.arrayOffset() + i * m * k;
                    if (each.length > 0) {
                        kernels.matmulPacked(m, a.array(), ao, k, each[i], c, i * m * n, n);
                        continue;
                    }
                    kernels.matmul(
                            false,
                            transposeB,
                            m,
                            n,
                            k,
                            a.array(),
                            ao,
                            k,
                            b.array(),
                            b.arrayOffset() + i * k * n,
                            transposeB ? k : n,
                            c,
                            i * m * n,
                            n,
                            false);
                }
            });
        }

        /** What the tensor was asked to keep, or nothing. */
        private static PackedMatrix[] packed(Tensor b, boolean transpose) {
            PackedEach each = b.packedEach();
            return each == null ? new PackedMatrix[0] : each.get(transpose);
        }

        /**
         * Several matrices are shared among threads; a single one is split inside its product. A product of few rows
         * takes as long as reading its right operand.
         */
        private long work() {
            return 2L * matrices * Math.max(m, 8) * n * k;
        }

        void backward(Tensor a, Tensor b, float[] g) {
            for (Tensor operand : new Tensor[] {a, b}) {
                if (operand.needsGradient()) {
                    operand.gradientBuffer(); // made here, by one thread
                }
            }
            PackedMatrix[] each = a.needsGradient() ? packed(b, !transposeB) : new PackedMatrix[0];
            Parallel.over(matrices, 2 * work(), (from, to) -> backward(from, to, a, b, each, g));
        }

        private void backward(int from, int to, Tensor a, Tensor b, PackedMatrix[] each, float[] g) {
            Kernels kernels = Kernels.active();
            for (int i = from; i < to; i++) {
                int ga = i * m * n;
                if (each.length > 0) {
                    float[] da = a.gradientBuffer();
                    kernels.matmulPacked(m, g, ga, n, each[i], da, i * m * k, k, da, i * m * k, k);
                } else if (a.needsGradient() && b.isParameterMatrix()) {
                    float[] da = a.gradientBuffer();
                    kernels.matmulPacked(m, g, ga, n, b.packing().matrix(!transposeB), da, 0, k, da, 0, k);
                } else if (a.needsGradient()) {
                    kernels.matmul(
                            false,
                            !transposeB,
                            m,
                            k,
                            n,
                            g,
                            ga,
                            n,
                            b.array(),
                            b.arrayOffset() + i * k * n,
                            transposeB ? k : n,
                            a.gradientBuffer(),
                            i * m * k,
                            k,
                            true);
                }
                if (b.needsGradient()) {
                    weightGradient(kernels, a, b, g, i, ga);
                }
            }
        }

        private void weightGradient(Kernels kernels, Tensor a, Tensor b, float[] g, int i, int ga) {
            float[] db = b.gradientBuffer();
            int ao = a.arrayOffset() + i * m * k;
            if (transposeB) { // B [n×k]: ∂B = Gᵀ · A
                kernels.matmul(true, false, n, k, m, g, ga, n, a.array(), ao, k, db, i * k * n, k, true);
            } else { // B [k×n]: ∂B = Aᵀ · G
                kernels.matmul(true, false, k, n, m, a.array(), ao, k, g, ga, n, db, i * k * n, n, true);
            }
        }
    }
}
