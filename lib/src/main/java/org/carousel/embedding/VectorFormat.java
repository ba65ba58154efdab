package org.carousel.embedding;

import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The files in which word vectors are exchanged.
 *
 * <p>What is read is believed only after it was checked: declared sizes against the length of the file, words for being
 * UTF-8, not empty and different, numbers for being finite. The message of a failure names the file and the line or
 * byte. Numbers written as text have nine digits, from which the same float32 is read again. The models that fastText writes
 * as {@code .bin} are more than vectors: {@link org.carousel.embedding.word2vec.FastTextModel} reads them.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions have no state
public enum VectorFormat {
    /**
     * Text with a first line {@code V D}, then {@code word x1 ... xD} per line, UTF-8: of word2vec, gensim, and the
     * {@code .vec} files of fastText.
     */
    WORD2VEC_TEXT(file -> TextVectors.read(file, true), (file, vectors) -> TextVectors.write(file, vectors, true)),

    /**
     * A first line {@code V D}, then per word its UTF-8 bytes, a space, D little-endian float32 and, from some writers, a
     * newline: of word2vec and gensim.
     */
    WORD2VEC_BINARY(BinaryVectors::read, BinaryVectors::write),

    /** {@link #WORD2VEC_TEXT} without its first line: of GloVe; gensim reads it with {@code no_header=True}. */
    GLOVE_TEXT(file -> TextVectors.read(file, false), (file, vectors) -> TextVectors.write(file, vectors, false)),

    /**
     * NumPy's format of a matrix [V×D] of float32 (float16 and float64 are read too), the words beside it, one per line:
     * {@code x.npy} and {@code x.words}.
     */
    NPY(NpyVectors::read, NpyVectors::write);

    private final Function<Path, WordVectors> reader;
    private final BiConsumer<Path, WordVectors> writer;

    VectorFormat(Function<Path, WordVectors> reader, BiConsumer<Path, WordVectors> writer) {
        this.reader = reader;
        this.writer = writer;
    }

    WordVectors read(Path file) {
        return reader.apply(file);
    }

    void write(Path file, WordVectors vectors) {
        writer.accept(file, vectors);
    }
}
