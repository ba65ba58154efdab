/**
 * Recurrent networks of more than one direction. Two are layers over images [B×rows×columns×C] and no cells of a sequence:
 * {@link org.carousel.recurrent.images.MultidimensionalLstm} goes along the diagonals, {@link
 * org.carousel.recurrent.images.PyramidLstm} sweeps with convolutions. {@link org.carousel.recurrent.images.GridLstm} is a
 * cell over time and depth.
 */
@NullMarked
package org.carousel.recurrent.images;

import org.jspecify.annotations.NullMarked;
