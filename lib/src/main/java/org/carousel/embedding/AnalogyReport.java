package org.carousel.embedding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.carousel.files.internal.Failures;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * How many analogies the vectors answer, by category.
 *
 * <p>The questions come as in {@code questions-words.txt}: a line {@code : name} begins a category, each other line is
 * {@code a b c d}, a is to b as c is to d. A question with a word that has no vector is skipped and counted; a word
 * without a vector is tried in small letters first. The answer must be the first of all words but a, b and c.
 *
 * <p>Source: Mikolov, Chen, Corrado, Dean 2013, arXiv:1301.3781, section 4.1; there categories whose name begins with
 * "gram" are syntactic.
 *
 * @param categories in the order of the file
 */
public record AnalogyReport(List<Category> categories) {
    /** Questions whose products are computed together. */
    private static final int BATCH = 64;

    /** How the best answer is found, see {@link WordVectors#analogy} and {@link WordVectors#analogyMul}. */
    public enum Method {
        /** The sum of cosines. */
        ADD,
        /** The product of cosines. */
        MUL
    }

    /**
     * One kind of analogy.
     *
     * @param name its name
     * @param correct answered rightly
     * @param asked answered at all
     * @param skipped a word has no vector
     */
    public record Category(String name, int correct, int asked, int skipped) {
        /** The share of right answers, NaN when none was asked. */
        public double accuracy() {
            return asked == 0 ? Double.NaN : (double) correct / asked;
        }

        @Override
        public String toString() {
            return asked == 0
                    ? String.format(Locale.ROOT, "%-28s     -  (none of %d)", name, skipped)
                    : String.format(Locale.ROOT, "%-28s %5.1f %% (%d of %d)", name, 100 * accuracy(), correct, asked);
        }
    }

    private record Question(String category, int a, int b, int c, int d) {}

    /**
     * Asks all questions by the sum of cosines.
     *
     * @throws IllegalArgumentException when a line is not a category or four words; the message names it
     */
    public static AnalogyReport of(WordVectors vectors, List<String> lines) {
        return of(vectors, lines, Method.ADD);
    }

    /**
     * Asks all questions.
     *
     * @throws IllegalArgumentException when a line is not a category or four words; the message names it
     */
    public static AnalogyReport of(WordVectors vectors, List<String> lines, Method method) {
        Map<String, int[]> counts = new LinkedHashMap<>(); // correct, asked, skipped
        List<Question> asked = questions(vectors, lines, counts);
        int d = vectors.dimension();
        PackedMatrix packed = Kernels.active().pack(true, d, vectors.size(), vectors.values(), 0, d, null);
        for (int from = 0; from < asked.size(); from += BATCH) {
            List<Question> batch = asked.subList(from, Math.min(asked.size(), from + BATCH));
            boolean[] right = method == Method.ADD ? bySum(vectors, packed, batch) : byProduct(vectors, packed, batch);
            for (int i = 0; i < right.length; i++) {
                int[] count = counts.computeIfAbsent(batch.get(i).category, name -> new int[3]);
                count[0] += right[i] ? 1 : 0;
                count[1]++;
            }
        }
        return new AnalogyReport(counts.entrySet().stream()
                .map(e -> new Category(e.getKey(), e.getValue()[0], e.getValue()[1], e.getValue()[2]))
                .toList());
    }

    /** The share of right answers in all categories together, NaN when none was asked. */
    public double accuracy() {
        return total("total", name -> true).accuracy();
    }

    /** All categories whose names fulfil a condition together. */
    public Category total(String name, Predicate<String> which) {
        int[] sums = new int[3];
        for (Category c : categories) {
            if (which.test(c.name)) {
                sums[0] += c.correct;
                sums[1] += c.asked;
                sums[2] += c.skipped;
            }
        }
        return new Category(name, sums[0], sums[1], sums[2]);
    }

    /** The categories whose name does not begin with "gram". */
    public Category semantic() {
        return total("semantic", name -> !name.startsWith("gram"));
    }

    /** The categories whose name begins with "gram". */
    public Category syntactic() {
        return total("syntactic", name -> name.startsWith("gram"));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Category c : categories) {
            text.append(c).append('\n');
        }
        return text.append(total("total", name -> true)).toString();
    }

    // ------------------------------------------------------------------ how it is counted

    /** The row of a word or of the word in small letters, −1 when neither has a vector. */
    static int row(WordVectors vectors, String word) {
        int row = vectors.indexOf(word);
        return row >= 0 ? row : vectors.indexOf(word.toLowerCase(Locale.ROOT));
    }

    private static List<Question> questions(WordVectors vectors, List<String> lines, Map<String, int[]> counts) {
        List<Question> asked = new ArrayList<>();
        String category = "";
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n).strip();
            if (line.startsWith(":")) {
                category = line.substring(1).strip();
                counts.putIfAbsent(category, new int[3]);
            } else if (!line.isEmpty()) {
                String[] words = line.split("\\s+", -1);
                if (words.length != 4) {
                    throw new IllegalArgumentException("analogies: line " + (n + 1) + ": '" + Failures.shortened(line)
                            + "' is neither four words nor ': category'");
                }
                int[] rows = new int[4];
                boolean known = true;
                for (int k = 0; k < 4; k++) {
                    rows[k] = row(vectors, words[k]);
                    known &= rows[k] >= 0;
                }
                int[] count = counts.computeIfAbsent(category, name -> new int[3]);
                if (known) {
                    asked.add(new Question(category, rows[0], rows[1], rows[2], rows[3]));
                } else {
                    count[2]++;
                }
            }
        }
        return asked;
    }

    private static boolean[] bySum(WordVectors vectors, PackedMatrix packed, List<Question> batch) {
        int d = vectors.dimension();
        int v = vectors.size();
        float[] queries = new float[batch.size() * d];
        for (int i = 0; i < batch.size(); i++) {
            Question q = batch.get(i);
            System.arraycopy(vectors.offset(q.a, q.b, q.c), 0, queries, i * d, d);
        }
        float[] scores = cosines(vectors, packed, queries, batch.size());
        boolean[] right = new boolean[batch.size()];
        for (int i = 0; i < right.length; i++) {
            right[i] = isFirst(v, scores, i * v, batch.get(i));
        }
        return right;
    }

    private static boolean[] byProduct(WordVectors vectors, PackedMatrix packed, List<Question> batch) {
        int d = vectors.dimension();
        int v = vectors.size();
        float[] queries = new float[3 * batch.size() * d];
        for (int i = 0; i < batch.size(); i++) {
            Question q = batch.get(i);
            int[] rows = {q.a, q.b, q.c};
            for (int k = 0; k < 3; k++) {
                Kernels.active()
                        .addScaled(
                                d,
                                vectors.inverseNorms()[rows[k]],
                                vectors.values(),
                                rows[k] * d,
                                queries,
                                (3 * i + k) * d);
            }
        }
        float[] cosines = cosines(vectors, packed, queries, 3 * batch.size());
        boolean[] right = new boolean[batch.size()];
        float[] scores = new float[v];
        for (int i = 0; i < right.length; i++) {
            int a = 3 * i * v;
            for (int w = 0; w < v; w++) {
                scores[w] = WordVectors.mul(cosines[a + w], cosines[a + v + w], cosines[a + 2 * v + w]);
            }
            right[i] = isFirst(v, scores, 0, batch.get(i));
        }
        return right;
    }

    /** Every query with every word, [queries×V]. */
    private static float[] cosines(WordVectors vectors, PackedMatrix packed, float[] queries, int count) {
        int v = vectors.size();
        float[] scores = new float[Math.multiplyExact(count, v)];
        Kernels.active().matmulPacked(count, queries, 0, vectors.dimension(), packed, scores, 0, v);
        for (int i = 0; i < count; i++) {
            Kernels.active().multiply(v, scores, i * v, vectors.inverseNorms(), 0, scores, i * v);
        }
        return scores;
    }

    /** Whether no word but those of the question comes before d; of equal scores the first word counts. */
    private static boolean isFirst(int v, float[] scores, int at, Question q) {
        float best = scores[at + q.d];
        boolean first = q.d != q.a && q.d != q.b && q.d != q.c;
        for (int w = 0; w < v && first; w++) {
            boolean better = scores[at + w] > best || (scores[at + w] == best && w < q.d);
            first = !better || w == q.a || w == q.b || w == q.c;
        }
        return first;
    }
}
