/**
 * Learning: losses, optimisers, schedules, the training loop, checks of gradients, and files of parameters.
 *
 * <p>Reading order: {@link org.carousel.training.Loss}, {@link org.carousel.training.Optimizer}, {@link
 * org.carousel.training.Trainer}, then {@link org.carousel.training.analysis.GradientCheck} and {@link
 * org.carousel.weights.SafeTensors}. To see how errors travel through time: {@link org.carousel.training.analysis.GradientFlow},
 * {@link org.carousel.training.analysis.Jacobians}, {@link org.carousel.training.analysis.Saturation}; what a step costs: {@link
 * org.carousel.training.analysis.Cost}.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.of(model.parameters(), Optimizer.adam(0.002)).clipNorm(1);
 * History history = trainer.train(1000, step -> Loss.crossEntropy(model.logits(batch(step)), targets(step)));
 * }</pre>
 */
@NullMarked
package org.carousel.training;

import org.jspecify.annotations.NullMarked;
