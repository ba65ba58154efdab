package org.carousel.tensor.internal.kernels.images;

/** The way back of a convolution, however its sums are made. */
public interface ConvolutionGradients {
    /** dx += what the places get from the windows they lie in, for weights [O × h·w·C]. */
    void inputGradient(float[] g, float[] W, int wo, float[] dx);

    /** dW += Σ gᵀ · windows [O × h·w·C]. */
    void weightGradient(float[] x, int xo, float[] g, float[] dW);
}
