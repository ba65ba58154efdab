package org.carousel.embedding;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.carousel.files.internal.ByteReader;

/** Words and vectors as a file yields them, row after row, each checked. */
final class VectorRows {
    /** What the {@code .bin} files of fastText begin with. */
    private static final byte[] FASTTEXT = {(byte) 0xba, 0x16, 0x4f, 0x2f};

    private static final int LARGEST = Integer.MAX_VALUE - 8;

    private final ByteReader in;
    private final int dimension;
    private final List<String> words = new ArrayList<>();
    private final String unit;
    private long[] places = new long[64]; // of each word in the file, in that unit
    private final Map<String, Integer> indices = new HashMap<>();
    private float[] values;

    /**
     * An empty collection.
     *
     * @param unit in what places are counted, line or byte
     * @param expected how many rows will come, as far as is known
     */
    VectorRows(ByteReader in, String unit, int dimension, int expected) {
        this.in = in;
        this.unit = unit;
        this.dimension = dimension;
        if ((long) expected * dimension > LARGEST) {
            throw in.damaged(expected + " vectors of " + dimension + " numbers are more than one array holds, "
                    + LARGEST + " numbers");
        }
        this.values = new float[expected * dimension];
    }

    /** Begins the row of a word. */
    void word(String word, long place) {
        String where = unit + " " + place;
        if (word.isEmpty()) {
            throw in.damaged(where + ": a vector without a word");
        }
        Integer before = indices.put(word, words.size());
        if (before != null) {
            throw in.damaged(where + ": the word '" + word + "' comes a second time; it stands on " + unit + " "
                    + places[before] + " already");
        }
        if (words.size() == places.length) {
            places = Arrays.copyOf(places, 2 * places.length);
        }
        places[words.size()] = place;
        words.add(word);
        long needed = (long) words.size() * dimension;
        if (needed > LARGEST) {
            throw in.damaged(where + ": more numbers than one array holds, " + LARGEST);
        }
        if (needed > values.length) {
            values = Arrays.copyOf(values, (int) Math.min(LARGEST, Math.max(needed, 2L * values.length)));
        }
    }

    /** Sets number j of the row begun last. */
    void number(int j, float value) {
        if (!Float.isFinite(value)) {
            int last = words.size() - 1;
            throw in.damaged(unit + " " + places[last] + ": number " + (j + 1) + " of '" + words.get(last) + "' is "
                    + value + "; only finite numbers make sense");
        }
        values[(words.size() - 1) * dimension + j] = value;
    }

    int dimension() {
        return dimension;
    }

    int size() {
        return words.size();
    }

    WordVectors vectors() {
        int used = words.size() * dimension;
        return new WordVectors(
                List.copyOf(words), indices, dimension, used == values.length ? values : Arrays.copyOf(values, used));
    }

    /**
     * The first line of both formats of word2vec, "V D".
     *
     * @param least how few bytes a vector of D numbers takes, for D
     * @return V and D, both plausible for the length of the file
     */
    static int[] header(ByteReader in, java.util.function.LongUnaryOperator least) throws java.io.IOException {
        byte[] line = Objects.requireNonNullElse(in.line(1 << 16), new byte[0]);
        if (line.length >= FASTTEXT.length && Arrays.equals(line, 0, FASTTEXT.length, FASTTEXT, 0, FASTTEXT.length)) {
            throw in.damaged(
                    "byte 0: this is no file of vectors but a model of fastText; FastTextModel.load reads it, and"
                            + " its wordVectors() are what was asked for");
        }
        String text = new String(line, StandardCharsets.ISO_8859_1).strip();
        String shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        if (!text.matches("\\d{1,18} \\d{1,18}")) {
            throw in.damaged("line 1: '" + shown + "' does not give the number of words and of numbers per word, as in"
                    + " '1000 100'; is the file of another format?");
        }
        long count = Long.parseLong(text.substring(0, text.indexOf(' ')));
        long dimension = Long.parseLong(text.substring(text.indexOf(' ') + 1));
        long left = in.length() - in.position();
        if (count < 1 || dimension < 1) {
            throw in.damaged("line 1: " + count + " words of " + dimension + " numbers; both must be at least 1");
        }
        if (dimension > left || count > left / least.applyAsLong(dimension)) {
            throw in.damaged("line 1 declares " + count + " words of " + dimension + " numbers, more than the " + left
                    + " bytes that follow can hold; the file is cut or damaged");
        }
        return new int[] {(int) Math.min(count, Integer.MAX_VALUE), (int) dimension};
    }

    /** Throws for a word that a line with spaces cannot hold. */
    static void requireWritable(WordVectors vectors, boolean spaces) {
        for (String word : vectors.words()) {
            boolean broken = word.indexOf('\n') >= 0 || word.indexOf('\r') >= 0 || (!spaces && word.indexOf(' ') >= 0);
            if (broken || !StandardCharsets.UTF_8.newEncoder().canEncode(word)) {
                throw new IllegalArgumentException("save: the word '"
                        + word.replace("\n", "\\n").replace("\r", "\\r") + "' cannot be written in this format: "
                        + (broken ? "it holds a space or the end of a line" : "it is not valid Unicode"));
            }
        }
    }
}
