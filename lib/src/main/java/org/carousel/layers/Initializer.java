package org.carousel.layers;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** How the weights of a matrix [out×in] begin. */
@FunctionalInterface
public interface Initializer {
    /** Draws the first values. */
    Tensor matrix(int out, int in, RandomStream random);

    /** Normal of mean 0; the study of Greff et al. 2017 (arXiv:1503.04069) begins with standard deviation 0.1. */
    static Initializer normal(double standardDeviation) {
        if (!(standardDeviation >= 0)) {
            throw new IllegalArgumentException(
                    "normal: standard deviation " + standardDeviation + " must be 0 or more");
        }
        return (out, in, random) -> Tensor.normal(random, standardDeviation, out, in);
    }

    /** Uniform in ±bound. */
    static Initializer uniform(double bound) {
        return (out, in, random) -> Tensor.uniform(random, -bound, bound, out, in);
    }

    /**
     * Uniform in ±√(6 / (in + out)): signals keep their variance forward and backward.
     *
     * <p>Source: Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010,
     * eq. (16).
     */
    static Initializer glorot() {
        return (out, in, random) -> {
            double bound = StrictMath.sqrt(6.0 / (in + out));
            return Tensor.uniform(random, -bound, bound, out, in);
        };
    }

    /**
     * An orthogonal matrix, or rows (columns) of one when it is not square: lengths are kept, neither vanishing nor
     * exploding.
     *
     * <p>Q of the QR decomposition of a normal matrix, with the signs of R's diagonal so that every orthogonal matrix is
     * equally likely.
     *
     * <p>Source: Saxe, McClelland, Ganguli 2014, arXiv:1312.6120.
     */
    static Initializer orthogonal() {
        return (out, in, random) -> {
            int tall = Math.max(out, in);
            int thin = Math.min(out, in);
            DMatrixRMaj a = new DMatrixRMaj(tall, thin);
            for (int i = 0; i < a.data.length; i++) {
                a.data[i] = random.nextGaussian();
            }
            var qr = DecompositionFactory_DDRM.qr(tall, thin);
            qr.decompose(a);
            DMatrixRMaj q = qr.getQ(null, true);
            DMatrixRMaj r = qr.getR(null, true);
            float[] values = new float[Math.multiplyExact(out, in)];
            for (int row = 0; row < out; row++) {
                for (int column = 0; column < in; column++) {
                    int i = out >= in ? row : column;
                    int j = out >= in ? column : row;
                    values[row * in + column] = (float) (q.get(i, j) * Math.signum(r.get(j, j)));
                }
            }
            return Tensor.wrap(values, out, in);
        };
    }
}
