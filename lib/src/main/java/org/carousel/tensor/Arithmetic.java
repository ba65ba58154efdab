package org.carousel.tensor;

import org.carousel.tensor.internal.kernels.Broadcast;
import org.carousel.tensor.internal.kernels.Kernels;

/** Arithmetic on two tensors, broadcast, and its backward rules. */
final class Arithmetic {
    private Arithmetic() {}

    static Tensor binary(String name, Broadcast.Operation operation, Tensor a, Tensor b) {
        int[] to = Shapes.broadcast(name, a.sizes(), b.sizes());
        float[] values = new float[Shapes.size(name, to)];
        int[] left = Shapes.strides(a.sizes(), to);
        int[] right = Shapes.strides(b.sizes(), to);
        Broadcast.apply(operation, to, a.array(), a.arrayOffset(), left, b.array(), b.arrayOffset(), right, values);
        return Tensor.result(name, values, to, g -> backward(operation, to, g, a, left, b, right), a, b);
    }

    /**
     * <pre>
     * a + b: ∂a = g,     ∂b = g
     * a - b: ∂a = g,     ∂b = -g
     * a · b: ∂a = g b,   ∂b = g a
     * a / b: ∂a = g / b, ∂b = -(g / b) (a / b)
     * </pre>
     *
     * each summed over the axes along which its operand was stretched.
     */
    private static void backward(
            Broadcast.Operation operation, int[] shape, float[] g, Tensor a, int[] aSteps, Tensor b, int[] bSteps) {
        int[] own = Shapes.strides(shape, shape);
        if (a.needsGradient()) {
            float[] part =
                    switch (operation) {
                        case ADD, SUBTRACT -> g;
                        case MULTIPLY -> with(Broadcast.Operation.MULTIPLY, shape, g, own, b, bSteps);
                        case DIVIDE -> with(Broadcast.Operation.DIVIDE, shape, g, own, b, bSteps);
                    };
            add(shape, part, a, aSteps);
        }
        if (b.needsGradient()) {
            float[] part =
                    switch (operation) {
                        case ADD -> g;
                        case SUBTRACT -> negated(g);
                        case MULTIPLY -> with(Broadcast.Operation.MULTIPLY, shape, g, own, a, aSteps);
                        case DIVIDE -> {
                            float[] q = with(Broadcast.Operation.MULTIPLY, shape, negated(g), own, a, aSteps);
                            q = with(Broadcast.Operation.DIVIDE, shape, q, own, b, bSteps);
                            yield with(Broadcast.Operation.DIVIDE, shape, q, own, b, bSteps);
                        }
                    };
            add(shape, part, b, bSteps);
        }
    }

    private static float[] with(
            Broadcast.Operation operation, int[] shape, float[] g, int[] own, Tensor other, int[] steps) {
        float[] result = new float[g.length];
        Broadcast.apply(operation, shape, g, 0, own, other.array(), other.arrayOffset(), steps, result);
        return result;
    }

    private static float[] negated(float[] g) {
        float[] result = new float[g.length];
        Kernels.active().addScaled(g.length, -1, g, 0, result, 0);
        return result;
    }

    private static void add(int[] shape, float[] part, Tensor operand, int[] steps) {
        if (operand.size() == part.length) {
            Kernels.active().add(part.length, part, 0, operand.gradientBuffer(), 0);
        } else {
            Broadcast.sumTo(shape, part, operand.gradientBuffer(), steps);
        }
    }
}
