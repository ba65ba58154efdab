package org.carousel.tensor;

import java.util.Locale;

/** Tensors as short text: shape first, then the numbers, long axes cut in the middle. */
final class Printing {
    private static final int EDGE = 3;

    private Printing() {}

    static String text(Tensor t) {
        StringBuilder out = new StringBuilder("Tensor").append(t.shapeText()).append(' ');
        append(out, t, 0, 0);
        return out.toString();
    }

    private static void append(StringBuilder out, Tensor t, int axis, int at) {
        if (axis == t.rank()) {
            out.append(number(t.array()[t.arrayOffset() + at]));
            return;
        }
        int n = t.size(axis);
        out.append('[');
        for (int i = 0; i < n; i++) {
            if (i > 0) {
                out.append(", ");
            }
            if (n > 2 * EDGE + 1 && i == EDGE) {
                out.append("…, ");
                i = n - EDGE;
            }
            append(out, t, axis + 1, at * n + i);
        }
        out.append(']');
    }

    /** Four digits are enough to recognise a number and keep a row on one line. */
    static String number(float value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6 ? "%.3e" : "%.4f", value);
    }
}
