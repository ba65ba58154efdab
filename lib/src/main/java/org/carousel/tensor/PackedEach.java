package org.carousel.tensor;

import org.carousel.tensor.kernels.Kernels;
import org.carousel.tensor.kernels.PackedMatrix;
import org.carousel.tensor.kernels.Parallel;

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
        PackedMatrix[] all = new PackedMatrix[size == 0 ? 0 : tensor.size() / size];
        int k = transpose ? columns : rows;
        int n = transpose ? rows : columns;
        Parallel.over(all.length, 48L * tensor.size(), (from, to) -> {
            for (int i = from; i < to; i++) {
                int at = tensor.arrayOffset() + i * size;
                all[i] = Kernels.active().pack(transpose, k, n, tensor.array(), at, columns, null);
            }
        });
        return all;
    }
}
