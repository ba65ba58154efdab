package org.carousel.tensor.internal;

import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.function.Consumer;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * The door for fused operations: the arrays behind tensors, and results that bring their own backward rule.
 *
 * <p>Arrays are not copies. Nothing here writes to the elements of a tensor; a rule writes to gradients only.
 */
public final class Fused {
    private static final Inside INSIDE;

    static {
        try {
            MethodHandles.lookup().ensureInitialized(Tensor.class);
        } catch (IllegalAccessException e) {
            throw new ExceptionInInitializerError(e);
        }
        INSIDE = Inside.instance();
    }

    private Fused() {}

    /** The array behind a tensor, its elements from {@link #offset} on in row-major order. Do not write to it. */
    public static float[] array(Tensor x) {
        return INSIDE.array(x);
    }

    /** Where the elements begin in {@link #array}. */
    public static int offset(Tensor x) {
        return INSIDE.offset(x);
    }

    /** The array that backward rules add ∂L/∂x to, or null when nobody asks for that gradient. */
    public static float @Nullable [] gradient(Tensor x) {
        return x.needsGradient() ? INSIDE.gradientBuffer(x) : null;
    }

    /** The array that backward rules add ∂L/∂x to; made on first use, also where nobody asks for it. */
    public static float[] gradientBuffer(Tensor x) {
        return INSIDE.gradientBuffer(x);
    }

    /**
     * The rows of a table that its gradient is about, each once and in order: those that were looked up. All others are
     * 0. Null when the gradient is one of the whole table, or there is none.
     */
    public static int @Nullable [] gradientRows(Tensor x) {
        return INSIDE.gradientRows(x);
    }

    /** The gradient that a tensor has, to read, or to change where {@link #gradientRows} says that it is not 0. */
    public static float[] gradientToRead(Tensor x) {
        return INSIDE.gradientToRead(x);
    }

    /** How often {@link Tensor#update} was called: lets a packed copy of a weight matrix know that it is out of date. */
    public static int version(Tensor x) {
        return INSIDE.version(x);
    }

    /**
     * For matrices [..×K×N] that are the right operand of many products with few rows, as a source that a decoder reads
     * at every step: lays them out for products once, and keeps that with the tensor, two copies of its elements.
     *
     * <p>The elements must not change any more. Returns x.
     */
    public static Tensor keepPacked(Tensor x) {
        return INSIDE.keepPacked(x);
    }

    /**
     * The matrices [..×K×N] as right operands of products, or their transposes. Kept with the tensor as {@link
     * #keepPacked} says.
     */
    public static PackedMatrix[] packedEach(Tensor x, boolean transpose) {
        return INSIDE.packedEach(x, transpose);
    }

    /**
     * A matrix [M×N] laid out as the right operand of a product, or its transpose [N×M].
     *
     * <p>That of a parameter is kept until the parameter changes: weights are packed once per update, not once per use.
     */
    public static PackedMatrix packed(Tensor x, boolean transpose) {
        return INSIDE.packed(x, transpose);
    }

    /** Whether a result of these operands would remember how it was computed, so that a backward pass may come. */
    public static boolean remembers(List<Tensor> operands) {
        return INSIDE.remembers(operands);
    }

    /**
     * The result of an operation that brings its own backward rule.
     *
     * <p>The rule receives ∂L/∂result and adds to the {@link #gradient} of each operand that has one.
     *
     * @param operation its name, for error messages
     * @param values the result, not copied
     */
    public static Tensor operation(
            String operation, float[] values, int[] shape, List<Tensor> operands, Consumer<float[]> rule) {
        return INSIDE.operation(operation, values, shape, operands, rule);
    }
}
