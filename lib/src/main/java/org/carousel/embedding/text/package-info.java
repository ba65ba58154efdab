/**
 * Text for word vectors: a {@link org.carousel.embedding.text.Corpus} is lines of words, read as often as needed and never
 * held as a whole; a {@link org.carousel.embedding.text.Vocabulary} numbers the words that are frequent enough.
 */
@NullMarked
package org.carousel.embedding.text;

import org.jspecify.annotations.NullMarked;
