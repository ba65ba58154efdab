package org.carousel.embedding.text;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lines of words that can be read again and again, in the same order every time; a text may be larger than memory.
 *
 * <p>A word never looks beyond its line, so a line is a sentence, a paragraph or a document, as the user decides; of a
 * file, lines of more than 10,000 words come in pieces of so many (text8 is one line of 17 million words). Any source that
 * can be read again is a corpus: {@code Corpus corpus = () -> sentences.stream();}
 */
@FunctionalInterface
public interface Corpus {
    /** The lines from the first on, to be closed by the caller. */
    Stream<List<String>> lines();

    /** Lines in memory. */
    static Corpus of(List<List<String>> lines) {
        List<List<String>> copy = lines.stream().map(List::copyOf).toList();
        return copy::stream;
    }

    /** Lines of words between white spaces. */
    static Corpus ofText(String... lines) {
        return of(Arrays.stream(lines).map(TextLines::split).toList());
    }

    /**
     * A text file in UTF-8, words between white spaces; gzip when its name ends in {@code .gz}.
     *
     * <p>While it is read, a byte that is not UTF-8 or a file that cannot be read throws IllegalArgumentException or
     * UncheckedIOException with a message that names the file, the line and the byte.
     *
     * @param path a file, or a folder: all files in it and below, by name, but those whose name begins with a dot
     */
    static Corpus of(Path path) {
        return () -> TextLines.of(path);
    }
}
