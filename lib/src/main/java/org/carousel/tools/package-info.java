/**
 * Programs for those who work on this collection; {@code ./carousel} calls them. No cell needs them.
 */
@NullMarked
package org.carousel.tools;

import org.jspecify.annotations.NullMarked;
