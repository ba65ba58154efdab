package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/** Vectors as lines of text, with or without a first line of sizes. */
final class TextVectors {
    private static final int LONGEST_LINE = 1 << 24;

    private TextVectors() {}

    static WordVectors read(Path file, boolean header) {
        try (ByteReader in = ByteReader.of(file)) {
            return read(in, header);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static WordVectors read(ByteReader in, boolean header) throws IOException {
        // one character for the word, and a space and a digit per number; the last line may lack its end
        int[] sizes = header ? VectorRows.header(in, d -> 1 + 2 * d) : new int[] {Integer.MAX_VALUE, 0};
        VectorRows rows = null;
        for (byte[] line = next(in); line != null; line = next(in)) {
            int place = in.lineNumber();
            if (line.length == 0) {
                requireNothingMore(in);
                break;
            }
            if (rows == null) {
                int dimension = header ? sizes[1] : firstDimension(in, line);
                long more = (in.length() - in.position()) / line.length; // if all lines were as long
                rows = new VectorRows(in, "line", dimension, header ? sizes[0] : 1 + (int) Math.min(63, more));
            }
            if (rows.size() == sizes[0]) {
                throw in.damaged("line " + place + ": more words than the " + sizes[0] + " that line 1 declares");
            }
            row(in, rows, line, place);
        }
        if (rows == null) {
            throw in.damaged("no vectors; the file is empty");
        }
        if (header && rows.size() < sizes[0]) {
            throw in.damaged("line 1 declares " + sizes[0] + " words and the file ends after " + rows.size());
        }
        return rows.vectors();
    }

    /** The next line without the spaces that some writers leave at its end. */
    private static byte @Nullable [] next(ByteReader in) throws IOException {
        byte[] line = in.line(LONGEST_LINE);
        if (line == null) {
            return null;
        }
        int end = line.length;
        while (end > 0 && line[end - 1] == ' ') {
            end--;
        }
        return end == line.length ? line : Arrays.copyOf(line, end);
    }

    private static void requireNothingMore(ByteReader in) throws IOException {
        int empty = in.lineNumber();
        for (byte[] line = next(in); line != null; line = next(in)) {
            if (line.length > 0) {
                throw in.damaged("line " + empty + " is empty and more lines follow");
            }
        }
    }

    /**
     * How many numbers follow the first word of a file without a line of sizes: all fields at its end that are numbers,
     * but for the first field of the line, which may be the word 7.
     */
    private static int firstDimension(ByteReader in, byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (text.matches("\\d+ \\d+")) {
            throw in.damaged("line 1: '" + text + "' looks like sizes; read the file as WORD2VEC_TEXT");
        }
        int dimension = 0;
        for (int to = line.length; to > 0; ) {
            int from = begin(line, to);
            if (from == 0 || !isNumber(line, from, to)) {
                break;
            }
            dimension++;
            to = from - 1;
        }
        if (dimension == 0) {
            throw in.damaged("line 1: '" + text.substring(0, Math.min(40, text.length()))
                    + "' has no numbers; a word and its numbers are expected, with spaces between them");
        }
        return dimension;
    }

    /** The last fields are the numbers; what stands before them is the word, which may hold spaces. */
    private static void row(ByteReader in, VectorRows rows, byte[] line, int place) {
        String where = "line " + place;
        int dimension = rows.dimension();
        int[] ends = new int[dimension];
        int to = line.length;
        for (int j = dimension - 1; j >= 0; j--) {
            ends[j] = to;
            to = begin(line, to) - 1;
            if (to < 0) {
                throw in.damaged(
                        where + ": " + (dimension - j) + " fields; a word and " + dimension + " numbers are expected");
            }
        }
        requireWord(in, line, to, dimension, where);
        rows.word(in.text(Arrays.copyOf(line, to), where), place);
        int from = to + 1;
        for (int j = 0; j < dimension; j++) {
            rows.number(j, number(in, new String(line, from, ends[j] - from, StandardCharsets.ISO_8859_1), where));
            from = ends[j] + 1;
        }
    }

    /** A word with spaces must not be a sign of too many numbers, or of two lines without an end between them. */
    private static void requireWord(ByteReader in, byte[] line, int length, int dimension, String where) {
        int last = begin(line, length);
        if (last == 0) {
            return;
        }
        if (isNumber(line, last, length)) {
            throw in.damaged(where + ": more than " + dimension + " numbers behind the word");
        }
        int numbers = 0;
        int from = end(line, 0) + 1;
        while (from < length && isNumber(line, from, end(line, from))) {
            numbers++;
            from = end(line, from) + 1;
        }
        if (numbers >= dimension) {
            throw in.damaged(where + ": two words with their numbers; a line end is missing");
        }
    }

    private static int begin(byte[] line, int to) {
        int from = to;
        while (from > 0 && line[from - 1] != ' ') {
            from--;
        }
        return from;
    }

    private static int end(byte[] line, int from) {
        int at = from;
        while (at < line.length && line[at] != ' ') {
            at++;
        }
        return at;
    }

    private static boolean isNumber(byte[] line, int from, int to) {
        try {
            Float.parseFloat(new String(line, from, to - from, StandardCharsets.ISO_8859_1));
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static float number(ByteReader in, String text, String where) {
        try {
            return Float.parseFloat(text);
        } catch (NumberFormatException e) {
            throw in.damaged(where + ": '" + text.substring(0, Math.min(40, text.length())) + "' is not a number");
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
