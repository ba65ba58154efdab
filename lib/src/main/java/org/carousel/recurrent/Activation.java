package org.carousel.recurrent;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Squash;
import org.jspecify.annotations.Nullable;

/**
 * What a cell does to a sum before it goes on: g of the block input and h of the cell state.
 *
 * <pre>
 * tanh(a)      σ(a)      a      height · tanh(slope · a)
 * </pre>
 *
 * <p>The functions of 1997 are scaled: g = 4σ(a) - 2 = 2 tanh(a/2) and h = 2σ(a) - 1 = tanh(a/2).
 */
public final class Activation {
    private final Squash squash;

    private Activation(Squash squash) {
        this.squash = squash;
    }

    /** tanh(a), in (-1, 1). */
    public static Activation tanh() {
        return new Activation(new Squash(Squash.Kind.TANH, 1, 1));
    }

    /** σ(a), in (0, 1). */
    public static Activation sigmoid() {
        return new Activation(new Squash(Squash.Kind.SIGMOID, 1, 1));
    }

    /** a itself. */
    public static Activation identity() {
        return new Activation(new Squash(Squash.Kind.IDENTITY, 1, 1));
    }

    /** height · tanh(slope · a), in (-height, height). Throws when height or slope is 0 or not finite. */
    public static Activation scaledTanh(double height, double slope) {
        if (height == 0 || slope == 0 || !Double.isFinite(height) || !Double.isFinite(slope)) {
            throw new IllegalArgumentException(
                    "scaledTanh: height " + height + " and slope " + slope + " must be finite and not 0");
        }
        return new Activation(new Squash(Squash.Kind.TANH, (float) height, (float) slope));
    }

    /** How the fused path computes it. */
    Squash squash() {
        return squash;
    }

    /** The function, element by element. */
    public Tensor apply(Tensor a) {
        return switch (squash.kind()) {
            case IDENTITY -> a;
            case SIGMOID -> Tensor.sigmoid(a);
            case TANH ->
                squash.isPlain()
                        ? Tensor.tanh(a)
                        : Tensor.tanh(a.times(squash.slope())).times(squash.height());
        };
    }

    /** The function in LaTeX. */
    public String latex() {
        return switch (squash.kind()) {
            case IDENTITY -> "";
            case SIGMOID -> "\\sigma";
            case TANH -> squash.isPlain() ? "\\tanh" : number(squash.height()) + "\\tanh" + number(squash.slope());
        };
    }

    private static String number(float value) {
        return value == 1 ? "" : (value == (int) value ? Integer.toString((int) value) : Float.toString(value)) + "\\,";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Activation that && squash.equals(that.squash);
    }

    @Override
    public int hashCode() {
        return squash.hashCode();
    }

    @Override
    public String toString() {
        return squash.kind() == Squash.Kind.IDENTITY
                ? "identity"
                : latex().replace("\\", "").replace(",", " ");
    }
}
