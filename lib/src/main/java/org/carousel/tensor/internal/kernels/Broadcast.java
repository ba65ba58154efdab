package org.carousel.tensor.internal.kernels;

import java.util.Arrays;

/**
 * Binary arithmetic over stretched operands, and its counterpart: summing a gradient back to the shape it was stretched
 * from.
 *
 * <p>An operand is given by one step per axis of the result, 0 where it is stretched. The innermost axis is left to
 * {@link Kernels#combine}, in rows as long as the steps allow; sums run over the result in row-major order, always on one thread.
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
        Axes axes = Axes.of(shape, aStrides, bStrides);
        int inner = axes.inner();
        int rows = inner == 0 ? 0 : result.length / inner;
        Walk walk = new Walk(axes);
        Kernels kernels = Kernels.active();
        for (int row = 0; row < rows; row++) {
            int ao = aOffset + walk.offset(0);
            int bo = bOffset + walk.offset(1);
            kernels.combine(operation, inner, a, ao, axes.step(0), b, bo, axes.step(1), result, row * inner);
            walk.next();
        }
    }

    /** target += source, summed over the axes along which {@code targetStrides} is 0. Modified: {@code target}. */
    public static void sumTo(int[] shape, float[] source, float[] target, int[] targetStrides) {
        Axes axes = Axes.of(shape, targetStrides);
        int inner = axes.inner();
        int step = axes.step(0);
        int rows = inner == 0 ? 0 : source.length / inner;
        Walk walk = new Walk(axes);
        Kernels kernels = Kernels.active();
        for (int row = 0; row < rows; row++) {
            int from = row * inner;
            int to = walk.offset(0);
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

    /**
     * The axes of a result, and the steps of each operand along them. Neighbours are one axis where, for every operand, a
     * step of the outer one is a round of the inner one: tensors of one shape are a single row.
     */
    private record Axes(int[] shape, int[][] steps) {
        static Axes of(int[] shape, int[]... steps) {
            int[] merged = new int[shape.length];
            int[][] own = new int[steps.length][shape.length];
            int first = shape.length;
            for (int d = shape.length - 1; d >= 0; d--) {
                if (shape[d] == 1) {
                    continue;
                }
                boolean joins = first < shape.length;
                for (int k = 0; joins && k < steps.length; k++) {
                    joins = steps[k][d] == own[k][first] * merged[first];
                }
                if (joins) {
                    merged[first] *= shape[d];
                } else {
                    first--;
                    merged[first] = shape[d];
                    for (int k = 0; k < steps.length; k++) {
                        own[k][first] = steps[k][d];
                    }
                }
            }
            int from = first;
            Arrays.setAll(own, k -> Arrays.copyOfRange(own[k], from, shape.length));
            return new Axes(Arrays.copyOfRange(merged, from, shape.length), own);
        }

        int inner() {
            return shape.length == 0 ? 1 : shape[shape.length - 1];
        }

        /** Of an operand, along the innermost axis. */
        int step(int operand) {
            return shape.length == 0 ? 0 : steps[operand][shape.length - 1];
        }
    }

    /** The index over all axes but the last, advanced like an odometer. */
    private static final class Walk {
        private final Axes axes;
        private final int[] index;

        Walk(Axes axes) {
            this.axes = axes;
            this.index = new int[Math.max(0, axes.shape().length - 1)];
        }

        int offset(int operand) {
            int[] steps = axes.steps()[operand];
            int offset = 0;
            for (int d = 0; d < index.length; d++) {
                offset += index[d] * steps[d];
            }
            return offset;
        }

        void next() {
            for (int d = index.length - 1; d >= 0; d--) {
                if (++index[d] < axes.shape()[d]) {
                    return;
                }
                index[d] = 0;
            }
        }
    }
}
