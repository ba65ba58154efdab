package org.carousel.tensor.internal.kernels;

/**
 * Binary arithmetic over stretched operands, and its counterpart: summing a gradient back to the shape it was stretched
 * from.
 *
 * <p>An operand is given by one step per axis of the result, 0 where it is stretched. The innermost axis is left to
 * {@link Kernels#combine}; sums run over the result in row-major order, always on one thread.
 */
public final class Broadcast {
    /** What is computed for each pair of elements. */
    public enum Operation {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE
    }

    private Broadcast() {}

    /** result[i] = a[i] ∘ b[i] over {@code shape}. Modified: {@code result}. */
    public static void apply(
            Operation operation,
            int[] shape,
            float[] a,
            int aOffset,
            int[] aStrides,
            float[] b,
            int bOffset,
            int[] bStrides,
            float[] result) {
        int inner = shape.length == 0 ? 1 : shape[shape.length - 1];
        int sa = shape.length == 0 ? 0 : aStrides[shape.length - 1];
        int sb = shape.length == 0 ? 0 : bStrides[shape.length - 1];
        int rows = inner == 0 ? 0 : result.length / inner;
        Walk walk = new Walk(shape);
        Kernels kernels = Kernels.active();
        for (int row = 0; row < rows; row++) {
            int ao = aOffset + walk.offset(aStrides);
            int bo = bOffset + walk.offset(bStrides);
            kernels.combine(operation, inner, a, ao, sa, b, bo, sb, result, row * inner);
            walk.next();
        }
    }

    /** target += source, summed over the axes along which {@code targetStrides} is 0. Modified: {@code target}. */
    public static void sumTo(int[] shape, float[] source, float[] target, int[] targetStrides) {
        int inner = shape.length == 0 ? 1 : shape[shape.length - 1];
        int step = shape.length == 0 ? 0 : targetStrides[shape.length - 1];
        int rows = inner == 0 ? 0 : source.length / inner;
        Walk walk = new Walk(shape);
        Kernels kernels = Kernels.active();
        for (int row = 0; row < rows; row++) {
            int from = row * inner;
            int to = walk.offset(targetStrides);
            if (step == 1) {
                kernels.add(inner, source, from, target, to);
            } else {
                float sum = target[to];
                for (int i = 0; i < inner; i++) {
                    sum += source[from + i];
                }
                target[to] = sum;
            }
            walk.next();
        }
    }

    /** The index over all axes but the last, advanced like an odometer. */
    private static final class Walk {
        private final int[] shape;
        private final int[] index;

        Walk(int[] shape) {
            this.shape = shape;
            this.index = new int[Math.max(0, shape.length - 1)];
        }

        int offset(int[] strides) {
            int offset = 0;
            for (int d = 0; d < index.length; d++) {
                offset += index[d] * strides[d];
            }
            return offset;
        }

        void next() {
            for (int d = index.length - 1; d >= 0; d--) {
                if (++index[d] < shape[d]) {
                    return;
                }
                index[d] = 0;
            }
        }
    }
}
