package org.carousel.training;

/** The learning rate over time, as a factor of the optimiser's own rate. */
@FunctionalInterface
public interface Schedule {
    /**
     * The factor for one step.
     *
     * @param step 0 for the first step
     * @param steps how many steps there will be
     */
    double factor(int step, int steps);

    /** Always 1. */
    static Schedule constant() {
        return (step, steps) -> 1;
    }

    /** From 1 down to {@code last} along half a cosine (Loshchilov and Hutter 2017, arXiv:1608.03983, eq. 5). */
    static Schedule cosine(double last) {
        return (step, steps) -> last + (1 - last) * 0.5 * (1 + StrictMath.cos(Math.PI * step / Math.max(1, steps)));
    }

    /** rate^step: with 0.99 each step learns 1 % less than the one before. */
    static Schedule exponential(double rate) {
        return (step, steps) -> StrictMath.pow(rate, step);
    }

    /** Multiplied by {@code factor} after every {@code every} steps. */
    static Schedule staircase(int every, double factor) {
        if (every < 1) {
            throw new IllegalArgumentException("staircase: every " + every + " steps; must be at least 1");
        }
        return (step, steps) -> StrictMath.pow(factor, Math.floorDiv(step, every));
    }

    /** Rises in a line over the first {@code warmUp} steps, then follows this schedule. */
    default Schedule warmUp(int warmUp) {
        return (step, steps) -> Math.min(1, (step + 1.0) / Math.max(1, warmUp)) * factor(step, steps);
    }
}
