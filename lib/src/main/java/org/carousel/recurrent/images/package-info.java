/**
 * Recurrent layers that read an image [B×rows×columns×C] in more than one direction. They are no cells of a sequence: {@link
 * org.carousel.recurrent.images.MultidimensionalLstm} goes along the diagonals, {@link
 * org.carousel.recurrent.images.PyramidLstm} sweeps with convolutions.
 */
@NullMarked
package org.carousel.recurrent.images;

import org.jspecify.annotations.NullMarked;
