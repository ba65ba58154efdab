package org.carousel.embedding;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.decomposition.qr.QRDecompositionHouseholderColumn_DDRM;
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
        DMatrixRMaj q = basis(matrix.times(Tensor.normal(random, 1, matrix.columns(), width)));
        for (int i = 0; i < POWER_ITERATIONS; i++) {
            DMatrixRMaj p = basis(transposed.times(tensor(q)));
            q = basis(matrix.times(tensor(p)));
        }
        // Aᵀ Q = P R with a small R = W' Σ V'ᵀ, so that A ≈ Q V' Σ (P W')ᵀ
        var qr = qr(transposed.times(tensor(q)));
        DMatrixRMaj r = qr.getR(null, true);
        CommonOps_DDRM.transpose(r);
        return of(q, decomposed(r), qr.getQ(null, true), rank);
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

    private static QRDecompositionHouseholderColumn_DDRM qr(Tensor tall) {
        var qr = new QRDecompositionHouseholderColumn_DDRM();
        qr.decompose(matrix(tall));
        return qr;
    }

    /** An orthonormal basis of the columns. */
    private static DMatrixRMaj basis(Tensor tall) {
        return qr(tall).getQ(null, true);
    }

    /** The first columns of left · U and right · V. */
    private static TruncatedSvd of(
            @Nullable DMatrixRMaj left, SvdImplicitQrDecompose_DDRM svd, @Nullable DMatrixRMaj right, int rank) {
        DMatrixRMaj u = svd.getU(null, false);
        DMatrixRMaj w = svd.getW(null);
        DMatrixRMaj v = svd.getV(null, false);
        SingularOps_DDRM.descendingOrder(u, false, w, v, false);
        DMatrixRMaj us = first(left, u, rank);
        DMatrixRMaj vs = first(right, v, rank);
        double[] sigma = new double[rank];
        for (int k = 0; k < rank; k++) {
            sigma[k] = w.get(k, k);
            double sign = PrincipalComponents.sign(
                    CommonOps_DDRM.extractColumn(us, k, null).getData());
            CommonOps_DDRM.scaleCol(sign, us, k);
            CommonOps_DDRM.scaleCol(sign, vs, k);
        }
        return new TruncatedSvd(tensor(us), sigma, tensor(vs));
    }

    private static DMatrixRMaj first(@Nullable DMatrixRMaj basis, DMatrixRMaj x, int columns) {
        DMatrixRMaj some = CommonOps_DDRM.extract(x, 0, x.numRows, 0, columns);
        if (basis == null) {
            return some;
        }
        DMatrixRMaj product = new DMatrixRMaj(basis.numRows, columns);
        CommonOps_DDRM.mult(basis, some, product);
        return product;
    }

    private static DMatrixRMaj matrix(Tensor x) {
        return DMatrixRMaj.wrap(x.size(0), x.size(1), x.toDoubles());
    }

    private static Tensor tensor(DMatrixRMaj x) {
        float[] values = new float[x.getNumElements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) x.data[i];
        }
        return Tensor.wrap(values, x.numRows, x.numCols);
    }
}
