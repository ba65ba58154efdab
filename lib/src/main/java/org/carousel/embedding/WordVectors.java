package org.carousel.embedding;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * Words and their vectors: neighbours, analogies, similarities.
 *
 * <pre>
 * cos(a, b) = a·b / (‖a‖ ‖b‖)
 * nearest(q)        the words w with the largest cos(w, q)
 * analogy(a, b, c)  a is to b as c is to w: the largest cos(w, b̂ - â + ĉ), hats for unit vectors
 * </pre>
 *
 * <p>Every search is exact: it compares with all V words, 100,000 of 100 numbers within 5 milliseconds. The vectors are
 * held once, as they were given; only their lengths are kept beside them. A word whose vector is all zeros is similar to
 * nothing: its cosine is 0. Of two equally similar words the one with the smaller index comes first.
 *
 * <pre>{@code
 * WordVectors vectors = WordVectors.load(Path.of("vectors.bin"), VectorFormat.WORD2VEC_BINARY);
 * vectors.nearest("france", 5);
 * vectors.analogy("france", "paris", "italy", 1); // rome
 * }</pre>
 *
 * <p>Instances do not change and may be shared between threads.
 *
 * <p>Sources: Mikolov, Yih, Zweig: Linguistic regularities in continuous space word representations, NAACL 2013
 * (3CosAdd); Levy, Goldberg: Linguistic regularities in sparse and explicit word representations, CoNLL 2014 (3CosMul).
 */
public final class WordVectors {
    /** Keeps the quotient of 3CosMul finite; the value of Levy and Goldberg. */
    private static final float EPSILON = 0.001f;

    private final List<String> words;
    private final Map<String, Integer> indices;
    private final int dimension;
    private final float[] values; // [V×D]
    private final float[] inverseNorms; // 0 for a vector of zeros

    /** Over lists and arrays that were checked and that nobody else will change. */
    WordVectors(List<String> words, Map<String, Integer> indices, int dimension, float[] values) {
        this.words = words;
        this.indices = indices;
        this.dimension = dimension;
        this.values = values;
        this.inverseNorms = new float[words.size()];
        for (int i = 0; i < inverseNorms.length; i++) {
            double norm = Math.sqrt(Elementwise.sumOfSquares(dimension, values, i * dimension));
            inverseNorms[i] = norm == 0 ? 0 : (float) Math.min(1 / norm, Float.MAX_VALUE);
        }
    }

    /**
     * Vectors of words.
     *
     * @param words V different words, none empty; most frequent first, where that is known
     * @param matrix [V×D], whose numbers are copied
     * @throws IllegalArgumentException when the sizes do not fit, a word comes twice or is empty, or a number is not
     *     finite; the message names the word
     */
    public static WordVectors of(Collection<String> words, Tensor matrix) {
        if (matrix.rank() != 2 || matrix.size(0) != words.size() || matrix.size(1) == 0) {
            throw new IllegalArgumentException("word vectors: " + words.size() + " words need a matrix [" + words.size()
                    + "×D], not " + matrix.shapeText());
        }
        return adopt(List.copyOf(words), matrix.size(1), matrix.toArray());
    }

    /** Vectors over an array that nobody else will change. */
    static WordVectors adopt(List<String> words, int dimension, float[] values) {
        Map<String, Integer> indices = new HashMap<>(2 * words.size());
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.isEmpty()) {
                throw new IllegalArgumentException("word vectors: word " + i + " is empty");
            }
            Integer before = indices.put(word, i);
            if (before != null) {
                throw new IllegalArgumentException("word vectors: '" + word + "' comes twice, as word " + before
                        + " and as word " + i + "; which vector would be meant?");
            }
            if (!Elementwise.allFinite(dimension, values, i * dimension)) {
                throw new IllegalArgumentException(
                        "word vectors: the vector of '" + word + "' (word " + i + ") has NaN or infinite numbers");
            }
        }
        return new WordVectors(words, indices, dimension, values);
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when the file is damaged or of another format; names the file, the line or byte,
     *     and what is wrong
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static WordVectors load(Path file, VectorFormat format) {
        return format.read(file);
    }

    /**
     * Writes a file: aside first, then renamed, so that a failure leaves an older file as it was.
     *
     * @throws IllegalArgumentException when a word cannot be written in this format, such as one with a space
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public void save(Path file, VectorFormat format) {
        format.write(file, this);
    }

    // ------------------------------------------------------------------ what is here

    /** V, the number of words. */
    public int size() {
        return words.size();
    }

    /** D, the numbers of a vector. */
    public int dimension() {
        return dimension;
    }

    /** The words in order. */
    public List<String> words() {
        return words;
    }

    /** Whether there is a vector for this word. */
    public boolean contains(String word) {
        return indices.containsKey(word);
    }

    /** The row of a word, −1 when it is unknown. */
    public int indexOf(String word) {
        return indices.getOrDefault(word, -1);
    }

    /**
     * A copy of the vector of a word [D].
     *
     * @throws IllegalArgumentException when the word is unknown
     */
    public float[] vector(String word) {
        int at = row(word) * dimension;
        return Arrays.copyOfRange(values, at, at + dimension);
    }

    /** A copy of all vectors [V×D]. */
    public Tensor matrix() {
        return Tensor.wrap(values.clone(), words.size(), dimension);
    }

    /** The length ‖w‖ of a word's vector. */
    public double norm(String word) {
        return Math.sqrt(Elementwise.sumOfSquares(dimension, values, row(word) * dimension));
    }

    /**
     * The vectors of some words only, in the given order.
     *
     * @throws IllegalArgumentException when a word is unknown or comes twice
     */
    public WordVectors select(Collection<String> some) {
        float[] chosen = new float[Math.multiplyExact(some.size(), dimension)];
        int to = 0;
        for (String word : some) {
            System.arraycopy(values, row(word) * dimension, chosen, to, dimension);
            to += dimension;
        }
        return adopt(List.copyOf(some), dimension, chosen);
    }

    /** The same directions with length 1; a vector of zeros stays as it is. */
    public WordVectors normalized() {
        float[] unit = values.clone();
        for (int i = 0; i < words.size(); i++) {
            Elementwise.scale(dimension, inverseNorms[i], unit, i * dimension);
        }
        return new WordVectors(words, indices, dimension, unit);
    }

    // ------------------------------------------------------------------ questions

    /**
     * The cosine of two words, in [−1, 1].
     *
     * @throws IllegalArgumentException when a word is unknown
     */
    public double similarity(String a, String b) {
        int i = row(a);
        int j = row(b);
        float[] dot = new float[1];
        Kernels.active().rowDots(1, dimension, values, i * dimension, dimension, values, j * dimension, dot, 0);
        return Math.max(-1, Math.min(1, (double) dot[0] * inverseNorms[i] * inverseNorms[j]));
    }

    /**
     * The words most similar to a word, without itself.
     *
     * @param count how many, at least 1
     * @throws IllegalArgumentException when the word is unknown
     */
    public List<Neighbour> nearest(String word, int count) {
        return best(cosines(vector(word)), count, row(word));
    }

    /**
     * The words most similar to a vector.
     *
     * @param query [D]
     * @param count how many, at least 1
     * @param without words that are not to be found
     * @throws IllegalArgumentException when the query has another size or is not finite, or a word is unknown
     */
    public List<Neighbour> nearest(float[] query, int count, String... without) {
        if (query.length != dimension || !Elementwise.allFinite(dimension, query, 0)) {
            throw new IllegalArgumentException("nearest: a query of " + query.length + " numbers"
                    + (query.length == dimension ? " with NaN or infinity" : "") + "; " + dimension
                    + " finite numbers are needed");
        }
        return best(cosines(query), count, rows(without));
    }

    /**
     * The answers to: a is to b as c is to what? By the sum of cosines (3CosAdd):
     *
     * <pre>
     * argmax_w cos(w, b) - cos(w, a) + cos(w, c), scaled to the cosine with b̂ - â + ĉ
     * </pre>
     *
     * <p>The three words themselves are not answers.
     *
     * @throws IllegalArgumentException when a word is unknown
     */
    public List<Neighbour> analogy(String a, String b, String c, int count) {
        return best(cosines(offset(row(a), row(b), row(c))), count, row(a), row(b), row(c));
    }

    /**
     * The answers to: a is to b as c is to what? By the product of cosines (3CosMul), where no large term can outweigh
     * the others:
     *
     * <pre>
     * argmax_w s(w, b) s(w, c) / (s(w, a) + ε)      s = (1 + cos) / 2, ε = 0.001
     * </pre>
     *
     * @throws IllegalArgumentException when a word is unknown
     */
    public List<Neighbour> analogyMul(String a, String b, String c, int count) {
        float[] scores = mul(cosines(vector(a)), cosines(vector(b)), cosines(vector(c)));
        return best(scores, count, row(a), row(b), row(c));
    }

    /**
     * The word that does not belong to the others: the one with the smallest mean cosine with them.
     *
     * @param group at least 3 different words
     * @throws IllegalArgumentException when a word is unknown, or the words are too few or not different
     */
    public String outlier(String... group) {
        if (group.length < 3 || Set.copyOf(Arrays.asList(group)).size() < group.length) {
            throw new IllegalArgumentException(
                    "outlier: " + Arrays.toString(group) + "; at least 3 different words are needed");
        }
        double lowest = Double.POSITIVE_INFINITY;
        String outlier = group[0];
        for (String word : group) {
            double sum = 0;
            for (String other : group) {
                sum += word.equals(other) ? 0 : similarity(word, other);
            }
            if (sum < lowest) {
                lowest = sum;
                outlier = word;
            }
        }
        return outlier;
    }

    /**
     * Coordinates of all words along the directions in which they differ most, for plots: [V][components].
     *
     * @see PrincipalComponents
     */
    public double[][] pca(int components) {
        return PrincipalComponents.of(Tensor.wrap(values, words.size(), dimension), components)
                .project(Tensor.wrap(values, words.size(), dimension));
    }

    // ------------------------------------------------------------------ how they are answered

    private int row(String word) {
        int row = indexOf(word);
        if (row < 0) {
            throw new IllegalArgumentException("word vectors: '" + word + "' is none of the " + size() + " words");
        }
        return row;
    }

    private int[] rows(String... some) {
        return Arrays.stream(some).mapToInt(this::row).toArray();
    }

    /** b̂ - â + ĉ of three rows, not of length 1. */
    float[] offset(int a, int b, int c) {
        float[] query = new float[dimension];
        Kernels kernels = Kernels.active();
        kernels.addScaled(dimension, inverseNorms[b], values, b * dimension, query, 0);
        kernels.addScaled(dimension, -inverseNorms[a], values, a * dimension, query, 0);
        kernels.addScaled(dimension, inverseNorms[c], values, c * dimension, query, 0);
        return query;
    }

    /** The cosines of all words with a query [V]. */
    private float[] cosines(float[] query) {
        float[] unit = query.clone();
        double norm = Math.sqrt(Elementwise.sumOfSquares(dimension, query, 0));
        Elementwise.scale(dimension, norm == 0 ? 0 : (float) Math.min(1 / norm, Float.MAX_VALUE), unit, 0);
        float[] scores = new float[size()];
        Kernels kernels = Kernels.active();
        kernels.rowDots(size(), dimension, values, 0, dimension, unit, 0, scores, 0);
        kernels.multiply(size(), scores, 0, inverseNorms, 0, scores, 0);
        return scores;
    }

    private static float[] mul(float[] a, float[] b, float[] c) {
        float[] scores = new float[a.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = mul(a[i], b[i], c[i]);
        }
        return scores;
    }

    /** The score of 3CosMul of one word from its three cosines. */
    static float mul(float a, float b, float c) {
        return (1 + b) / 2 * ((1 + c) / 2) / ((1 + a) / 2 + EPSILON);
    }

    /** The words with the highest scores, best first. */
    private List<Neighbour> best(float[] scores, int count, int... without) {
        if (count < 1) {
            throw new IllegalArgumentException("nearest: " + count + " neighbours; ask for at least 1");
        }
        for (int row : without) {
            scores[row] = Float.NEGATIVE_INFINITY;
        }
        int[] rows = new int[Math.min(count, scores.length)];
        int found = 0;
        for (int i = 0; i < scores.length; i++) {
            float score = scores[i];
            if (score > Float.NEGATIVE_INFINITY && (found < rows.length || score > scores[rows[found - 1]])) {
                int at = found < rows.length ? found++ : found - 1;
                for (; at > 0 && score > scores[rows[at - 1]]; at--) {
                    rows[at] = rows[at - 1];
                }
                rows[at] = i;
            }
        }
        List<Neighbour> best = new ArrayList<>(found);
        for (int k = 0; k < found; k++) {
            best.add(new Neighbour(words.get(rows[k]), scores[rows[k]]));
        }
        return best;
    }

    /** The vectors themselves [V×D], not to be changed: for the classes of this package that read them all. */
    float[] values() {
        return values;
    }

    /** 1/‖w‖ of every word, not to be changed. */
    float[] inverseNorms() {
        return inverseNorms;
    }

    @Override
    public String toString() {
        return size() + " words of " + dimension + " numbers";
    }
}
