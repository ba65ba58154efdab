package org.carousel.tensor;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Broadcast;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Strided;

/** Parts of a tensor, its elements in another order, and sums over an axis. */
final class Parts {
    private Parts() {}

    static Tensor slice(Tensor x, int axis, int from, int to) {
        int[] shape = x.sizes();
        int a = Shapes.axis("slice", axis, shape);
        if (from < 0 || to < from || to > shape[a]) {
            throw new IllegalArgumentException("slice: range [" + from + ", " + to + ") does not lie within axis "
                    + axis + " of " + x.shapeText());
        }
        int[] part = shape.clone();
        part[a] = to - from;
        int outer = Shapes.size("slice", Arrays.copyOf(shape, a));
        int inner = Shapes.size("slice", Arrays.copyOfRange(shape, a + 1, shape.length));
        int length = (to - from) * inner;
        if (outer == 1) {
            return x.view("slice", part, x.arrayOffset() + from * inner, length, from * inner); // contiguous: no copy
        }
        int stride = shape[a] * inner;
        float[] values = new float[outer * length];
        Strided.copyRows(outer, length, x.array(), x.arrayOffset() + from * inner, stride, values, 0, length);
        return Tensor.result(
                "slice",
                values,
                part,
                g -> Strided.addRows(outer, length, g, 0, length, x.gradientBuffer(), from * inner, stride),
                x);
    }

    static Tensor rows(Tensor x, int... indices) {
        int[] shape = x.sizes();
        Shapes.requireRank("rows", 2, x);
        int n = shape[1];
        for (int index : indices) {
            Shapes.index("rows", index, shape[0]);
        }
        int[] kept = indices.clone();
        float[] values = new float[Shapes.size("rows", indices.length, n)];
        Strided.gatherRows(kept, n, x.array(), x.arrayOffset(), values, n);
        return Tensor.result(
                "rows",
                values,
                new int[] {indices.length, n},
                g -> Strided.scatterAddRows(kept, n, g, x.gradientOfRows(kept)),
                x);
    }

    static Tensor pick(Tensor x, int... columns) {
        int[] shape = x.sizes();
        Shapes.requireRank("pick", 2, x);
        if (columns.length != shape[0]) {
            throw new IllegalArgumentException(
                    "pick: " + columns.length + " columns for the " + shape[0] + " rows of " + x.shapeText());
        }
        int[] at = new int[columns.length];
        float[] values = new float[columns.length];
        for (int r = 0; r < at.length; r++) {
            at[r] = r * shape[1] + Shapes.index("pick", columns[r], shape[1]);
            values[r] = x.array()[x.arrayOffset() + at[r]];
        }
        return Tensor.result(
                "pick",
                values,
                new int[] {values.length},
                g -> {
                    float[] dx = x.gradientBuffer();
                    for (int r = 0; r < at.length; r++) {
                        dx[at[r]] += g[r];
                    }
                },
                x);
    }

    static Tensor transpose(Tensor x) {
        if (x.rank() < 2) {
            throw new IllegalArgumentException("transpose: " + x.shapeText() + " has fewer than two axes");
        }
        int[] order = new int[x.rank()];
        Arrays.setAll(order, d -> d);
        order[x.rank() - 2] = x.rank() - 1;
        order[x.rank() - 1] = x.rank() - 2;
        return permute(x, order);
    }

    static Tensor permute(Tensor x, int... order) {
        int[] shape = x.sizes();
        int[] inverse = new int[x.rank()];
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int d = 0; d < x.rank(); d++) {
            if (order.length != x.rank() || sorted[d] != d) {
                throw new IllegalArgumentException(
                        "permute: " + Arrays.toString(order) + " is not an order of the axes of " + x.shapeText());
            }
            inverse[order[d]] = d;
        }
        int[] to = new int[x.rank()];
        Arrays.setAll(to, d -> shape[order[d]]);
        float[] values = new float[x.size()];
        Strided.permute(shape, order, x.array(), x.arrayOffset(), values);
        return Tensor.result(
                "permute",
                values,
                to,
                g -> {
                    float[] back = new float[x.size()];
                    Strided.permute(to, inverse, g, 0, back);
                    Kernels.active().add(x.size(), back, 0, x.gradientBuffer(), 0);
                },
                x);
    }

    static Tensor sum(Tensor x, int axis) {
        int[] shape = x.sizes();
        int size = x.size();
        int a = Shapes.axis("sum", axis, shape);
        int[] kept = shape.clone();
        kept[a] = 1;
        int[] strides = Shapes.strides(kept, shape);
        float[] y = new float[shape[a] == 0 ? Shapes.size("sum", kept) : size / shape[a]];
        boolean whole = x.arrayOffset() == 0 && x.array().length == size;
        Broadcast.sumTo(shape, whole ? x.array() : x.toArray(), y, strides);
        return Tensor.result(
                "sum",
                y,
                Shapes.without(a, shape),
                g -> {
                    float[] stretched = new float[size];
                    int[] own = Shapes.strides(shape, shape);
                    Broadcast.apply(Broadcast.Operation.ADD, shape, stretched, 0, own, g, 0, strides, stretched);
                    Kernels.active().add(size, stretched, 0, x.gradientBuffer(), 0);
                },
                x);
    }

    static Tensor mean(Tensor x) {
        if (x.size() == 0) {
            throw new IllegalArgumentException("mean: " + x.shapeText() + " has no elements");
        }
        return x.sum().dividedBy(x.size());
    }

    static Tensor mean(Tensor x, int axis) {
        int a = Shapes.axis("mean", axis, x.sizes());
        if (x.size(a) == 0) {
            throw new IllegalArgumentException("mean: axis " + axis + " of " + x.shapeText() + " is empty");
        }
        return sum(x, a).dividedBy(x.size(a));
    }

    static Tensor select(Tensor x, int axis, int index) {
        int a = Shapes.axis("select", axis, x.sizes());
        Shapes.index("select", index, x.size(a));
        return slice(x, a, index, index + 1).reshape(Shapes.without(a, x.sizes()));
    }

    /** The shape that {@link Tensor#reshape} is asked for, its open size worked out. */
    static int[] resolve(Tensor x, int[] to) {
        int[] resolved = to.clone();
        int open = -1;
        long known = 1;
        for (int d = 0; d < to.length; d++) {
            if (to[d] == -1 && open < 0) {
                open = d;
            } else {
                known *= to[d];
            }
        }
        if (open >= 0 && known > 0 && x.size() % known == 0) {
            resolved[open] = (int) (x.size() / known);
            known = x.size();
        }
        if (known != x.size() || Arrays.stream(resolved).anyMatch(n -> n < 0)) {
            throw new IllegalArgumentException(
                    "reshape: " + x.shapeText() + " of " + x.size() + " elements does not fit " + Shapes.text(to));
        }
        return resolved;
    }
}
