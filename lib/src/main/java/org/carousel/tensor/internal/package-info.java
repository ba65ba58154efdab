/**
 * For this library only: {@link org.carousel.tensor.internal.Fused}, the door for fused operations, and the kernels below
 * it. Anything here may change from one version to the next.
 */
@NullMarked
package org.carousel.tensor.internal;

import org.jspecify.annotations.NullMarked;
