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

    /**
     * Cosines from 1 down to {@code last}, begun again and again: the rate rises at once and falls slowly.
     *
     * <p>Source: Loshchilov, Hutter: SGDR, 2017, arXiv:1608.03983, eq. 5.
     *
     * @param period the steps of the first one, at least 1
     * @param longer how many times as long each one is as the one before, at least 1
     */
    static Schedule warmRestarts(int period, int longer, double last) {
        if (period < 1 || longer < 1) {
            throw new IllegalArgumentException("warmRestarts: period " + period + ", each " + longer
                    + " times as long as the one before; both must be at least 1");
        }
        return (step, steps) -> {
            long length = period;
            long at = step;
            while (at >= length) {
                at -= length;
                length *= longer;
            }
            return last + (1 - last) * 0.5 * (1 + StrictMath.cos(Math.PI * at / length));
        };
    }

    /**
     * Half a cosine up from {@code first} to 1 over the share {@code rise} of the steps, half a cosine down to {@code
     * last}.
     *
     * <p>Source: Smith, Topin: Super-convergence, 2018, arXiv:1708.07120; the shape is PyTorch's {@code OneCycleLR}.
     *
     * @param rise in (0, 1)
     */
    static Schedule oneCycle(double rise, double first, double last) {
        if (!(rise > 0 && rise < 1) || !(first >= 0) || !(last >= 0)) {
            throw new IllegalArgumentException("oneCycle: rise " + rise + " must lie in (0, 1), first " + first
                    + " and last " + last + " must be 0 or more");
        }
        return (step, steps) -> {
            double top = rise * steps - 1;
            if (step <= top) {
                return cosineFrom(first, 1, top == 0 ? 1 : step / top);
            }
            return cosineFrom(1, last, Math.min(1, (step - top) / (steps - 1 - top)));
        };
    }

    private static double cosineFrom(double from, double to, double share) {
        return to + (from - to) * 0.5 * (1 + StrictMath.cos(Math.PI * share));
    }

    /**
     * The range test: the factor grows by the same percentage in each step, from {@code first} to {@code last}. Where
     * the loss falls fastest is a good rate, and where it rises is too much.
     *
     * <p>Source: Smith: Cyclical learning rates, 2017, arXiv:1506.01186, section 3.3; exponential instead of linear.
     */
    static Schedule rangeTest(double first, double last) {
        if (!(first > 0) || !(last > first) || Double.isInfinite(last)) {
            throw new IllegalArgumentException(
                    "rangeTest: from " + first + " to " + last + "; must be above 0 and rise");
        }
        return (step, steps) -> first * StrictMath.pow(last / first, step / (double) Math.max(1, steps - 1));
    }

    /** Rises in a line over the first {@code warmUp} steps, then follows this schedule. */
    default Schedule warmUp(int warmUp) {
        return (step, steps) -> Math.min(1, (step + 1.0) / Math.max(1, warmUp)) * factor(step, steps);
    }
}
