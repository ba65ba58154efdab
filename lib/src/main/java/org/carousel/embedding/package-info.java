/**
 * Word embeddings, from counting to subwords: words in, one vector per word out.
 *
 * <p>Text is a {@link org.carousel.embedding.Corpus}: lines of words, read as often as needed, never held as a whole. A
 * {@link org.carousel.embedding.Vocabulary} numbers the words that are frequent enough.
 */
@NullMarked
package org.carousel.embedding;

import org.jspecify.annotations.NullMarked;
