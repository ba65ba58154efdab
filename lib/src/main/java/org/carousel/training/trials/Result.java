package org.carousel.training.trials;

import java.util.Optional;

/**
 * What became of a trial.
 *
 * @param number from 0
 * @param seed what it was given
 * @param settings what it was given
 * @param outcome {@link #OK}, {@link #DIVERGED}, {@link #OUT_OF_MEMORY}, or an exception and its message
 * @param value what it measured, when it is {@link #OK}
 * @param <R> the record of a study's results
 */
public record Result<R extends Record>(
        int number, long seed, Configuration settings, String outcome, Optional<R> value) {
    /** It measured something. */
    public static final String OK = "ok";

    /** It ended with a {@link org.carousel.training.DivergedException}. */
    public static final String DIVERGED = "diverged";

    /** It needed more memory than there is. */
    public static final String OUT_OF_MEMORY = "out of memory";

    /** Whether there is a value. */
    public boolean ok() {
        return value.isPresent();
    }
}
