package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.carousel.files.AsideFile;

/** Vectors as lines of text, with or without a first line of sizes. */
final class TextVectors {
    private static final int LONGEST_LINE = 1 << 24;

    private TextVectors() {}

    static WordVectors read(Path file, boolean header) {
        try (ByteReader in = new ByteReader(file)) {
            // one character for the word, and a space and a digit per number; the last line may lack its end
            int[] sizes = header ? VectorRows.header(in, d -> 1 + 2 * d) : new int[] {Integer.MAX_VALUE, 0};
            VectorRows rows = null;
            for (int line = header ? 2 : 1; in.position() < in.length(); line++) {
                byte[] bytes = withoutEnd(in.until('\n', LONGEST_LINE, "line " + line));
                if (bytes.length == 0) {
                    requireNothingMore(in, line);
                    break;
                }
                if (rows == null) {
                    int dimension = header ? sizes[1] : firstDimension(in, bytes);
                    rows = new VectorRows(in, "line", dimension, header ? sizes[0] : 64);
                }
                if (rows.size() == sizes[0]) {
                    throw in.damaged("line " + line + ": more words than the " + sizes[0] + " that line 1 declares");
                }
                row(in, rows, bytes, line);
            }
            if (rows == null) {
                throw in.damaged("no vectors; the file is empty");
            }
            if (header && rows.size() < sizes[0]) {
                throw in.damaged("line 1 declares " + sizes[0] + " words and the file ends after " + rows.size());
            }
            return rows.vectors();
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + e.getMessage(), e);
        }
    }

    /** Without the spaces and the carriage return that some writers leave at the end of a line. */
    private static byte[] withoutEnd(byte[] line) {
        int end = line.length;
        while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\r')) {
            end--;
        }
        return end == line.length ? line : Arrays.copyOf(line, end);
    }

    private static void requireNothingMore(ByteReader in, int line) throws IOException {
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != '\n' && b != '\r' && b != ' ') {
                throw in.damaged("line " + line + " is empty and more lines follow");
            }
        }
    }

    /** How many numbers follow the first word of a file without a line of sizes. */
    private static int firstDimension(ByteReader in, byte[] line) {
        int dimension = 0;
        for (byte b : line) {
            dimension += b == ' ' ? 1 : 0;
        }
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (dimension == 0) {
            throw in.damaged("line 1: '" + text.substring(0, Math.min(40, text.length()))
                    + "' has no numbers; a word and its numbers are expected, with spaces between them");
        }
        if (text.matches("\\d+ \\d+")) {
            throw in.damaged("line 1: '" + text + "' looks like sizes; read the file as WORD2VEC_TEXT");
        }
        return dimension;
    }

    private static void row(ByteReader in, VectorRows rows, byte[] line, int place) {
        String where = "line " + place;
        int dimension = rows.dimension();
        int fields = 1;
        for (byte b : line) {
            fields += b == ' ' ? 1 : 0;
        }
        if (fields != dimension + 1) {
            throw in.damaged(where + ": " + fields + " fields; a word without spaces and " + dimension
                    + " numbers are expected");
        }
        int at = end(line, 0);
        rows.word(in.text(Arrays.copyOf(line, at), where), place);
        for (int j = 0; j < dimension; j++) {
            int from = at + 1;
            at = end(line, from);
            rows.number(j, number(in, new String(line, from, at - from, StandardCharsets.ISO_8859_1), where));
        }
    }

    private static int end(byte[] line, int from) {
        int at = from;
        while (at < line.length && line[at] != ' ') {
            at++;
        }
        return at;
    }

    private static float number(ByteReader in, String text, String where) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw in.damaged(where + ": '" + text + "' is not a number");
        }
    }

    static void write(Path file, WordVectors vectors, boolean header) {
        VectorRows.requireWritable(vectors, false);
        int d = vectors.dimension();
        float[] values = vectors.values();
        AsideFile.write(file, out -> {
            if (header) {
                out.write((vectors.size() + " " + d + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < vectors.size(); i++) {
                line.append(vectors.words().get(i));
                for (int j = 0; j < d; j++) {
                    NineDigits.append(line.append(' '), values[i * d + j]);
                }
                out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
                line.setLength(0);
            }
        });
    }
}
