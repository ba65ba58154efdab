/**
 * How recurrent networks learn: the algorithms that turn a stream of inputs and errors into gradients, behind one
 * interface.
 *
 * <p>Reading order: {@link org.carousel.training.learning.Learner}, whose factories list the algorithms, then {@link
 * org.carousel.training.learning.MemoryBlockLearner}, the rule of 1997 as it was published, with its output units.
 */
@NullMarked
package org.carousel.training.learning;

import org.jspecify.annotations.NullMarked;
