/** Convolutions that take fewer multiplications than their equation has. */
@NullMarked
package org.carousel.tensor.internal.kernels.images;

import org.jspecify.annotations.NullMarked;
