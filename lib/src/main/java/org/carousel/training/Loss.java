package org.carousel.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.layers.Affine;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;

/** What training makes small. Every loss is a scalar: the mean over a batch. */
public final class Loss {
    private Loss() {}

    /**
     * Cross-entropy of softmax(logits) with the right classes, in nats.
     *
     * <pre>
     * L = -1/N Σ_n ln softmax(a_n)[k_n]        ∂L/∂a_n = (softmax(a_n) - onehot(k_n)) / N
     * </pre>
     *
     * @param logits a [N×C], or [B×T×C] which counts as [B·T×C]
     * @param targets k, the right class of every row, row by row; {@link Tensor#IGNORED} rows do not count
     * @throws IllegalArgumentException when the numbers of rows differ, a class does not exist, or no row counts
     */
    public static Tensor crossEntropy(Tensor logits, int... targets) {
        if (logits.rank() < 2 || logits.size(-1) == 0) {
            throw new IllegalArgumentException("crossEntropy: logits " + logits.shapeText() + " must be [N×C]");
        }
        int classes = logits.size(-1);
        int rows = logits.size() / classes;
        long counted = counted(targets, rows, classes, "logits " + logits.shapeText());
        float[] gradient = new float[logits.size()];
        double sum = Kernels.active()
                .softmaxCrossEntropy(
                        rows,
                        classes,
                        Fused.array(logits),
                        Fused.offset(logits),
                        targets,
                        (float) (1.0 / counted),
                        gradient,
                        0);
        return Fused.operation(
                "cross-entropy",
                new float[] {(float) (sum / counted)},
                new int[0],
                List.of(logits),
                g -> Kernels.active().addScaled(gradient.length, g[0], gradient, 0, Fused.gradientBuffer(logits), 0));
    }

    /** Step by step, sequence after sequence. */
    private static int[] flat(int[][] targets) {
        return Arrays.stream(targets).flatMapToInt(Arrays::stream).toArray();
    }

    /** How many targets count; checks that each row has one and that their classes exist. */
    static long counted(int[] targets, int rows, int classes, String of) {
        if (targets.length != rows) {
            throw new IllegalArgumentException(
                    "crossEntropy: " + targets.length + " targets for the " + rows + " rows of " + of);
        }
        for (int n = 0; n < rows; n++) {
            if (targets[n] != Tensor.IGNORED && (targets[n] < 0 || targets[n] >= classes)) {
                throw new IllegalArgumentException("crossEntropy: target " + targets[n] + " of row " + n
                        + " is outside 0.." + (classes - 1) + " (" + Tensor.IGNORED + " leaves a row out)");
            }
        }
        long counted = Arrays.stream(targets).filter(k -> k != Tensor.IGNORED).count();
        if (counted == 0) {
            throw new IllegalArgumentException("crossEntropy: no row counts; there must be at least one target");
        }
        return counted;
    }

    /**
     * {@code crossEntropy(head.apply(h), targets)} for a large vocabulary: the logits of all rows are never in memory
     * together, only those of up to 256 rows. The same gradients to the bit; they are computed with the loss already.
     *
     * @param head gives the logits, W [C×I]
     * @param h [N×I], or [B×T×I] which counts as [B·T×I]
     * @param targets as there
     * @throws IllegalArgumentException as there, and when h does not fit the head
     */
    public static Tensor crossEntropy(Affine head, Tensor h, int... targets) {
        return ReadoutLoss.of(head, h, targets);
    }

    /** As {@link #crossEntropy(Affine, Tensor, int...)} with the targets of B sequences of T steps. */
    public static Tensor crossEntropy(Affine head, Tensor h, int[][] targets) {
        return ReadoutLoss.of(head, h, flat(targets));
    }

    /** As {@link #crossEntropy(Tensor, int...)} with the targets of B sequences of T steps. */
    public static Tensor crossEntropy(Tensor logits, int[][] targets) {
        return crossEntropy(logits, flat(targets));
    }

    /**
     * Cross-entropy with label smoothing: the right class is wanted with probability 1 - ε, the rest is spread over all.
     *
     * <pre>
     * L = -1/N Σ_n (1 - ε) ln p_n[k_n] + ε/C Σ_c ln p_n[c]        p_n = softmax(a_n)
     * </pre>
     *
     * <p>Sources: Szegedy et al. 2016, arXiv:1512.00567, section 7; in the Transformer with ε = 0.1: Vaswani et al. 2017,
     * arXiv:1706.03762, section 5.4. PyTorch's {@code label_smoothing}.
     *
     * @param smoothing ε, 0..1
     * @param logits [B×T×C]
     * @param targets of B sequences of T steps; {@link Tensor#IGNORED} ones do not count
     */
    public static Tensor smoothedCrossEntropy(double smoothing, Tensor logits, int[][] targets) {
        if (!(smoothing >= 0 && smoothing <= 1)) {
            throw new IllegalArgumentException("smoothedCrossEntropy: smoothing " + smoothing + " is outside 0..1");
        }
        Tensor hard = crossEntropy(logits, targets);
        int[] flat = flat(targets);
        int[] counted = IntStream.range(0, flat.length)
                .filter(n -> flat[n] != Tensor.IGNORED)
                .toArray();
        Tensor rows = logits.reshape(flat.length, logits.size(-1)).rows(counted);
        Tensor soft = Tensor.logSoftmax(rows).mean().negate();
        return hard.times(1 - smoothing).plus(soft.times(smoothing));
    }

    /**
     * Binary cross-entropy of σ(logits) with targets, in nats: summed over the K outputs of a row, mean over the rows.
     * Each output is a question of its own, such as whether a pitch sounds.
     *
     * <pre>
     * L = -1/N Σ_n Σ_k d ln σ(a) + (1-d) ln(1-σ(a))        ∂L/∂a = (σ(a) - d) / N
     * </pre>
     *
     * @param logits a [N×K], or [B×T×K] which counts as [B·T×K]; finite loss for every finite a
     * @param targets d, in [0, 1], of the same shape
     * @throws IllegalArgumentException when the shapes differ or a target is outside [0, 1]
     */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
        requireAlike("binaryCrossEntropy", logits, targets);
        boolean[] counts = new boolean[logits.size() / Math.max(1, logits.size(-1))];
        Arrays.fill(counts, true);
        return binaryCrossEntropy(logits, targets, counts);
    }

    /**
     * As {@link #binaryCrossEntropy(Tensor, Tensor)} for sequences of different lengths: what stands behind the end of a
     * sequence does not count.
     *
     * @param logits [B×T×K]
     * @param lengths the number of steps of each sequence, 0..T
     * @throws IllegalArgumentException also when the lengths do not fit, or no step counts
     */
    public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets, int... lengths) {
        requireAlike("binaryCrossEntropy", logits, targets);
        if (logits.rank() != 3 || logits.size(0) != lengths.length) {
            throw new IllegalArgumentException("binaryCrossEntropy: " + lengths.length + " lengths for logits "
                    + logits.shapeText() + "; one for each sequence of [B×T×K] is needed");
        }
        int steps = logits.size(1);
        boolean[] counts = new boolean[lengths.length * steps];
        for (int b = 0; b < lengths.length; b++) {
            if (lengths[b] < 0 || lengths[b] > steps) {
                throw new IllegalArgumentException(
                        "binaryCrossEntropy: length " + lengths[b] + " is outside 0.." + steps);
            }
            Arrays.fill(counts, b * steps, b * steps + lengths[b], true);
        }
        return binaryCrossEntropy(logits, targets, counts);
    }

    private static Tensor binaryCrossEntropy(Tensor logits, Tensor targets, boolean[] counts) {
        int n = 0;
        for (boolean row : counts) {
            n += row ? 1 : 0;
        }
        if (n == 0) {
            throw new IllegalArgumentException("binaryCrossEntropy: no row of " + logits.shapeText() + " counts");
        }
        for (int i = 0; i < targets.size(); i++) {
            float d = Fused.array(targets)[Fused.offset(targets) + i];
            if (!(d >= 0 && d <= 1)) {
                throw new IllegalArgumentException("binaryCrossEntropy: target " + d + " is outside [0, 1]");
            }
        }
        float[] gradient = new float[logits.size()];
        double sum = Kernels.active()
                .binaryCrossEntropy(
                        counts.length,
                        logits.size(-1),
                        Fused.array(logits),
                        Fused.offset(logits),
                        Fused.array(targets),
                        Fused.offset(targets),
                        counts,
                        (float) (1.0 / n),
                        gradient,
                        0);
        return Fused.operation(
                "binary cross-entropy",
                new float[] {(float) (sum / n)},
                new int[0],
                List.of(logits),
                g -> Kernels.active().addScaled(gradient.length, g[0], gradient, 0, Fused.gradientBuffer(logits), 0));
    }

    private static void requireAlike(String operation, Tensor logits, Tensor targets) {
        if (logits.rank() < 2 || !Arrays.equals(logits.shape(), targets.shape())) {
            throw new IllegalArgumentException(operation + ": logits " + logits.shapeText() + " and targets "
                    + targets.shapeText() + " must be of one shape [N×K] or [B×T×K]");
        }
    }

    /** Mean of (prediction - target)² over all elements; the shapes must be the same. */
    public static Tensor squaredError(Tensor prediction, Tensor target) {
        if (!Arrays.equals(prediction.shape(), target.shape())) {
            throw new IllegalArgumentException("squaredError: prediction " + prediction.shapeText() + " and target "
                    + target.shapeText() + " differ");
        }
        return prediction.minus(target).squared().mean();
    }

    /**
     * The quantile loss, also called pinball loss: what a forecast of the quantile τ pays, mean over everything. Its
     * least value is at the τ-quantile of the targets; with τ = 0.5 it is half the absolute error and gives the median.
     *
     * <pre>
     * L = 1/(N·Q) Σ_n Σ_q max(τ_q (d_n - y_nq), (τ_q - 1)(d_n - y_nq))
     * ∂L/∂y_nq = -τ_q where d_n &gt; y_nq,   1 - τ_q where d_n &lt; y_nq,   0 where they are equal;   each / (N·Q)
     * </pre>
     *
     * <p>Source: Koenker, Bassett: Regression quantiles. Econometrica 46(1), 1978, doi:10.2307/1913643.
     *
     * @param prediction y, the shape of the target and one more axis of Q: [N×Q], [B×T×Q], ...
     * @param target d: [N], [B×T], ...
     * @param levels τ, Q of them, each between 0 and 1
     * @throws IllegalArgumentException when the shapes do not fit, a level is outside (0, 1), or there is nothing to count
     */
    public static Tensor quantile(Tensor prediction, Tensor target, double... levels) {
        int[] expected = Arrays.copyOf(target.shape(), target.rank() + 1);
        expected[target.rank()] = levels.length;
        if (!Arrays.equals(prediction.shape(), expected)) {
            throw new IllegalArgumentException("quantile: prediction " + prediction.shapeText()
                    + " must have the shape of the target " + target.shapeText() + " and an axis of the "
                    + levels.length + " levels");
        }
        for (double level : levels) {
            if (!(level > 0 && level < 1)) {
                throw new IllegalArgumentException("quantile: level " + level + " is outside (0, 1)");
            }
        }
        int n = prediction.size();
        if (n == 0) {
            throw new IllegalArgumentException("quantile: prediction " + prediction.shapeText() + " is empty");
        }
        float[] y = Fused.array(prediction);
        float[] d = Fused.array(target);
        float[] gradient = new float[n];
        double sum = 0;
        for (int k = 0; k < n; k++) {
            double level = levels[k % levels.length];
            double error = (double) d[Fused.offset(target) + k / levels.length] - y[Fused.offset(prediction) + k];
            double slope = error > 0 ? level : error < 0 ? level - 1 : error; // keeps NaN
            sum += slope * error;
            gradient[k] = (float) (-slope / n);
        }
        return Fused.operation(
                "quantile loss", new float[] {(float) (sum / n)}, new int[0], List.of(prediction), g -> Kernels.active()
                        .addScaled(gradient.length, g[0], gradient, 0, Fused.gradientBuffer(prediction), 0));
    }
}
