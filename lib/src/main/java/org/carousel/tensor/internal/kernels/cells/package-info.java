/** Whole sequences of the scalar cells with an exponential gate or normalised layers, and back through them. */
@NullMarked
package org.carousel.tensor.internal.kernels.cells;

import org.jspecify.annotations.NullMarked;
