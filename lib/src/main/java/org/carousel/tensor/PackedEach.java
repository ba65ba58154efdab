package org.carousel.tensor;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/** The matrices [..×K×N] of a tensor, and their transposes, laid out as right operands of products when first used. */
final class PackedEach {
    private final Tensor tensor;
    private PackedMatrix[] straight = {};
    private PackedMatrix[] transposed = {};

    PackedEach(Tensor tensor) {
        this.tensor = tensor;
    }

    synchronized PackedMatrix[] get(boolean transpose) {
        if (straight.length == 0 && !transpose) {
            straight = pack(false);
        }
        if (transposed.length == 0 && transpose) {
            transposed = pack(true);
        }
        return transpose ? transposed : straight;
    }

    private PackedMatrix[] pack(boolean transpose) {
        int rows = tensor.size(-2);
        int columns = tensor.size(-1);
        int size = rows * columns;
        int matrices = size == 0 ? 0 : tensor.size() / size;
        int k = transpose ? columns : rows;
        int n = transpose ? rows : columns;
        return Kernels.active().packEach(transpose, matrices, k, n, tensor.array(), tensor.arrayOffset());
    }
}
