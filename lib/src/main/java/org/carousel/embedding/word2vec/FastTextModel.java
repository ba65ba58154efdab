package org.carousel.embedding.word2vec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.carousel.embedding.WordVectors;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * A model that fastText trained: vectors of words, of words never seen, and labels for lines.
 *
 * <pre>
 * w = (v_w + Σ v_g) / (1 + n)      the n-grams g of a known word and its own row
 * w = Σ v_g / n                    the n n-grams of a word never seen
 * </pre>
 *
 * <p>The file is what fastText and gensim write as {@code .bin}, or {@code .ftz} when it is quantised: versions 11 and 12,
 * skip-gram, CBOW and classifiers. Vectors are equal to fastText's to the last bit; of quantised rows with norms to a
 * rounding per row, because here product and sum have one.
 *
 * <pre>{@code
 * FastTextModel english = FastTextModel.load(Path.of("cc.en.300.bin"));
 * float[] vector = english.vector("mispelled").orElseThrow();
 * WordVectors frequent = english.wordVectors(100_000);
 * frequent.nearest(vector, 5);
 * FastTextModel.load(Path.of("lid.176.ftz")).classify("Wo ist der Bahnhof?", 3); // {__label__de=..., ...}
 * }</pre>
 *
 * <p>The input matrix is held in memory, 4·D bytes for every word and bucket: 4.8 GB for the model of that example, the
 * output matrix of which is not. {@code </s>}, the end of a line, is a word without n-grams. Labels have no vector; fastText
 * answers with a row of something else. Words that are not UTF-8 show the wrong bytes as {@code \xe9}, as in gensim.
 *
 * <p>Instances do not change and may be shared between threads.
 *
 * <p>Sources: Bojanowski et al. 2017, arXiv 1607.04606, doi:10.1162/tacl_a_00051; Joulin et al. 2017, arXiv 1607.01759
 * (classifiers); Joulin et al. 2016, arXiv 1612.03651 (quantisation).
 */
public final class FastTextModel {
    private final String kind;
    private final int dimension;
    private final FastTextDictionary dictionary;
    private final FastTextRows input;
    private final @Nullable FastTextOutput output;

    FastTextModel(
            String kind,
            int dimension,
            FastTextDictionary dictionary,
            FastTextRows input,
            @Nullable FastTextOutput output) {
        this.kind = kind;
        this.dimension = dimension;
        this.dictionary = dictionary;
        this.input = input;
        this.output = output;
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when the file is damaged, of another format, or larger than the heap; names the
     *     file, the byte, and what is wrong
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static FastTextModel load(Path file) {
        return FastTextFile.read(file);
    }

    /** All words, the most frequent first; the end of a line, {@code </s>}, is one. */
    public List<String> words() {
        return dictionary.words();
    }

    /** All labels with their {@code __label__}, the most frequent first; none unless the model classifies. */
    public List<String> labels() {
        return dictionary.labels();
    }

    /** D, the numbers of a vector. */
    public int dimension() {
        return dimension;
    }

    /** The vector of a word [D]; a word never seen has one when it has n-grams and the model has rows for them. */
    public Optional<float[]> vector(String word) {
        int[] rows = dictionary.word(word);
        return rows.length == 0 ? Optional.empty() : Optional.of(mean(rows));
    }

    /** All words with their vectors: {@link #wordVectors(int)}. */
    public WordVectors wordVectors() {
        return wordVectors(words().size());
    }

    /**
     * The most frequent words with their vectors: neighbours, analogies, files that others read.
     *
     * <p>Takes 8·D bytes for each of them while it works, half of which it keeps.
     *
     * @param most how many at most, at least 1; their numbers are no more than one array holds, about 2^31
     */
    public WordVectors wordVectors(int most) {
        int count = Math.min(most, words().size());
        if (count < 1 || (long) count * dimension > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("wordVectors: " + count + " words of " + dimension
                    + " numbers; at least one word and at most " + (Integer.MAX_VALUE - 8)
                    + " numbers are possible, wordVectors(" + Math.max(1, (Integer.MAX_VALUE - 8) / dimension) + ")");
        }
        float[] values = new float[count * dimension];
        Parallel.over(count, 20L * count * dimension, (from, to) -> {
            for (int i = from; i < to; i++) {
                System.arraycopy(mean(dictionary.word(words().get(i))), 0, values, i * dimension, dimension);
            }
        });
        return WordVectors.of(words().subList(0, count), Tensor.wrap(values, count, dimension));
    }

    /**
     * The most probable labels of a line of text, each with its probability, the most probable first. Words are what stands
     * between blanks: bring the line into the form of the lines of the training. Labels in it are passed over. A line of
     * which the model knows nothing has none.
     *
     * <p>With softmax, plain or hierarchical, the probabilities of all labels add up to 1; with one versus all and negative
     * sampling each label has a probability of its own. fastText's program adds 0.00001 to each, with hierarchical softmax to
     * each factor, leaves out what is below 0.00001 there, and takes sigmoids of single labels from a table of 512 steps,
     * which makes them up to 0.008 smaller; what is nearly equal may come in another order there.
     *
     * @param count how many labels at most, at least 1
     * @throws IllegalArgumentException when the text is more than one line
     * @throws IllegalStateException when the model has no labels
     */
    public Map<String, Double> classify(String line, int count) {
        if (output == null) {
            throw new IllegalStateException("classify: " + this + ", and no classifier: it has no labels");
        }
        if (count < 1 || line.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("classify: " + count + " labels of a text of "
                    + line.lines().count() + " lines; ask for at least 1 label of one line at a time");
        }
        Map<String, Double> found = new LinkedHashMap<>();
        int[] rows = dictionary.line(line);
        if (rows.length > 0) {
            double[] p = output.probabilities(mean(rows));
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, p.length).boxed().toList());
            order.sort(Comparator.comparingDouble(k -> -p[k]));
            order.stream().limit(count).forEach(k -> found.put(labels().get(k), p[k]));
        }
        return found;
    }

    /** The mean of rows of the input matrix. */
    private float[] mean(int[] rows) {
        float[] sum = new float[dimension];
        for (int row : rows) {
            input.add(row, sum);
        }
        Elementwise.scale(dimension, (float) (1.0 / rows.length), sum, 0);
        return sum;
    }

    @Override
    public String toString() {
        String labels = labels().isEmpty() ? "" : ", " + labels().size() + " labels";
        Subwords subwords = dictionary.subwords();
        String ngrams = subwords == null
                ? ""
                : ", n-grams of " + subwords.shortest() + " to " + subwords.longest() + " characters";
        return "fastText's " + kind + ": " + words().size() + " words of " + dimension + " numbers" + ngrams + labels;
    }
}
