/** What charts need and their readers do not. */
@NullMarked
package org.carousel.plot.internal;

import org.jspecify.annotations.NullMarked;
