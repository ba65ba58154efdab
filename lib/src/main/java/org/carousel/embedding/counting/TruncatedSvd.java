package org.carousel.embedding.counting;

import org.carousel.embedding.PrincipalComponents;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * The largest singular values of a matrix and their vectors: A ≈ U Σ Vᵀ, the best approximation of its rank.
 *
 * <p>Each column of U has the sign that makes its largest element positive, with V to match.
 *
 * @param u left singular vectors [m×k]
 * @param singularValues σ₁ ≥ σ₂ ≥ ... ≥ 0, k of them
 * @param v right singular vectors [n×k]
 */
public record TruncatedSvd(Tensor u, double[] singularValues, Tensor v) {
    private static final int OVERSAMPLING = 10;
    private static final int POWER_ITERATIONS = 4;
    private static final double DEPENDENT = 1e-6;

    /**
     * From the full decomposition of EJML: exact, and slow from some hundred rows and columns on.
     *
     * @param rank k, in 1..min(m, n)
     * @throws IllegalArgumentException when the rank is out of range or a number is not finite
     */
    public static TruncatedSvd exact(SparseMatrix matrix, int rank) {
        requireRank(matrix, rank);
        DMatrixRMaj dense = new DMatrixRMaj(matrix.rows(), matrix.columns());
        matrix.forEach(dense::set);
        return of(null, decomposed(dense), null, rank);
    }

    /**
     * From the range of A that random vectors find: for large sparse matrices.
     *
     * <pre>
     * Q = orth(A Ω)      4 times: Q ← orth(A orth(Aᵀ Q))      Qᵀ A = W Σ Vᵀ      U = Q W
     * </pre>
     *
     * <p>Ω holds normal random numbers, 10 columns more than the rank. The products are in float32, the rest in double;
     * singular values come out right to about 1e-5 of the largest where they are set apart, a little too small where many
     * are nearly equal.
     *
     * <p>Source: Halko, Martinsson, Tropp: Finding structure with randomness, SIAM Review 53, 2011, algorithms 4.4, 5.1.
     *
     * @param rank k, in 1..min(m, n)
     * @throws IllegalArgumentException when the rank is out of range
     */
    public static TruncatedSvd randomised(SparseMatrix matrix, int rank, RandomStream random) {
        requireRank(matrix, rank);
        int width = Math.min(rank + OVERSAMPLING, Math.min(matrix.rows(), matrix.columns()));
        SparseMatrix transposed = matrix.transpose();
        Tensor q = orthonormal(matrix.times(Tensor.normal(random, 1, matrix.columns(), width)));
        for (int i = 0; i < POWER_ITERATIONS; i++) {
            Tensor p = orthonormal(transposed.times(q.transpose()));
            q = orthonormal(matrix.times(p.transpose()));
        }
        // Aᵀ Q = P R with a small R = W' Σ V'ᵀ, so that A ≈ Q V' Σ (P W')ᵀ
        Tensor image = transposed.times(q.transpose());
        Tensor p = orthonormal(image);
        return of(q, decomposed(productOfRows(image.transpose(), p)), p, rank);
    }

    private static void requireRank(SparseMatrix matrix, int rank) {
        int most = Math.min(matrix.rows(), matrix.columns());
        if (rank < 1 || rank > most) {
            throw new IllegalArgumentException(
                    "svd: rank " + rank + " of a matrix " + matrix + "; it must be in 1.." + most);
        }
    }

    /** Named rather than chosen by a factory, which could pick one that works on several threads. */
    private static SvdImplicitQrDecompose_DDRM decomposed(DMatrixRMaj matrix) {
        var svd = new SvdImplicitQrDecompose_DDRM(true, true, true, false);
        if (!svd.decompose(matrix)) {
            throw new IllegalArgumentException(
                    "svd: no singular values found; are there NaN or infinite numbers in the matrix?");
        }
        return svd;
    }

    /**
     * An orthonormal basis of the columns of a matrix [n×l], as rows [l×n]; of a column that depends on those before it
     * a row of zeros is left, or one of rounding errors that is orthogonal to them all the same.
     *
     * <p>By the method of Gram and Schmidt, every row twice, which makes it as exact as Householder's.
     */
    static Tensor orthonormal(Tensor columns) {
        Tensor rows = columns.transpose();
        int n = rows.size(1);
        float[] q = rows.toArray();
        float[] h = new float[rows.size(0)];
        Kernels kernels = Kernels.active();
        for (int k = 0; k < rows.size(0); k++) {
            normalize(n, q, k * n);
            for (int time = 0; time < 2; time++) {
                kernels.rowDots(k, n, q, 0, n, q, k * n, h, 0);
                for (int i = 0; i < k; i++) {
                    kernels.addScaled(n, -h[i], q, i * n, q, k * n);
                }
                double left = normalize(n, q, k * n);
                if (left < (time == 0 ? DEPENDENT : 0.5)) { // only rounding errors are left
                    java.util.Arrays.fill(q, k * n, (k + 1) * n, 0);
                }
            }
        }
        return Tensor.wrap(q, rows.shape());
    }

    /** Divides a row by its length, which is returned. */
    private static double normalize(int n, float[] x, int xo) {
        double norm = Math.sqrt(Elementwise.sumOfSquares(n, x, xo));
        Elementwise.scale(n, norm == 0 ? 0 : (float) (1 / norm), x, xo);
        return norm;
    }

    /** Every row of x times every row of y: x yᵀ, [l×l]. */
    private static DMatrixRMaj productOfRows(Tensor x, Tensor y) {
        int l = x.size(0);
        int n = x.size(1);
        float[] dots = new float[l];
        DMatrixRMaj product = new DMatrixRMaj(l, l);
        for (int i = 0; i < l; i++) {
            Kernels.active()
                    .rowDots(
                            l, n, Fused.array(y), Fused.offset(y), n, Fused.array(x), Fused.offset(x) + i * n, dots, 0);
            for (int j = 0; j < l; j++) {
                product.set(i, j, dots[j]);
            }
        }
        return product;
    }

    /** The first columns of leftᵀ U and rightᵀ V. */
    private static TruncatedSvd of(
            @Nullable Tensor left, SvdImplicitQrDecompose_DDRM svd, @Nullable Tensor right, int rank) {
        DMatrixRMaj u = svd.getU(null, false);
        DMatrixRMaj w = svd.getW(null);
        DMatrixRMaj v = svd.getV(null, false);
        SingularOps_DDRM.descendingOrder(u, false, w, v, false);
        double[] sigma = new double[rank];
        for (int k = 0; k < rank; k++) {
            sigma[k] = w.get(k, k);
        }
        Tensor us = first(left, u, rank); // [k×m]
        Tensor vs = first(right, v, rank);
        float[] signs = new float[rank];
        for (int k = 0; k < rank; k++) {
            signs[k] = (float) PrincipalComponents.sign(us.select(0, k).toDoubles());
        }
        Tensor sign = Tensor.wrap(signs, rank);
        return new TruncatedSvd(
                us.transpose().times(sign), sigma, vs.transpose().times(sign));
    }

    /** The first columns of x, as rows; taken from the rows of a basis when there is one. */
    private static Tensor first(@Nullable Tensor basis, DMatrixRMaj x, int columns) {
        float[] some = new float[columns * x.numRows];
        for (int k = 0; k < columns; k++) {
            for (int i = 0; i < x.numRows; i++) {
                some[k * x.numRows + i] = (float) x.get(i, k);
            }
        }
        Tensor rows = Tensor.wrap(some, columns, x.numRows);
        return basis == null ? rows : rows.matmul(basis);
    }
}
