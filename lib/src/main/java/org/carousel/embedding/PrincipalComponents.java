package org.carousel.embedding;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.carousel.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.eig.SymmetricQRAlgorithmDecomposition_DDRM;
import org.ejml.dense.row.decomposition.hessenberg.TridiagonalDecompositionHouseholder_DDRM;

/**
 * Principal components: the orthogonal directions along which points differ most.
 *
 * <pre>
 * C = 1/n Σ (x - μ)(x - μ)ᵀ = Q Λ Qᵀ        coordinates of x: qₖ·(x - μ), λ₁ ≥ λ₂ ≥ ...
 * </pre>
 *
 * <p>In double, and with the sign that makes the largest element of each direction positive, so that a plot is the same
 * everywhere.
 *
 * @param mean μ [D]
 * @param directions unit vectors [components][D]
 * @param variances λ of each direction
 * @param totalVariance the sum over all D directions
 */
public record PrincipalComponents(double[] mean, double[][] directions, double[] variances, double totalVariance) {
    /**
     * The first components of some points.
     *
     * @param points [n×D], n at least 1
     * @param components in 1..D
     * @throws IllegalArgumentException when a size is out of range
     */
    public static PrincipalComponents of(Tensor points, int components) {
        if (points.rank() != 2 || points.size(0) < 1 || components < 1 || components > points.size(1)) {
            throw new IllegalArgumentException("pca: " + components + " components of points " + points.shapeText()
                    + "; points [n×D] have 1 to D components");
        }
        int d = points.size(1);
        float[][] rows = points.toRows();
        double[] mean = mean(rows, d);
        DMatrixRMaj covariance = covariance(rows, mean);
        // named rather than chosen by a factory, which could pick one that works on several threads
        var eigen = new SymmetricQRAlgorithmDecomposition_DDRM(new TridiagonalDecompositionHouseholder_DDRM(), true);
        if (!eigen.decompose(covariance)) {
            throw new IllegalArgumentException("pca: no eigenvalues of the covariance of points " + points.shapeText()
                    + "; are there NaN or infinite numbers?");
        }
        int[] order = IntStream.range(0, d)
                .boxed()
                .sorted(Comparator.comparingDouble(k -> -eigen.getEigenvalue(k).getReal()))
                .mapToInt(k -> k)
                .toArray();
        double[][] directions = new double[components][];
        double[] variances = new double[components];
        for (int k = 0; k < components; k++) {
            directions[k] = eigen.getEigenVector(order[k]).getData();
            double sign = sign(directions[k]);
            for (int j = 0; j < d; j++) {
                directions[k][j] *= sign;
            }
            variances[k] = Math.max(0, eigen.getEigenvalue(order[k]).getReal());
        }
        double total = IntStream.range(0, d)
                .mapToDouble(k -> Math.max(0, eigen.getEigenvalue(order[k]).getReal()))
                .reduce(0, Double::sum); // in order; DoubleStream.sum compensates as it likes
        return new PrincipalComponents(mean, directions, variances, total);
    }

    /** The coordinates of points [n×D] along the directions: [n][components]. */
    public double[][] project(Tensor points) {
        if (points.rank() != 2 || points.size(1) != mean.length) {
            throw new IllegalArgumentException(
                    "project: points " + points.shapeText() + " must be [n×" + mean.length + "]");
        }
        float[][] rows = points.toRows();
        double[][] coordinates = new double[rows.length][directions.length];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < directions.length; k++) {
                double sum = 0;
                for (int j = 0; j < mean.length; j++) {
                    sum += directions[k][j] * (rows[i][j] - mean[j]);
                }
                coordinates[i][k] = sum;
            }
        }
        return coordinates;
    }

    private static double[] mean(float[][] rows, int d) {
        double[] mean = new double[d];
        for (float[] row : rows) {
            for (int j = 0; j < d; j++) {
                mean[j] += row[j];
            }
        }
        for (int j = 0; j < d; j++) {
            mean[j] /= rows.length;
        }
        return mean;
    }

    private static DMatrixRMaj covariance(float[][] rows, double[] mean) {
        int d = mean.length;
        double[][] sums = new double[d][d];
        double[] x = new double[d];
        for (float[] row : rows) {
            for (int j = 0; j < d; j++) {
                x[j] = row[j] - mean[j];
            }
            for (int i = 0; i < d; i++) {
                double xi = x[i];
                double[] to = sums[i];
                for (int j = 0; j < d; j++) {
                    to[j] += xi * x[j];
                }
            }
        }
        DMatrixRMaj covariance = new DMatrixRMaj(sums);
        for (int i = 0; i < covariance.data.length; i++) {
            covariance.data[i] /= rows.length;
        }
        return covariance;
    }

    /** −1 when the largest element is negative, else 1: the factor that makes it positive. */
    public static double sign(double... vector) {
        double largest = 0;
        for (double x : vector) {
            largest = Math.abs(x) > Math.abs(largest) ? x : largest;
        }
        return largest < 0 ? -1 : 1;
    }
}
