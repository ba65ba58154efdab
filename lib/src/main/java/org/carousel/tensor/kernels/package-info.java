/** The hot loops over {@code float[]}: matrix products, activations, fused gates; and nowhere else. */
@NullMarked
package org.carousel.tensor.kernels;

import org.jspecify.annotations.NullMarked;
