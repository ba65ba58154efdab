/** How values look in a notebook, and the front ends that show them. */
@NullMarked
package org.carousel.notebook.internal;

import org.jspecify.annotations.NullMarked;
