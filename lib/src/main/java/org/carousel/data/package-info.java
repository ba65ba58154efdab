/**
 * Data: the sets a chapter's section <em>On real data</em> reads, and the cutting of text into training windows.
 *
 * <p><b>Downloadable sets.</b> {@link org.carousel.data.Datasets} has one method per set; each returns a
 * {@link org.carousel.data.Dataset}, a handle that finds a file at the moment it is asked for it:
 *
 * <ol>
 *   <li>{@code <folder>/<set>/<file>}, where the folder is the system property {@code carousel.data} or, without it, the
 *       environment variable {@code CAROUSEL_DATA};
 *   <li>the same below the user's cache: the property {@code carousel.cache}, else {@code $XDG_CACHE_HOME/carousel}, else
 *       {@code ~/.cache/carousel} ({@code %LOCALAPPDATA%\carousel} on Windows);
 *   <li>a download from the pinned address into that cache, unless the property {@code carousel.offline} is {@code true}.
 * </ol>
 *
 * <p>Every file is held against the size and SHA-256 of the manifest that is packed into the jar. A file that cannot be
 * had costs one {@link org.carousel.data.DatasetException} whose message is one line and says how to get it; a notebook
 * asks {@link org.carousel.data.Dataset#available()} first and goes on without.
 *
 * <p><b>Text for character models.</b> {@link org.carousel.data.CharacterVocabulary} turns characters into indices,
 * {@link org.carousel.data.TextWindows} cuts them into consecutive windows for truncated backpropagation through time,
 * {@link org.carousel.data.Split} holds the last part back, and {@link org.carousel.data.Corpora} has text that needs
 * no network at all.
 *
 * <p><b>Pieces of words.</b> {@link org.carousel.data.SubwordVocabulary} learns from a text which pieces its words are made
 * of, by byte-pair encoding or WordPiece, and turns words into the indices of pieces.
 *
 * <p>{@link org.carousel.data.Tables} alone needs Tablesaw; everything else runs without it on the class path.
 */
@NullMarked
package org.carousel.data;

import org.jspecify.annotations.NullMarked;
