package org.carousel.training;

import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * Cross-entropy of a layer over many classes, some rows at a time: what is known of a row's logits once its loss and its
 * errors are taken is not needed again, so they are never all in memory.
 *
 * <pre>
 * a = W h + b     G = (softmax(a) - onehot(k)) / N     ∂h = G W     ∂W = Gᵀ h     ∂b = Σ rows of G
 * </pre>
 *
 * <p>Every sum has the order of the whole product: gradients are those of {@code crossEntropy(head.apply(h), k)} to the
 * bit.
 */
final class ReadoutLoss {
    private static final int MOST_ROWS = 256; // as many as a product sums before it goes back to its result
    private static final int MOST_LOGITS = 1 << 22; // 16 MB
    private static final int GROUP = 16;

    private final Affine head;
    private final Tensor h;
    private final int[] targets;
    private final int size;
    private final int classes;
    private final boolean learns;

    private final float[] dh;
    private final float[] dW;
    private final float[] db;

    private ReadoutLoss(Affine head, Tensor h, int[] targets) {
        this.head = head;
        this.h = h;
        this.targets = targets;
        size = head.W().size(1);
        classes = head.W().size(0);
        learns = Fused.remembers(List.of(h, head.W(), head.b()));
        dh = new float[learns && h.needsGradient() ? h.size() : 0];
        dW = new float[learns && head.W().needsGradient() ? head.W().size() : 0];
        db = new float[learns && head.b().needsGradient() ? classes : 0];
    }

    /** How many rows are worked on together. */
    static int rows(int classes) {
        return Math.max(GROUP, Math.min(MOST_ROWS, MOST_LOGITS / classes / GROUP * GROUP));
    }

    static Tensor of(Affine head, Tensor h, int[] targets) {
        if (h.rank() < 2 || h.size(-1) != head.W().size(1) || head.W().size(0) == 0) {
            throw new IllegalArgumentException("crossEntropy: h " + h.shapeText() + " for weights "
                    + head.W().shapeText() + "; [..×I] and [C×I] are needed");
        }
        long counted = Loss.counted(targets, h.size() / h.size(-1), head.W().size(0), "h " + h.shapeText());
        ReadoutLoss loss = new ReadoutLoss(head, h, targets);
        double sum = loss.work((float) (1.0 / counted));
        return Fused.operation(
                "cross-entropy",
                new float[] {(float) (sum / counted)},
                new int[0],
                List.of(h, head.W(), head.b()),
                g -> {
                    add(g[0], loss.dh, h);
                    add(g[0], loss.dW, head.W());
                    add(g[0], loss.db, head.b());
                });
    }

    private double work(float scale) {
        int rows = rows(classes);
        float[] a = new float[Math.min(rows, targets.length) * classes];
        PackedMatrix W = Fused.packed(head.W(), true);
        double sum = 0;
        for (int from = 0; from < targets.length; from += rows) {
            int count = Math.min(rows, targets.length - from);
            int at = Fused.offset(h) + from * size;
            Kernels.active()
                    .matmulPacked(
                            count,
                            Fused.array(h),
                            at,
                            size,
                            W,
                            Fused.array(head.b()),
                            Fused.offset(head.b()),
                            0,
                            a,
                            0,
                            classes);
            int[] these = Arrays.copyOfRange(targets, from, from + count);
            sum += Kernels.active().softmaxCrossEntropy(count, classes, a, 0, these, scale, a, 0);
            errors(count, from, at, a);
        }
        return sum;
    }

    private void errors(int count, int from, int at, float[] g) {
        if (dh.length > 0) {
            PackedMatrix W = Fused.packed(head.W(), false);
            Kernels.active().matmulPacked(count, g, 0, classes, W, dh, from * size, size, dh, from * size, size);
        }
        if (dW.length > 0) {
            Kernels.active()
                    .matmul(
                            true,
                            false,
                            classes,
                            size,
                            count,
                            g,
                            0,
                            classes,
                            Fused.array(h),
                            at,
                            size,
                            dW,
                            0,
                            size,
                            true);
        }
        if (db.length > 0) {
            Kernels.active().columnSums(count, classes, g, 0, classes, db, 0);
        }
    }

    private static void add(float g, float[] gradient, Tensor to) {
        if (gradient.length > 0) {
            Kernels.active().addScaled(gradient.length, g, gradient, 0, Fused.gradientBuffer(to), 0);
        }
    }
}
