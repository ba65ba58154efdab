package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Lines;
import org.carousel.files.internal.NumpyArray;

/** Matrices in {@link NumpyArray NumPy's format} with the words in a file beside. */
final class NpyVectors {
    private NpyVectors() {}

    /** The file of words that belongs to x.npy: x.words. */
    static Path wordsFile(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(".npy")) {
            throw new IllegalArgumentException("npy: the name of " + file + " must end in .npy; the words lie beside it"
                    + " under the same name with .words");
        }
        return file.resolveSibling(name.substring(0, name.length() - 4) + ".words");
    }

    static WordVectors read(Path file) {
        List<String> words = Lines.read(wordsFile(file));
        try (ByteReader in = ByteReader.of(file)) {
            return read(in, words, wordsFile(file));
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static WordVectors read(ByteReader in, List<String> words, Path wordsFile) throws IOException {
        NumpyArray matrix = NumpyArray.read(in);
        int[] shape = matrix.shape();
        if (shape.length != 2 || shape[0] < 1 || shape[1] < 1) {
            throw in.damaged("an array " + Arrays.toString(shape) + " is no matrix [V×D]");
        }
        if (shape[0] != words.size()) {
            throw in.damaged("a matrix of " + shape[0] + " rows and " + words.size() + " words in " + wordsFile);
        }
        try {
            return WordVectors.adopt(words, shape[1], matrix.values());
        } catch (IllegalArgumentException e) { // which knows the word but not the file
            throw in.damaged(e.getMessage());
        }
    }

    /** Both files are written aside before the first of them is renamed. */
    static void write(Path file, WordVectors vectors) {
        VectorRows.requireWritable(vectors, true);
        Path words = wordsFile(file);
        AsideFile.write(file, out -> {
            out.write(NumpyArray.headerOf(vectors.size(), vectors.dimension()));
            ByteBuffer row = ByteBuffer.allocate(4 * vectors.dimension()).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < vectors.size(); i++) {
                row.asFloatBuffer().put(vectors.values(), i * vectors.dimension(), vectors.dimension());
                out.write(row.array());
            }
            out.flush();
            AsideFile.write(words, text -> {
                for (String word : vectors.words()) {
                    text.write((word + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
        });
    }
}
