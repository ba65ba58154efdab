package org.carousel.training;

/** Told of every step of training: for progress bars and early stopping. */
@FunctionalInterface
public interface TrainingListener {
    /**
     * Called after each step.
     *
     * @param step the step just done, counted from 1
     * @param steps how many steps there will be
     * @param loss the loss of this step, before its update
     */
    void onStep(int step, int steps, double loss);
}
