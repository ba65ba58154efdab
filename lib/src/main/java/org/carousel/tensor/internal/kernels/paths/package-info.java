/** Sums over all paths through a table of scores, and the best path: CTC and conditional random fields. */
@NullMarked
package org.carousel.tensor.internal.kernels.paths;

import org.jspecify.annotations.NullMarked;
