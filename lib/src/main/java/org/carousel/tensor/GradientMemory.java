package org.carousel.tensor;

import java.util.Arrays;
import java.util.Objects;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** ∂L/∂x of one tensor: its array, that of the pass before to be used again, and which rows of it are not 0. */
final class GradientMemory {
    private final Tensor tensor;
    private float @Nullable [] values;
    private float @Nullable [] spare;
    private boolean spareIsClear;
    private boolean shown;
    private @Nullable RowsRead rows; // where it is not 0, if it is of rows alone

    GradientMemory(Tensor tensor) {
        this.tensor = tensor;
    }

    /** Null when no backward pass came here since {@link #clear}. */
    float @Nullable [] values() {
        return values;
    }

    /** The array for somebody who may keep it: it is not used again. */
    float[] show() {
        shown = true;
        return Objects.requireNonNull(values);
    }

    void clear() {
        if (values != null && !shown) {
            spare = values; // memory that is still in a cache is cleared faster than new memory
            spareIsClear = rows != null;
            if (rows != null) {
                rows.clear(values, tensor.size(1));
            }
        } else if (values != null) {
            rows = null;
        }
        values = null;
        shown = false;
    }

    /** The array to add to, zeros at first. */
    float[] buffer() {
        rows = null;
        return toAddTo();
    }

    /** The array to add to these rows of a matrix and to no others. */
    float[] ofRows(int[] read) {
        if (values == null && rows == null) {
            rows = new RowsRead(tensor.size(0));
        }
        if (rows != null) {
            rows.add(read);
        }
        return toAddTo();
    }

    /** The rows of which the gradient is, null when it is of all. */
    int @Nullable [] rows() {
        return values == null || rows == null ? null : rows.sorted();
    }

    /** Adds as many elements of {@code g} as the tensor has; what is added to nothing is copied, not added to zeros. */
    void add(float[] g, int go) {
        rows = null;
        if (values == null && spare == null) {
            values = Arrays.copyOfRange(g, go, go + tensor.size());
        } else {
            Kernels.active().add(tensor.size(), g, go, toAddTo(), 0);
        }
    }

    private float[] toAddTo() {
        if (values == null && spare != null) {
            if (!spareIsClear) {
                Arrays.fill(spare, 0);
            }
            values = spare;
            spare = null;
        }
        if (values == null) {
            values = new float[tensor.size()];
        }
        return values;
    }
}
