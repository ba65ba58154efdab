package org.carousel.tensor;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** Copies of a tensor that are laid out as right operands of products. */
final class Packing {
    private final Tensor tensor;
    private @Nullable PackedMatrix straight;
    private @Nullable PackedMatrix transposed;
    private int straightVersion = -1;
    private int transposedVersion = -1;
    private @Nullable PackedEach each;

    Packing(Tensor tensor) {
        this.tensor = tensor;
    }

    /** A matrix, or its transpose; that of a parameter is kept until the parameter changes. */
    synchronized PackedMatrix matrix(boolean transpose) {
        Shapes.requireRank("packed", 2, tensor);
        if (!tensor.isParameterMatrix()) {
            return pack(transpose, null);
        }
        PackedMatrix kept = transpose ? transposed : straight;
        if (kept == null || tensor.version() != (transpose ? transposedVersion : straightVersion)) {
            kept = pack(transpose, kept);
            if (transpose) {
                transposed = kept;
                transposedVersion = tensor.version();
            } else {
                straight = kept;
                straightVersion = tensor.version();
            }
        }
        return kept;
    }

    private PackedMatrix pack(boolean transpose, @Nullable PackedMatrix reuse) {
        int rows = tensor.size(0);
        int columns = tensor.size(1);
        int k = transpose ? columns : rows;
        int n = transpose ? rows : columns;
        return Kernels.active().pack(transpose, k, n, tensor.array(), tensor.arrayOffset(), columns, reuse);
    }

    /** Keeps the matrices [..×K×N] of this tensor, whose elements must not change any more. */
    synchronized PackedEach keepEach() {
        if (tensor.rank() < 3) {
            throw new IllegalArgumentException(
                    "keepPacked: " + tensor.shapeText() + " are not several matrices [..×K×N]");
        }
        if (each == null) {
            each = new PackedEach(tensor);
        }
        return each;
    }

    /** What {@link #keepEach} made, if it was asked to. */
    synchronized @Nullable PackedEach kept() {
        return each;
    }
}
