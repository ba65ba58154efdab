/**
 * Many trainings with settings drawn from a space: random search, Sobol sequences and successive halving, kept line by line
 * in a file that survives every interruption, and the share of each setting in what came out (functional ANOVA).
 *
 * <pre>{@code
 * record Scores(double valid, double test) {}
 * Space space = Space.of(Parameter.logUniform("rate", 1e-4, 1e-1), Parameter.whole("cells", 8, 64));
 * Study<Scores> study = Study.of(space, Scores.class, (settings, seed) -> train(settings, seed)).seed(1);
 * List<Result<Scores>> results = study.run(60, Path.of("trials.csv"));
 * Importance importance = Importance.of(space, results, Scores::valid);
 * }</pre>
 */
@NullMarked
package org.carousel.training.trials;

import org.jspecify.annotations.NullMarked;
