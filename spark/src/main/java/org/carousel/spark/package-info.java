/** Trials on a Spark cluster; the only part of Carousel that knows Spark. */
@NullMarked
package org.carousel.spark;

import org.jspecify.annotations.NullMarked;
