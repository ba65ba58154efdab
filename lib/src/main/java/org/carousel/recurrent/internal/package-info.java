/** What cells share. Not for users. */
@NullMarked
package org.carousel.recurrent.internal;

import org.jspecify.annotations.NullMarked;
