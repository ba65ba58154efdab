package org.carousel.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Arithmetic on shapes: sizes, broadcasting, and how a shape is printed. */
final class Shapes {
    private Shapes() {}

    /** {@code [32×128]}; a scalar prints as {@code []}. */
    static String text(int... shape) {
        return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("×", "[", "]"));
    }

    /** The number of elements. Throws when a size is negative or the product leaves the range of int. */
    static int size(String operation, int... shape) {
        long size = 1;
        for (int n : shape) {
            if (n < 0) {
                throw new IllegalArgumentException(operation + ": shape " + text(shape) + " has a negative size");
            }
            size *= n;
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(operation + ": shape " + text(shape)
                        + " has more elements than a Java array can hold (" + Integer.MAX_VALUE + ")");
            }
        }
        return (int) size;
    }

    /** The size of a shape that is filled with some values. */
    static int filled(int values, int... shape) {
        int size = size("tensor", shape);
        if (values != size) {
            throw new IllegalArgumentException(
                    "tensor: " + values + " values do not fill shape " + text(shape) + " of " + size + " elements");
        }
        return size;
    }

    /** The shape both operands are stretched to: sizes are aligned at the right, and a 1 stretches. */
    static int[] broadcast(String operation, int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] result = new int[rank];
        for (int d = 0; d < rank; d++) {
            int m = sizeFromRight(a, rank - d);
            int n = sizeFromRight(b, rank - d);
            if (m != n && m != 1 && n != 1) {
                throw new IllegalArgumentException(operation + ": " + text(a) + " and " + text(b)
                        + " cannot be broadcast together: sizes " + m + " and " + n + " differ and neither is 1");
            }
            result[d] = m == 1 ? n : m;
        }
        return result;
    }

    /**
     * Steps through an operand of shape {@code from} while walking over {@code to}; a stretched axis has step 0.
     *
     * @return one step per axis of {@code to}
     */
    static int[] strides(int[] from, int[] to) {
        int[] strides = new int[to.length];
        int step = 1;
        for (int d = from.length - 1, e = to.length - 1; d >= 0; d--, e--) {
            strides[e] = from[d] == 1 ? 0 : step;
            step *= from[d];
        }
        return strides;
    }

    static int axis(String operation, int axis, int[] shape) {
        int a = axis < 0 ? axis + shape.length : axis;
        if (a < 0 || a >= shape.length) {
            throw new IllegalArgumentException(operation + ": axis " + axis + " does not exist in " + text(shape) + " ("
                    + shape.length + " axes)");
        }
        return a;
    }

    /** The sizes without those of one axis. */
    static int[] without(int axis, int[] shape) {
        int[] rest = new int[shape.length - 1];
        for (int d = 0; d < rest.length; d++) {
            rest[d] = shape[d < axis ? d : d + 1];
        }
        return rest;
    }

    static int index(String operation, int index, int size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(operation + ": index " + index + " is outside 0.." + (size - 1));
        }
        return index;
    }

    /** Where the element of an index, one number per axis, stands in row-major order. */
    static int place(int[] index, int[] shape) {
        if (index.length != shape.length) {
            throw new IllegalArgumentException("get: index " + Arrays.toString(index) + " has " + index.length
                    + " numbers where " + text(shape) + " has " + shape.length + " axes");
        }
        int at = 0;
        for (int d = 0; d < index.length; d++) {
            at = at * shape[d] + index("get", index[d], shape[d]);
        }
        return at;
    }

    static void requireRank(String operation, int rank, Tensor x) {
        if (x.rank() != rank) {
            throw new IllegalArgumentException(
                    operation + ": " + x.shapeText() + " has " + x.rank() + " axes where " + rank + " are needed");
        }
    }

    static void requireNumber(String operation, Tensor x, String otherwise) {
        if (x.size() != 1) {
            throw new IllegalArgumentException(operation + ": " + x.shapeText() + otherwise);
        }
    }

    static void requireSame(String operation, Tensor a, Tensor b) {
        if (!Arrays.equals(a.sizes(), b.sizes())) {
            throw new IllegalArgumentException(
                    operation + ": shapes " + a.shapeText() + " and " + b.shapeText() + " differ");
        }
    }

    private static int sizeFromRight(int[] shape, int positionFromRight) {
        int d = shape.length - positionFromRight;
        return d < 0 ? 1 : shape[d];
    }
}
