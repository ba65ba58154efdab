package org.carousel.training;

import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.kernels.Kernels;

/** What training makes small. Every loss is a scalar: the mean over a batch. */
public final class Loss {
    /** A target that is left out: padding. */
    public static final int IGNORED = -1;

    private Loss() {}

    /**
     * Cross-entropy of softmax(logits) with the right classes, in nats.
     *
     * <pre>
     * L = -1/N Σ_n ln softmax(a_n)[k_n]        ∂L/∂a_n = (softmax(a_n) - onehot(k_n)) / N
     * </pre>
     *
     * @param logits a [N×C], or [B×T×C] which counts as [B·T×C]
     * @param targets k, the right class of every row, row by row; {@link #IGNORED} rows do not count
     * @throws IllegalArgumentException when the numbers of rows differ, a class does not exist, or no row counts
     */
    public static Tensor crossEntropy(Tensor logits, int... targets) {
        if (logits.rank() < 2 || logits.size(-1) == 0) {
            throw new IllegalArgumentException("crossEntropy: logits " + logits.shapeText() + " must be [N×C]");
        }
        int classes = logits.size(-1);
        int rows = logits.size() / classes;
        if (targets.length != rows) {
            throw new IllegalArgumentException("crossEntropy: " + targets.length + " targets for the " + rows
                    + " rows of logits " + logits.shapeText());
        }
        for (int n = 0; n < rows; n++) {
            if (targets[n] != IGNORED && (targets[n] < 0 || targets[n] >= classes)) {
                throw new IllegalArgumentException("crossEntropy: target " + targets[n] + " of row " + n
                        + " is outside 0.." + (classes - 1) + " (" + IGNORED + " leaves a row out)");
            }
        }
        long counted = Arrays.stream(targets).filter(k -> k != IGNORED).count();
        if (counted == 0) {
            throw new IllegalArgumentException("crossEntropy: no row counts; there must be at least one target");
        }
        float[] gradient = new float[logits.size()];
        double sum = Kernels.active()
                .softmaxCrossEntropy(
                        rows,
                        classes,
                        logits.array(),
                        logits.arrayOffset(),
                        targets,
                        (float) (1.0 / counted),
                        gradient,
                        0);
        return Tensor.operation(
                "cross-entropy",
                new float[] {(float) (sum / counted)},
                new int[0],
                List.of(logits),
                g -> Kernels.active().addScaled(gradient.length, g[0], gradient, 0, logits.gradientBuffer(), 0));
    }

    /** As {@link #crossEntropy(Tensor, int...)} with the targets of B sequences of T steps. */
    public static Tensor crossEntropy(Tensor logits, int[][] targets) {
        return crossEntropy(
                logits, Arrays.stream(targets).flatMapToInt(Arrays::stream).toArray());
    }

    /** Mean of (prediction - target)² over all elements; the shapes must be the same. */
    public static Tensor squaredError(Tensor prediction, Tensor target) {
        if (!Arrays.equals(prediction.shape(), target.shape())) {
            throw new IllegalArgumentException("squaredError: prediction " + prediction.shapeText() + " and target "
                    + target.shapeText() + " differ");
        }
        return prediction.minus(target).squared().mean();
    }
}
