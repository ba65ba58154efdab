package org.carousel.training.trials;

import java.util.List;
import java.util.OptionalDouble;
import org.carousel.tensor.RandomStream;

/** How the settings of trial n are found. The same seed gives the same, whatever order trials end in. */
public sealed interface Search permits Search.Independent, Halving {
    /**
     * A trial that is to run.
     *
     * @param origin the first trial of these settings: this one, or the one that it carries on
     * @param settings of the trial
     */
    record Proposal(int origin, Configuration settings) {}

    /**
     * Trial {@code before.size()}.
     *
     * @param before the trials until then
     * @param ends what is known of their objective, of the first ones only; empty for a failure
     */
    Proposal next(Space space, RandomStream random, List<Proposal> before, List<OptionalDouble> ends);

    /** How many trials may be under way at most, that is, how many before trial n it does not look at. */
    default int together() {
        return Integer.MAX_VALUE;
    }

    /** The column that is to become small, if the search looks at any. */
    default String objective() {
        return "";
    }

    /** The parameters of a trial: those that are drawn, and what the search adds. */
    default Space settings(Space space) {
        return space;
    }

    /**
     * Every trial at random, independent of all others.
     *
     * <p>Source: Bergstra, Bengio: Random search for hyper-parameter optimization, Journal of Machine Learning Research
     * 13, 2012.
     */
    static Search random() {
        return Independent.RANDOM;
    }

    /**
     * The points of a Sobol sequence, shifted at random: at any moment the cube is covered more evenly than by
     * {@link #random}.
     */
    static Search sobol() {
        return Independent.SOBOL;
    }

    /** Searches that look at no result. */
    enum Independent implements Search {
        /** {@link Search#random}. */
        RANDOM,
        /** {@link Search#sobol}. */
        SOBOL;

        @Override
        public Proposal next(Space space, RandomStream random, List<Proposal> before, List<OptionalDouble> ends) {
            int n = before.size();
            return new Proposal(
                    n,
                    this == RANDOM
                            ? space.draw(n, random.split("settings").split(n))
                            : space.at(
                                    n,
                                    Sobol.of(space.dimensions(), random.split("shift"))
                                            .point(n)));
        }

        @Override
        public String toString() {
            return this == RANDOM ? "random" : "sobol";
        }
    }
}
