/** What cells read. */
@NullMarked
package org.carousel.kernel.internal.input;

import org.jspecify.annotations.NullMarked;
