package org.carousel.training;

import java.util.Arrays;
import java.util.Locale;

/**
 * What training saw.
 *
 * @param losses the loss of every step, before its update
 * @param gradientNorms the norm of all gradients of every step, before clipping
 * @param heldOut the held-out loss of every check ({@link Trainer#validate}), in order
 */
public record History(double[] losses, double[] gradientNorms, double[] heldOut) {
    /** The mean loss of the last {@code n} steps, or of all when there are fewer. */
    public double recentLoss(int n) {
        int from = Math.max(0, losses.length - n);
        return Arrays.stream(losses, from, losses.length).average().orElse(Double.NaN);
    }

    /** The losses averaged over blocks of {@code block} steps: a curve that can be read. */
    public double[] smoothLosses(int block) {
        if (block < 1) {
            throw new IllegalArgumentException("smoothLosses: block of " + block + " steps; must be at least 1");
        }
        double[] smooth = new double[(losses.length + block - 1) / block];
        for (int k = 0; k < smooth.length; k++) {
            int to = Math.min(losses.length, (k + 1) * block);
            smooth[k] = Arrays.stream(losses, k * block, to).average().orElse(Double.NaN);
        }
        return smooth;
    }

    /** How many steps were done. */
    public int steps() {
        return losses.length;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "History of %d steps, mean loss of the last %d: %.3f",
                steps(),
                Math.min(50, steps()),
                recentLoss(50));
    }
}
