package org.carousel.attention;

import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.functions.Rotations;

/**
 * Rotary positions: queries and keys are turned by their position, so that a score depends on the distance alone.
 *
 * <pre>
 * (y_2k, y_2k+1) = R(t θ_k) (x_2k, x_2k+1)     θ_k = 10000^{-2k/d}     R(a)ᵀ R(b) = R(b - a)
 * </pre>
 *
 * <p>Source: Su et al.: RoFormer, 2021, arXiv:2104.09864, eq. (14), (15), (34).
 */
public final class Rotary {
    private static final double BASE = 10000;

    private Rotary() {}

    /**
     * Turns every row by its position.
     *
     * @param x queries or keys [..×T×d]
     * @param first the position of row 0
     * @return as x
     * @throws IllegalArgumentException when d is odd
     */
    public static Tensor turn(Tensor x, int first) {
        if (x.rank() < 2 || x.size(-1) % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary: " + x.shapeText() + " must be [..×T×d] with an even d: pairs of elements are turned");
        }
        int steps = x.size(-2);
        int size = x.size(-1);
        int matrices = x.size() == 0 ? 0 : x.size() / steps / size;
        float[] cos = new float[steps * size / 2];
        float[] sin = new float[cos.length];
        float[] back = new float[cos.length];
        for (int k = 0; k < size / 2; k++) {
            double theta = 1 / StrictMath.pow(BASE, 2.0 * k / size);
            for (int t = 0; t < steps; t++) {
                int at = t * size / 2 + k;
                cos[at] = (float) StrictMath.cos((first + t) * theta);
                sin[at] = (float) StrictMath.sin((first + t) * theta);
                back[at] = -sin[at];
            }
        }
        float[] y = new float[x.size()];
        Rotations.add(matrices, steps, size, cos, sin, Fused.array(x), Fused.offset(x), y);
        return Fused.operation("rotary", y, x.shape(), List.of(x), g -> {
            float[] to = Fused.gradient(x);
            if (to != null) {
                Rotations.add(matrices, steps, size, cos, back, g, 0, to);
            }
        });
    }
}
