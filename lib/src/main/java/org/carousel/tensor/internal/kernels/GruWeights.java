package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The recurrent weights R [3H×H] of a GRU, rows r z n, packed for its products: once per update, however many sequences
 * are run with them. The rows of the candidate n are packed apart, since they are multiplied apart.
 */
public final class GruWeights {
    /** Rᵀ for the way forward, or R for the way back. */
    record Packed(PackedMatrix gates, PackedMatrix candidate) {}

    private final boolean transpose;
    private @Nullable Packed packed;
    private int packedVersion;

    /** @param forward for the way forward, else for the way back */
    public GruWeights(boolean forward) {
        transpose = forward;
    }

    /**
     * Packed, unless that was done for this version.
     *
     * @param version changes when the values do
     */
    public synchronized Packed of(float[] R, int offset, int hiddenSize, int version) {
        if (packed == null || packedVersion != version) {
            packed = pack(R, offset, hiddenSize, packed);
            packedVersion = version;
        }
        return packed;
    }

    private Packed pack(float[] R, int offset, int n, @Nullable Packed reuse) {
        Kernels kernels = Kernels.active();
        int candidate = offset + 2 * n * n;
        PackedMatrix gates = reuse == null ? null : reuse.gates;
        PackedMatrix last = reuse == null ? null : reuse.candidate;
        return new Packed(
                kernels.pack(transpose, transpose ? n : 2 * n, transpose ? 2 * n : n, R, offset, n, gates),
                kernels.pack(transpose, n, n, R, candidate, n, last));
    }
}
