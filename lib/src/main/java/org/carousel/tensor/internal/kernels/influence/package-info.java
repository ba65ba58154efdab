/** Learning forward in time: the influence of weights on a state, brought from step to step. */
@NullMarked
package org.carousel.tensor.internal.kernels.influence;

import org.jspecify.annotations.NullMarked;
