package org.carousel.tensor.internal;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Tensor} lets {@link Fused} do. Only Tensor makes one, when it is initialised: so nobody else needs methods
 * of a tensor that are no use to them, and the package of tensors opens none.
 */
public abstract class Inside {
    private static @Nullable Inside instance;

    /** For Tensor's own use. */
    protected Inside() {}

    /** Called by Tensor, once. */
    public static void open(Inside inside) {
        if (instance != null) {
            throw new IllegalStateException("open: the inside of tensors is open already");
        }
        instance = inside;
    }

    static Inside instance() {
        return Objects.requireNonNull(instance, "Tensor is not initialised");
    }

    protected abstract float[] array(Tensor x);

    protected abstract int offset(Tensor x);

    protected abstract float[] gradientBuffer(Tensor x);

    protected abstract int @Nullable [] gradientRows(Tensor x);

    protected abstract float[] gradientToRead(Tensor x);

    protected abstract int version(Tensor x);

    protected abstract Tensor keepPacked(Tensor x);

    protected abstract PackedMatrix[] packedEach(Tensor x, boolean transpose);

    protected abstract PackedMatrix packed(Tensor x, boolean transpose);

    protected abstract boolean remembers(List<Tensor> operands);

    protected abstract Tensor operation(
            String operation, float[] values, int[] shape, List<Tensor> operands, Consumer<float[]> rule);
}
