/**
 * Learning: losses, optimisers, schedules, the training loop, checks of gradients, and files of parameters.
 *
 * <p>Reading order: {@link org.carousel.training.Loss}, {@link org.carousel.training.Optimizer}, {@link
 * org.carousel.training.Trainer}, then {@link org.carousel.training.GradientCheck} and {@link
 * org.carousel.training.SafeTensors}. To see how errors travel through time: {@link org.carousel.training.GradientFlow},
 * {@link org.carousel.training.Jacobians}, {@link org.carousel.training.Saturation}; what a step costs: {@link
 * org.carousel.training.Cost}.
 *
 * <pre>{@code
 * Trainer trainer = Trainer.of(model.parameters(), Optimizer.adam(0.002)).clipNorm(1);
 * History history = trainer.train(1000, step -> Loss.crossEntropy(model.logits(batch(step)), targets(step)));
 * }</pre>
 */
@NullMarked
package org.carousel.training;

import org.jspecify.annotations.NullMarked;
