/** What encoders, decoders and their streams share. Not for users. */
@NullMarked
package org.carousel.attention.internal;

import org.jspecify.annotations.NullMarked;
