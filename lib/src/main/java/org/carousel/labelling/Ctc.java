package org.carousel.labelling;

import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.paths.CtcPaths;

/**
 * Connectionist temporal classification: the loss of a target whose labels have no known place in the input.
 *
 * <pre>
 * y_t = softmax(a_t)        p(l | x) = Σ_{π: B(π) = l} Π_t y_t[π_t]        L = -ln p(l | x)
 * ∂L/∂a_t[k] = y_t[k] - (1 / p(l | x)) Σ_{s: l'_s = k} α_t(s) β_t(s)
 * </pre>
 *
 * <p>A path π has one class for each step; B merges equal neighbours and then takes the blanks away. l' is the target
 * with blanks around each label, α_t(s) the probability of all beginnings that stand at l'_s after step t, and β_t(s)
 * that of all ends from there on.
 *
 * <p>The gradient is the derivative with respect to the logits a. (PyTorch's {@code ctc_loss} takes logarithms of
 * probabilities; what its backward pass returns is the derivative only after {@code log_softmax}.)
 *
 * <p>Memory: two {@code double} for each step and state of a sequence, T·(2U+1) for a target of U labels.
 *
 * <p>Source: Graves, Fernández, Gomez, Schmidhuber: Connectionist temporal classification, ICML 2006,
 * doi:10.1145/1143844.1143891.
 *
 * @param blank the class that says nothing
 * @param zeroImpossible whether a target that does not fit into its input counts as loss 0 instead of being refused
 */
public record Ctc(int blank, boolean zeroImpossible) {
    /** Checks the blank. */
    public Ctc {
        if (blank < 0) {
            throw new IllegalArgumentException("ctc: blank " + blank + " is below 0");
        }
    }

    /** Refuses targets that do not fit into their input. */
    public static Ctc of(int blank) {
        return new Ctc(blank, false);
    }

    /** Lets targets that do not fit into their input count as a loss of 0, with a gradient of 0. */
    public Ctc zeroingImpossible() {
        return new Ctc(blank, true);
    }

    /** The mean of {@link #losses} over the batch, a scalar in nats for each sequence. */
    public Tensor loss(Tensor logits, int[] lengths, int[][] targets) {
        return losses(logits, lengths, targets).mean();
    }

    /**
     * The loss of every sequence, [B], in nats.
     *
     * @param logits a [B×T×K]; what stands behind the end of a sequence is not read
     * @param lengths the steps of each sequence, 0..T
     * @param targets the labels of each, 0..K-1 without the blank; may be empty
     * @throws IllegalArgumentException when shapes do not fit, a label does not exist or is the blank, a logit that counts
     *     is not finite, or a target needs more steps than there are
     */
    public Tensor losses(Tensor logits, int[] lengths, int[][] targets) {
        Ragged.require("ctc", logits, lengths);
        int steps = logits.size(1);
        int classes = logits.size(2);
        requireTargets(classes, lengths.length, targets);
        float[] a = Fused.array(logits);
        int offset = Fused.offset(logits);
        boolean[] counts = new boolean[lengths.length];
        long work = 0;
        for (int b = 0; b < lengths.length; b++) {
            requireFinite(a, offset + b * steps * classes, b, lengths[b], classes);
            counts[b] = fits(b, lengths[b], targets[b]);
            work += 20L * lengths[b] * (classes + 2 * targets[b].length + 1);
        }
        float[] gradient = new float[logits.size()];
        float[] losses = new float[lengths.length];
        Parallel.over(lengths.length, work, (begin, end) -> {
            for (int b = begin; b < end; b++) {
                int at = b * steps * classes;
                if (counts[b]) {
                    losses[b] =
                            (float) CtcPaths.loss(lengths[b], classes, a, offset + at, targets[b], blank, gradient, at);
                }
            }
        });
        int size = steps * classes;
        return Fused.operation("ctc", losses, new int[] {lengths.length}, List.of(logits), g -> {
            float[] wanted = Fused.gradientBuffer(logits);
            for (int b = 0; b < g.length; b++) {
                Kernels.active().addScaled(size, g[b], gradient, b * size, wanted, b * size);
            }
        });
    }

    private boolean fits(int sequence, int length, int[] target) {
        int needed = CtcPaths.shortest(target);
        if (needed > length && !zeroImpossible) {
            throw new IllegalArgumentException("ctc: target " + sequence + " of " + target.length + " labels needs "
                    + needed + " steps (equal neighbours need a blank between them), its input has " + length
                    + "; zeroingImpossible() would leave it out");
        }
        return needed <= length;
    }

    private void requireTargets(int classes, int batch, int[][] targets) {
        if (blank >= classes) {
            throw new IllegalArgumentException("ctc: blank " + blank + " is outside 0.." + (classes - 1));
        }
        if (targets.length != batch) {
            throw new IllegalArgumentException("ctc: " + targets.length + " targets for " + batch + " sequences");
        }
        for (int b = 0; b < batch; b++) {
            for (int label : targets[b]) {
                if (label < 0 || label >= classes) {
                    throw new IllegalArgumentException(
                            "ctc: label " + label + " of target " + b + " is outside 0.." + (classes - 1));
                }
                if (label == blank) {
                    throw new IllegalArgumentException("ctc: target " + b + " holds the blank " + blank
                            + "; blanks are put between the labels by the loss itself");
                }
            }
        }
    }

    private static void requireFinite(float[] a, int from, int sequence, int length, int classes) {
        for (int n = 0; n < length * classes; n++) {
            if (!Float.isFinite(a[from + n])) {
                throw new IllegalArgumentException("ctc: logit " + a[from + n] + " of class " + n % classes + ", step "
                        + n / classes + " of sequence " + sequence + "; logits must be finite numbers");
            }
        }
    }
}
