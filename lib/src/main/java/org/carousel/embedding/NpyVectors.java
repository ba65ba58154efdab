package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Lines;

/**
 * Matrices in NumPy's format, version 1.0 to 3.0, with the words in a file beside.
 *
 * <pre>
 * 6 bytes   0x93 NUMPY      2 bytes   version      2 bytes (4 from version 2.0 on)   N, little endian
 * N bytes   {'descr': '&lt;f4', 'fortran_order': False, 'shape': (V, D), } and spaces to a multiple of 64
 * the rest  the numbers
 * </pre>
 */
final class NpyVectors {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<>])f([48])'");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\((\\d{1,10}), *(\\d{1,10}),?\\)");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final int ALIGNMENT = 64;
    private static final int LONGEST = 1 << 16;

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
        String header = header(in);
        Matcher type = find(in, TYPE, header, "a type of '<f4' or '<f8'");
        Matcher shape = find(in, SHAPE, header, "a shape (V, D)");
        boolean byColumns = find(in, ORDER, header, "an order").group(1).equals("True");
        long v = Long.parseLong(shape.group(1));
        long d = Long.parseLong(shape.group(2));
        int width = Integer.parseInt(type.group(2));
        long left = in.length() - in.position();
        if (v < 1 || d < 1 || v > left / d / width || v * d * width != left) {
            throw in.damaged("byte " + in.position() + ": a matrix [" + v + "×" + d + "] of " + width
                    + " bytes per number does not fill the " + left + " bytes that follow");
        }
        if (v != words.size()) {
            throw in.damaged("a matrix of " + v + " rows and " + words.size() + " words in " + wordsFile);
        }
        ByteOrder bytes = type.group(1).equals("<") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        float[] values = numbers(in, (int) (v * d), width, bytes);
        float[] byRows = byColumns ? transposed(values, (int) v, (int) d) : values;
        try {
            return WordVectors.adopt(words, (int) d, byRows);
        } catch (IllegalArgumentException e) { // which knows the word but not the file
            throw in.damaged(e.getMessage());
        }
    }

    private static String header(ByteReader in) throws IOException {
        byte[] begin = in.exactly(8, "the beginning of a npy file");
        for (int i = 0; i < MAGIC.length; i++) {
            if (begin[i] != MAGIC[i]) {
                throw in.damaged("byte " + i + ": not the beginning of a npy file");
            }
        }
        int width = begin[6] == 1 ? 2 : 4;
        if (begin[6] < 1 || begin[6] > 3) {
            throw in.damaged("byte 6: version " + begin[6] + " of the npy format; 1 to 3 can be read");
        }
        byte[] length = in.exactly(width, "the length of the header");
        int n = 0;
        for (int i = width - 1; i >= 0; i--) {
            n = n << 8 | (length[i] & 0xFF);
        }
        if (n < 0 || n > LONGEST) {
            throw in.damaged("byte 8: a header of " + Integer.toUnsignedString(n) + " bytes; at most " + LONGEST
                    + " make sense");
        }
        return new String(in.exactly(n, "the header"), StandardCharsets.UTF_8);
    }

    private static Matcher find(ByteReader in, Pattern pattern, String header, String what) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw in.damaged("the header '" + header.strip() + "' lacks " + what);
        }
        return matcher;
    }

    private static float[] numbers(ByteReader in, int count, int width, ByteOrder order) throws IOException {
        float[] values = new float[count];
        for (int at = 0; at < count; ) {
            int n = Math.min(LONGEST / width, count - at);
            ByteBuffer piece =
                    ByteBuffer.wrap(in.exactly(n * width, "the matrix")).order(order);
            for (int i = 0; i < n; i++) {
                values[at++] = width == 4 ? piece.getFloat() : (float) piece.getDouble();
            }
        }
        return values;
    }

    private static float[] transposed(float[] byColumns, int v, int d) {
        float[] values = new float[byColumns.length];
        for (int i = 0; i < v; i++) {
            for (int j = 0; j < d; j++) {
                values[i * d + j] = byColumns[j * v + i];
            }
        }
        return values;
    }

    /** Both files are written aside before the first of them is renamed. */
    static void write(Path file, WordVectors vectors) {
        VectorRows.requireWritable(vectors, true);
        Path words = wordsFile(file);
        String dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + vectors.size() + ", "
                + vectors.dimension() + "), }";
        int used = MAGIC.length + 4 + dictionary.length() + 1;
        String header = dictionary + " ".repeat(Math.floorMod(-used, ALIGNMENT)) + "\n";
        AsideFile.write(file, out -> {
            out.write(MAGIC);
            out.write(new byte[] {1, 0, (byte) header.length(), (byte) (header.length() >> 8)});
            out.write(header.getBytes(StandardCharsets.US_ASCII));
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
