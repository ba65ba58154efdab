package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;

/** The binary format of word2vec. */
final class BinaryVectors {
    private static final int LONGEST_WORD = 1 << 16;

    private BinaryVectors() {}

    static WordVectors read(Path file) {
        try (ByteReader in = ByteReader.of(file)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static WordVectors read(ByteReader in) throws IOException {
        int[] sizes = VectorRows.header(in, d -> 2 + 4 * d);
        int dimension = sizes[1];
        VectorRows rows = new VectorRows(in, "byte", dimension, sizes[0]);
        while (rows.size() < sizes[0]) {
            long place = in.position();
            String word = word(in, "byte " + place, rows.size(), sizes[0]);
            rows.word(word, place);
            ByteBuffer vector = ByteBuffer.wrap(in.exactly(4 * dimension, "the vector of '" + word + "'"))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int j = 0; j < dimension; j++) {
                rows.number(j, vector.getFloat());
            }
        }
        long at = in.position();
        int end = in.read();
        if (end >= 0 && (end != '\n' || in.read() >= 0)) {
            throw in.damaged("byte " + at + ": " + (in.length() - at) + " bytes more than the " + sizes[0]
                    + " words of " + dimension + " numbers that line 1 declares");
        }
        return rows.vectors();
    }

    /** The next word; a newline before it belongs to the vector before, which some writers end with one. */
    private static String word(ByteReader in, String where, int before, int declared) throws IOException {
        if (in.position() == in.length()) {
            throw in.damaged(where + ": the file ends after " + before + " of " + declared + " words");
        }
        String word = in.text(in.until(' ', LONGEST_WORD, "a word"), where);
        String bare = before > 0 && word.startsWith("\n") ? word.substring(1) : word;
        if (bare.indexOf('\n') >= 0) {
            throw in.damaged(where + ": the word '" + bare.replace("\n", "\\n") + "' holds the end of a line");
        }
        return bare;
    }

    static void write(Path file, WordVectors vectors) {
        VectorRows.requireWritable(vectors, false);
        int d = vectors.dimension();
        float[] values = vectors.values();
        AsideFile.write(file, out -> {
            out.write((vectors.size() + " " + d + "\n").getBytes(StandardCharsets.US_ASCII));
            ByteBuffer row = ByteBuffer.allocate(4 * d).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < vectors.size(); i++) {
                out.write((vectors.words().get(i) + " ").getBytes(StandardCharsets.UTF_8));
                row.asFloatBuffer().put(values, i * d, d);
                out.write(row.array());
                out.write('\n');
            }
        });
    }
}
