package org.carousel.tensor;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Strided;

/** Joining tensors along an axis. */
final class Joining {
    private Joining() {}

    static Tensor concat(int axis, Tensor... parts) {
        requireParts("concat", parts);
        int[] first = parts[0].shape();
        int a = Shapes.axis("concat", axis, first);
        int[] to = first.clone();
        for (int p = 1; p < parts.length; p++) {
            int[] next = parts[p].shape();
            if (!agreeExceptAt(a, first, next)) {
                throw new IllegalArgumentException("concat: " + Shapes.text(first) + " and " + Shapes.text(next)
                        + " (part " + p + ") differ outside axis " + axis);
            }
            to[a] = Math.addExact(to[a], next[a]);
        }
        int outer = Shapes.size("concat", Arrays.copyOf(to, a));
        int inner = Shapes.size("concat", Arrays.copyOfRange(to, a + 1, to.length));
        int stride = to[a] * inner;
        float[] values = new float[Shapes.size("concat", to)];
        int[] begins = new int[parts.length];
        for (int p = 0, at = 0; p < parts.length; p++) {
            int length = parts[p].size(a) * inner;
            Strided.copyRows(outer, length, parts[p].array(), parts[p].arrayOffset(), length, values, at, stride);
            begins[p] = at;
            at += length;
        }
        Tensor[] operands = parts.clone();
        return Tensor.result(
                "concat",
                values,
                to,
                g -> {
                    for (int p = 0; p < operands.length; p++) {
                        if (operands[p].needsGradient()) {
                            int length = operands[p].size(a) * inner;
                            float[] part = operands[p].gradientBuffer();
                            Strided.addRows(outer, length, g, begins[p], stride, part, 0, length);
                        }
                    }
                },
                operands);
    }

    static Tensor stack(int axis, Tensor... parts) {
        requireParts("stack", parts);
        int[] one = parts[0].shape();
        int rank = one.length + 1;
        int a = axis < 0 ? axis + rank : axis;
        if (a < 0 || a >= rank) {
            throw new IllegalArgumentException("stack: " + Shapes.text(one) + " has no place for a new axis " + axis);
        }
        int[] expanded = new int[rank];
        for (int d = 0; d < rank; d++) {
            expanded[d] = d == a ? 1 : one[d < a ? d : d - 1];
        }
        Tensor[] reshaped = new Tensor[parts.length];
        for (int p = 0; p < parts.length; p++) {
            if (!Arrays.equals(one, parts[p].shape())) {
                throw new IllegalArgumentException("stack: " + Shapes.text(one) + " and " + parts[p].shapeText()
                        + " (part " + p + ") differ; all parts must be of one shape");
            }
            reshaped[p] = parts[p].reshape(expanded);
        }
        return concat(a, reshaped);
    }

    private static void requireParts(String operation, Tensor... parts) {
        if (parts.length == 0) {
            throw new IllegalArgumentException(operation + ": nothing to join");
        }
    }

    private static boolean agreeExceptAt(int axis, int[] a, int[] b) {
        if (a.length != b.length) {
            return false;
        }
        for (int d = 0; d < a.length; d++) {
            if (d != axis && a[d] != b[d]) {
                return false;
            }
        }
        return true;
    }
}
