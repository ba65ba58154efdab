package org.carousel.training.trials;

/** Is told of every trial that ends. */
@FunctionalInterface
public interface StudyListener {
    /**
     * A trial has ended, and its line is in the file.
     *
     * @param result of the trial
     * @param progress of the study
     */
    void onTrial(Result<?> result, StudyProgress progress);
}
