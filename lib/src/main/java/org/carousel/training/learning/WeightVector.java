package org.carousel.training.learning;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/** All parameters of a cell as one vector θ. */
final class WeightVector {
    private final List<Tensor> tensors = new ArrayList<>();
    private final int size;

    WeightVector(Parameters parameters) {
        parameters.tensors().forEach(tensors::add);
        size = Math.toIntExact(parameters.count());
    }

    int size() {
        return size;
    }

    /** Takes the gradients away; {@link #putBack} brings them again. */
    float[] @Nullable [] setAside() {
        float[][] kept = new float[tensors.size()][];
        for (int k = 0; k < kept.length; k++) {
            Tensor p = tensors.get(k);
            if (p.hasGradient()) {
                kept[k] = Fused.gradientBuffer(p).clone();
                p.clearGradient();
            }
        }
        return kept;
    }

    void putBack(float[] @Nullable [] kept) {
        for (int k = 0; k < kept.length; k++) {
            Tensor p = tensors.get(k);
            p.clearGradient();
            float[] own = kept[k];
            if (own != null) {
                System.arraycopy(own, 0, Fused.gradientBuffer(p), 0, own.length);
            }
        }
    }

    /** Element j of the gradient goes to {@code to[offset + j · stride]}, 0 where there is none; clears the gradients. */
    void take(float[] to, int offset, int stride) {
        int at = offset;
        for (Tensor p : tensors) {
            float[] g = p.hasGradient() ? Fused.gradientBuffer(p) : new float[p.size()];
            for (float value : g) {
                to[at] = value;
                at += stride;
            }
            p.clearGradient();
        }
    }

    /** Adds to the gradients. */
    void add(float[] gradient) {
        int at = 0;
        for (Tensor p : tensors) {
            Kernels.active().add(p.size(), gradient, at, Fused.gradientBuffer(p), 0);
            at += p.size();
        }
    }
}
