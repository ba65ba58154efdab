/**
 * Word embeddings: words as vectors, counted or predicted.
 */
@NullMarked
package org.carousel.embedding;

import org.jspecify.annotations.NullMarked;
