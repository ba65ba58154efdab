/** Loops of one purpose that need nothing of how products are made. */
@NullMarked
package org.carousel.tensor.internal.kernels.functions;

import org.jspecify.annotations.NullMarked;
