package org.carousel.embedding.word2vec;

import org.carousel.tensor.internal.kernels.Kernels;

/** A matrix of a model of fastText, row by row. */
interface FastTextRows {
    /** x += row r of the matrix. Modified: x [D]. */
    void add(int row, float[] x);

    /** Numbers as they are, in arrays of some whole rows each: together they may be more than one array holds. */
    record Dense(float[][] blocks, int rowsPerBlock, int dimension) implements FastTextRows {
        @Override
        public void add(int row, float[] x) {
            float[] block = blocks[row / rowsPerBlock];
            Kernels.active().add(dimension, block, row % rowsPerBlock * dimension, x, 0);
        }
    }

    /**
     * Numbers from product quantisation: every run of a few columns is the centroid that its code names.
     *
     * @param codes [rows×runs]
     * @param norms what the centroids of a row are to be multiplied by
     */
    record Quantized(byte[] codes, Centroids centroids, Norms norms) implements FastTextRows {
        @Override
        public void add(int row, float[] x) {
            float norm = norms.of(row);
            for (int run = 0; run < centroids.runs(); run++) {
                int code = codes[row * centroids.runs() + run] & 0xff;
                Kernels.active()
                        .addScaled(
                                centroids.width(run),
                                norm,
                                centroids.values,
                                centroids.offset(run, code),
                                x,
                                run * centroids.width);
            }
        }
    }

    /** The factor of every row of a quantised matrix. */
    interface Norms {
        float of(int row);
    }

    /**
     * 256 centroids for each run of columns.
     *
     * @param dimension D, all columns
     * @param width of a run; the last one is as narrow as need be
     * @param values [runs×256×width], the last ones narrower
     */
    record Centroids(int dimension, int width, float[] values) {
        static final int CODES = 256;

        int runs() {
            return (dimension - 1) / width + 1;
        }

        int width(int run) {
            return Math.min(width, dimension - run * width);
        }

        int offset(int run, int code) {
            return CODES * run * width + code * width(run);
        }
    }
}
