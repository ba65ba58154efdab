package org.carousel.embedding.word2vec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.carousel.embedding.word2vec.FastTextOutput.Loss;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.jspecify.annotations.Nullable;

/**
 * The files of fastText's {@code save_model}, all numbers in little-endian order:
 *
 * <pre>
 * magic, version                                                     int32 each
 * dim, ws, epoch, minCount, neg, wordNgrams, loss, model,
 * bucket, minn, maxn, lrUpdateRate                                   int32 each
 * t                                                                  float64
 * entries, words, labels; tokens, kept buckets or -1                 int32 each; int64 each
 * every entry: its bytes, 0, its count, 0 for a word or 1 for a label          int64, int8
 * every kept bucket: its number, its row after the words             int32 each
 * whether the input matrix is quantised, then that matrix            int8
 * whether the output matrix is, if the input is, then that matrix    int8
 *
 * matrix: rows, columns, numbers                                     int64 each, float32
 * quantised: whether norms are, rows, columns, number of codes       int8, int64 each, int32
 *            codes, centroids [codes of norms, their centroids]      int8 each
 * centroids: columns, runs, width of a run, of the last              int32 each
 *            256 for every run                                       float32
 * </pre>
 *
 * <p>Checked against fastText at commit 1142dc4 (src/args.cc, dictionary.cc, fasttext.cc, densematrix.cc, quantmatrix.cc,
 * productquantizer.cc).
 */
final class FastTextFile {
    private static final int MAGIC = 793712314;
    private static final int LONGEST_WORD = 1 << 16;
    private static final int LEAST_ENTRY = 11; // a word of one byte, the 0 after it, count, kind
    private static final int BLOCK = 1 << 18; // numbers in an array, if a row is not longer

    /** In the order of their numbers, from 1; the same holds for the losses. */
    private static final List<String> KINDS = List.of("CBOW", "skip-gram", "classifier");

    private static final List<Loss> LOSSES =
            List.of(Loss.HIERARCHICAL_SOFTMAX, Loss.NEGATIVE_SAMPLING, Loss.SOFTMAX, Loss.ONE_VERSUS_ALL);

    private static final String CUT = "; the file is cut or damaged";

    private final ByteReader in;
    private int dimension;

    private FastTextFile(ByteReader in) {
        this.in = in;
    }

    static FastTextModel read(Path file) {
        try (ByteReader in = ByteReader.of(file)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static FastTextModel read(ByteReader in) throws IOException {
        return new FastTextFile(in).model();
    }

    private FastTextModel model() throws IOException {
        int version = version();
        ByteBuffer args = take(12 * 4 + 8, "the arguments of the training");
        dimension = within("dim", args.getInt(0), 1, Integer.MAX_VALUE / 4 / FastTextRows.Centroids.CODES);
        int wordNgrams = args.getInt(20);
        Loss loss = LOSSES.get(within("loss", args.getInt(24), 1, 4) - 1);
        int model = within("model", args.getInt(28), 1, 3);
        int buckets = within("bucket", args.getInt(32), 0, Integer.MAX_VALUE);
        boolean classifies = model == KINDS.size();
        int longest = classifies && version == 11 ? 0 : args.getInt(40); // as fastText reads what it once ignored
        int shortest = Math.max(1, args.getInt(36));
        Subwords subwords = longest < shortest || buckets == 0 ? null : new Subwords(shortest, longest, buckets);
        Entries entries = entries(subwords, wordNgrams, buckets);
        FastTextDictionary dictionary = entries.dictionary;
        long place = in.position();
        boolean quantized = flag("whether the input matrix is quantised");
        if (dictionary.kept() != null && !quantized) {
            throw in.damaged(
                    "byte " + place + ": a pruned dictionary and an input matrix that is not quantised; fastText"
                            + " refuses such a model, too, and asks for its newer version");
        }
        boolean ngrams = subwords != null || (classifies && wordNgrams > 1);
        long rows = dictionary.kept() != null ? dictionary.kept().size() : ngrams ? buckets : 0;
        FastTextRows input = matrix(quantized, dictionary.words().size() + rows, "input");
        FastTextOutput output = output(classifies ? loss : null, entries.counts, quantized);
        return new FastTextModel(KINDS.get(model - 1), dimension, dictionary, input, output);
    }

    /** The last part of the file; of a model without labels, where loss is null, only its length matters. */
    private @Nullable FastTextOutput output(@Nullable Loss loss, long[] counts, boolean quantized) throws IOException {
        long place = in.position();
        boolean quantizedOutput = flag("whether the output matrix is quantised") && quantized;
        FastTextOutput output = null;
        long unread = 0;
        if (loss == null && !quantizedOutput) {
            unread = 4L * dimension * shape(0, "output").rows;
        } else {
            FastTextRows rows = matrix(quantizedOutput, loss == null ? 0 : counts.length, "output");
            output = loss == null ? null : new FastTextOutput(loss, rows, counts);
        }
        if (loss != null && counts.length == 0) {
            throw in.damaged("byte " + place + ": the output of a classifier that has no labels");
        }
        long end = in.position() + unread;
        if (end < in.length()) {
            throw in.damaged("byte " + end + ": " + (in.length() - end) + " bytes more than the output matrix has");
        }
        return output;
    }

    private int version() throws IOException {
        ByteBuffer first = take(8, "the first two numbers");
        if (first.getInt(0) != MAGIC) {
            throw in.damaged("byte 0: the file begins with " + first.getInt(0) + " and not with " + MAGIC
                    + "; is it another format, or of fastText before 2017?");
        }
        int version = first.getInt(4);
        if (version != 11 && version != 12) {
            throw in.damaged("byte 4: version " + version + " of fastText's files; 11 and 12 are read");
        }
        return version;
    }

    private ByteBuffer take(int count, String what) throws IOException {
        return ByteBuffer.wrap(in.exactly(count, what)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int within(String name, int value, int from, int to) {
        if (value < from || value > to) {
            throw in.damaged("bytes 8 to 63, the arguments of the training: " + name + " is " + value + ", not from "
                    + from + " to " + to);
        }
        return value;
    }

    private boolean flag(String what) throws IOException {
        long place = in.position();
        byte value = take(1, what).get();
        if (value != 0 && value != 1) {
            throw in.damaged("byte " + place + ": " + what + " is told by " + value + ", not by 0 or 1");
        }
        return value == 1;
    }

    // ------------------------------------------------------------------ words and labels

    /** The counts are those of the labels. */
    private record Entries(FastTextDictionary dictionary, long[] counts) {}

    private Entries entries(@Nullable Subwords subwords, int wordNgrams, int buckets) throws IOException {
        long place = in.position();
        ByteBuffer sizes = take(3 * 4 + 2 * 8, "the sizes of the dictionary");
        int size = sizes.getInt();
        int wordCount = sizes.getInt();
        int labelCount = sizes.getInt();
        sizes.getLong(); // all words of the text
        long kept = sizes.getLong();
        if (wordCount < 1 || labelCount < 0 || (long) wordCount + labelCount != size) {
            throw in.damaged("byte " + place + ": a dictionary of " + size + " entries, " + wordCount + " words and "
                    + labelCount + " labels; there must be a word, and the sum be right");
        }
        long left = in.length() - in.position();
        if (size > left / LEAST_ENTRY || kept < -1 || kept > left / 8 || kept > buckets) {
            throw in.damaged("byte " + place + ": a dictionary of " + size + " words and labels and " + kept
                    + " kept of " + buckets + " buckets, more than the " + left + " bytes that follow can hold"
                    + CUT);
        }
        String[] names = new String[size];
        long[] counts = new long[labelCount];
        Map<String, Integer> indices = new HashMap<>();
        Map<Integer, byte[]> raw = new HashMap<>();
        for (int i = 0; i < size; i++) {
            long at = in.position();
            byte[] word = in.until(0, LONGEST_WORD, "a word");
            String text = new String(word, StandardCharsets.UTF_8);
            boolean isText = Arrays.equals(word, text.getBytes(StandardCharsets.UTF_8));
            names[i] = isText ? text : escaped(word);
            Integer before = indices.put(names[i], i);
            if (word.length == 0 || before != null) {
                throw in.damaged("byte " + at + ": word " + i + ", '" + names[i] + "', "
                        + (before == null ? "is empty" : "is word " + before + " already"));
            }
            if (!isText) {
                raw.put(i, word);
            }
            ByteBuffer rest = take(9, "count and kind of '" + names[i] + "'");
            byte isLabel = rest.get(8);
            if (isLabel != (i < wordCount ? 0 : 1)) {
                throw in.damaged("byte " + at + ": '" + names[i] + "' is of the kind " + isLabel + "; the first "
                        + wordCount + " must be words, 0, all others labels, 1");
            }
            if (isLabel == 1) {
                counts[i - wordCount] = rest.getLong(0);
            }
        }
        List<String> words = List.of(names).subList(0, wordCount);
        List<String> labels = List.of(names).subList(wordCount, size);
        FastTextDictionary dictionary = new FastTextDictionary(
                words,
                labels,
                indices,
                raw,
                subwords,
                wordNgrams,
                buckets,
                kept < 0 ? null : kept((int) kept, buckets));
        return new Entries(dictionary, counts);
    }

    /** Text of bytes, those that are not UTF-8 as {@code \xe9}: crawled texts have such words, which gensim shows so, too. */
    private static String escaped(byte[] word) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // stops where something is wrong
        ByteBuffer from = ByteBuffer.wrap(word);
        CharBuffer to = CharBuffer.allocate(4 * word.length);
        for (CoderResult end = decoder.decode(from, to, true); end.isError(); end = decoder.decode(from, to, true)) {
            for (int k = 0; k < end.length(); k++) {
                byte bad = from.get();
                to.put("\\x").put(Character.forDigit(bad >> 4 & 15, 16)).put(Character.forDigit(bad & 15, 16));
            }
        }
        return to.flip().toString();
    }

    private Map<Integer, Integer> kept(int count, int buckets) throws IOException {
        Map<Integer, Integer> kept = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long place = in.position();
            ByteBuffer pair = take(8, "a kept bucket");
            int bucket = pair.getInt();
            int row = pair.getInt();
            if (bucket < 0 || bucket >= buckets || row < 0 || row >= count || kept.put(bucket, row) != null) {
                throw in.damaged("byte " + place + ": bucket " + bucket + " of " + buckets + " has row " + row + " of "
                        + count + ", or has one already");
            }
        }
        return kept;
    }

    // ------------------------------------------------------------------ matrices

    private FastTextRows matrix(boolean quantized, long least, String which) throws IOException {
        return quantized ? quantized(least, which) : dense(shape(least, which), which);
    }

    private record Shape(long place, long rows) {}

    /** The size of a matrix, which the rest of the file can hold. */
    private Shape shape(long least, String which) throws IOException {
        Shape shape = rows(least, which);
        long left = in.length() - in.position();
        if (shape.rows > left / (4L * dimension)) {
            throw in.damaged("byte " + shape.place + ": the " + which + " matrix has " + shape.rows + " rows of "
                    + dimension + " numbers, more than the " + left + " bytes that follow can hold" + CUT);
        }
        return shape;
    }

    private Shape rows(long least, String which) throws IOException {
        long place = in.position();
        ByteBuffer sizes = take(2 * 8, "the sizes of the " + which + " matrix");
        long rows = sizes.getLong();
        long columns = sizes.getLong();
        if (columns != dimension || rows < least || rows > Integer.MAX_VALUE) {
            throw in.damaged("byte " + place + ": the " + which + " matrix is [" + rows + "×" + columns
                    + "]; words, labels and buckets need at least " + least + " rows, of " + dimension + " numbers");
        }
        return new Shape(place, rows);
    }

    private FastTextRows dense(Shape shape, String which) throws IOException {
        int rows = (int) shape.rows;
        long bytes = 4L * rows * dimension;
        if (bytes > Runtime.getRuntime().maxMemory()) {
            throw tooLarge(shape, which, bytes);
        }
        int rowsPerBlock = Math.max(1, BLOCK / dimension);
        float[][] blocks = new float[(int) (((long) rows + rowsPerBlock - 1) / rowsPerBlock)][];
        try {
            for (int b = 0; b < blocks.length; b++) {
                int some = Math.min(rowsPerBlock, rows - b * rowsPerBlock);
                blocks[b] = numbers(some * dimension, "the " + which + " matrix");
            }
        } catch (OutOfMemoryError e) { // what else is in the heap is not known before
            Arrays.fill(blocks, null);
            throw tooLarge(shape, which, bytes);
        }
        return new FastTextRows.Dense(blocks, rowsPerBlock, dimension);
    }

    private IllegalArgumentException tooLarge(Shape shape, String which, long bytes) {
        long most = Runtime.getRuntime().maxMemory();
        long gigabytes = ((bytes * 5 / 4) >> 30) + 2; // a collector keeps a part for what is young
        return in.damaged(String.format(
                Locale.ROOT,
                "byte %d: the %s matrix of %,d rows of %,d numbers takes %.1f GB, and the heap of this Java is at most %.1f"
                        + " GB, of which other things take their part; java -Xmx%dg gives it more, in notebooks"
                        + " JAVA_TOOL_OPTIONS=-Xmx%dg in the environment of Jupyter",
                shape.place,
                which,
                shape.rows,
                dimension,
                bytes * 1e-9,
                most * 1e-9,
                gigabytes,
                gigabytes));
    }

    /** So many numbers, which must be finite. */
    private float[] numbers(int count, String what) throws IOException {
        long place = in.position();
        float[] numbers = new float[count];
        take(4 * count, what).asFloatBuffer().get(numbers);
        if (!Elementwise.allFinite(count, numbers, 0)) {
            int bad = 0;
            while (Float.isFinite(numbers[bad])) {
                bad++;
            }
            throw in.damaged("byte " + (place + 4L * bad) + ": " + what + " has the number " + numbers[bad]
                    + "; only finite numbers make sense");
        }
        return numbers;
    }

    private FastTextRows quantized(long least, String which) throws IOException {
        String what = "the quantised " + which + " matrix";
        boolean hasNorms = flag("whether the norms of " + what + " are quantised");
        Shape shape = rows(least, which);
        int rows = (int) shape.rows;
        int size = take(4, "the number of codes of " + what).getInt();
        if (size < rows) {
            throw in.damaged("byte " + shape.place + ": " + size + " codes for " + rows + " rows of " + what);
        }
        byte[] codes = in.exactly(size, "the codes of " + what);
        long place = in.position();
        FastTextRows.Centroids centroids = centroids(dimension, what);
        if ((long) rows * centroids.runs() != size) {
            throw in.damaged("byte " + place + ": " + what + " has " + size + " codes for " + rows + " rows of "
                    + centroids.runs() + " runs of columns");
        }
        if (!hasNorms) {
            return new FastTextRows.Quantized(codes, centroids, row -> 1);
        }
        byte[] norms = in.exactly(rows, "the codes of norms of " + what);
        float[] values = centroids(1, "the norms of " + what).values();
        return new FastTextRows.Quantized(codes, centroids, row -> values[norms[row] & 0xff]);
    }

    private FastTextRows.Centroids centroids(int columns, String what) throws IOException {
        long place = in.position();
        ByteBuffer sizes = take(4 * 4, "the sizes of the centroids of " + what);
        int width = sizes.getInt(8);
        FastTextRows.Centroids empty = new FastTextRows.Centroids(columns, Math.max(1, width), new float[0]);
        boolean fits = sizes.getInt(0) == columns
                && sizes.getInt(4) == empty.runs()
                && width >= 1
                && sizes.getInt(12) == empty.width(empty.runs() - 1);
        long count = (long) FastTextRows.Centroids.CODES * columns;
        if (!fits || count > (in.length() - in.position()) / 4) {
            throw in.damaged("byte " + place + ": centroids of " + what + " for " + sizes.getInt(0) + " columns in "
                    + sizes.getInt(4) + " runs of " + width + ", the last of " + sizes.getInt(12) + "; " + columns
                    + " columns are expected, and as many bytes as they need");
        }
        return new FastTextRows.Centroids(columns, width, numbers((int) count, "the centroids of " + what));
    }
}
