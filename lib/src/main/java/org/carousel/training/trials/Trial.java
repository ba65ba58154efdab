package org.carousel.training.trials;

import java.io.Serializable;

/**
 * One training: a pure function of settings and seed. Whatever is random in it comes from the seed, and it changes nothing
 * that another trial reads; then its result is the same in any order, on any number of threads and on any machine.
 *
 * @param <R> a record of numbers, truth values and texts
 */
@FunctionalInterface
public interface Trial<R extends Record> extends Serializable {
    /** Trains and measures. What it throws is the outcome of this trial; the study goes on. */
    R run(Configuration settings, long seed) throws Exception;
}
