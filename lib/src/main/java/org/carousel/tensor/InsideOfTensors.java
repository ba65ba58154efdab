package org.carousel.tensor;

import java.util.List;
import java.util.function.Consumer;
import org.carousel.tensor.internal.Inside;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/** What tensors open for fused operations. */
final class InsideOfTensors extends Inside {
    @Override
    protected float[] array(Tensor x) {
        return x.array();
    }

    @Override
    protected int offset(Tensor x) {
        return x.arrayOffset();
    }

    @Override
    protected float[] gradientBuffer(Tensor x) {
        return x.gradientBuffer();
    }

    @Override
    protected int @Nullable [] gradientRows(Tensor x) {
        return x.gradientRows();
    }

    @Override
    protected float[] gradientToRead(Tensor x) {
        return x.gradientToRead();
    }

    @Override
    protected int version(Tensor x) {
        return x.version();
    }

    @Override
    protected Tensor keepPacked(Tensor x) {
        x.packing().keepEach();
        return x;
    }

    @Override
    protected PackedMatrix[] packedEach(Tensor x, boolean transpose) {
        return x.packing().keepEach().get(transpose);
    }

    @Override
    protected PackedMatrix packed(Tensor x, boolean transpose) {
        return x.packing().matrix(transpose);
    }

    @Override
    protected boolean remembers(List<Tensor> operands) {
        return Graph.recording() && operands.stream().anyMatch(Tensor::needsGradient);
    }

    @Override
    protected Tensor operation(
            String operation, float[] values, int[] shape, List<Tensor> operands, Consumer<float[]> rule) {
        Shapes.size(operation, shape);
        return Tensor.result(operation, values, shape, rule::accept, operands.toArray(new Tensor[0]));
    }
}
