package org.carousel.data.tasks;

import org.carousel.tensor.Tensor;

/**
 * Sequences, each with a number to find.
 *
 * @param x the inputs [B×T×I], zero behind the end of a sequence
 * @param target what is to be found: [B×1] once, behind the last step of each sequence, or [B×T×1] at every step
 * @param lengths the number of steps of each sequence [B], 1..T
 */
public record Regression(Tensor x, Tensor target, int[] lengths) {
    /**
     * The number of predictions that are off by {@code tolerance} or more, NaN among them.
     *
     * @param prediction of the shape of the target
     * @throws IllegalArgumentException when the shapes differ
     */
    public int wrong(Tensor prediction, double tolerance) {
        if (!prediction.shapeText().equals(target.shapeText())) {
            throw new IllegalArgumentException("wrong: prediction " + prediction.shapeText() + " and target "
                    + target.shapeText() + " differ; one number per target is needed");
        }
        double[] predicted = prediction.toDoubles();
        double[] right = target.toDoubles();
        int wrong = 0;
        for (int n = 0; n < right.length; n++) {
            if (!(Math.abs(predicted[n] - right[n]) < tolerance)) {
                wrong++;
            }
        }
        return wrong;
    }
}
