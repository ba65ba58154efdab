/**
 * What training looks like from inside: {@link org.carousel.training.analysis.GradientCheck} holds gradients against
 * differences, {@link org.carousel.training.analysis.GradientFlow}, {@link org.carousel.training.analysis.Jacobians} and
 * {@link org.carousel.training.analysis.Saturation} show how errors travel through time, {@link
 * org.carousel.training.analysis.Cost} counts operations and weights.
 */
@NullMarked
package org.carousel.training.analysis;

import org.jspecify.annotations.NullMarked;
