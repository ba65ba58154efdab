/**
 * Word vectors from counts: {@link org.carousel.embedding.counting.CountMatrices} count and weigh (tf-idf, PPMI), {@link
 * org.carousel.embedding.counting.Lsa} takes the {@link org.carousel.embedding.counting.TruncatedSvd} of them, {@link
 * org.carousel.embedding.counting.Glove} fits the logarithms of counts.
 */
@NullMarked
package org.carousel.embedding.counting;

import org.jspecify.annotations.NullMarked;
