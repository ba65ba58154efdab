/** All cells with their papers and equations: a new one is a class and a line of {@link org.carousel.recurrent.catalogue.Variants}. */
@NullMarked
package org.carousel.recurrent.catalogue;

import org.jspecify.annotations.NullMarked;
