package org.carousel.tensor.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The recurrent weights R [3H×H] of a GRU, rows r z n, packed for its products: once per update, however many sequences
 * are run with them. The rows of the candidate n are packed apart, since they are multiplied apart.
 */
public final class GruWeights {
    /** Rᵀ for the way forward, or R for the way back. */
    record Packed(PackedMatrix gates, PackedMatrix candidate) {}

    private @Nullable Packed forward;
    private @Nullable Packed backward;
    private int forwardVersion;
    private int backwardVersion;

    /**
     * Packed for the way forward, unless that was done for this version.
     *
     * @param version changes when the values do
     */
    public synchronized Packed forward(float[] R, int offset, int hiddenSize, int version) {
        if (forward == null || forwardVersion != version) {
            forward = pack(true, R, offset, hiddenSize, forward);
            forwardVersion = version;
        }
        return forward;
    }

    /** As {@link #forward} for the way back. */
    public synchronized Packed backward(float[] R, int offset, int hiddenSize, int version) {
        if (backward == null || backwardVersion != version) {
            backward = pack(false, R, offset, hiddenSize, backward);
            backwardVersion = version;
        }
        return backward;
    }

    private static Packed pack(boolean transpose, float[] R, int offset, int n, @Nullable Packed reuse) {
        Kernels kernels = Kernels.active();
        int candidate = offset + 2 * n * n;
        PackedMatrix gates = reuse == null ? null : reuse.gates;
        PackedMatrix last = reuse == null ? null : reuse.candidate;
        return new Packed(
                kernels.pack(transpose, transpose ? n : 2 * n, transpose ? 2 * n : n, R, offset, n, gates),
                kernels.pack(transpose, n, n, R, candidate, n, last));
    }
}
