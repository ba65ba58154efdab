/**
 * Recurrent networks of more than one direction. Three are layers and no cells of a sequence: over images
 * [B×rows×columns×C] {@link org.carousel.recurrent.images.MultidimensionalLstm} goes along the diagonals and {@link
 * org.carousel.recurrent.images.PyramidLstm} sweeps with convolutions, as {@link
 * org.carousel.recurrent.images.VolumePyramidLstm} does over volumes. {@link org.carousel.recurrent.images.GridLstm} is a
 * cell over time and depth.
 */
@NullMarked
package org.carousel.recurrent.images;

import org.jspecify.annotations.NullMarked;
