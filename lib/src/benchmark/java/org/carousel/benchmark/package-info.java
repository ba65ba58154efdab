/** How fast, measured with JMH, and beside PyTorch. Run with {@code ./carousel benchmark}. */
@NullMarked
package org.carousel.benchmark;

import org.jspecify.annotations.NullMarked;
