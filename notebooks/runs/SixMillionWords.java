import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.carousel.data.Dataset;
import org.carousel.data.Datasets;
import org.carousel.embedding.AnalogyReport;
import org.carousel.embedding.Neighbour;
import org.carousel.embedding.SimilarityReport;
import org.carousel.embedding.WordVectors;
import org.carousel.embedding.counting.CountMatrices;
import org.carousel.embedding.counting.Glove;
import org.carousel.embedding.counting.Lsa;
import org.carousel.embedding.counting.SparseMatrix;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.tensor.RandomStream;

/**
 * A run of chapter 19d: the methods of chapters 19a to 19c on all of pd-english, 100 numbers per word, window 5, three
 * seeds each. What learns goes through the text five times, GloVe through its counts; counting goes through the text
 * once. After the marks stands what king - man + woman is nearest to, first with all words, then with the three words of
 * the question forbidden, and the place of queen. The arguments are the methods, of which there are also subwords and
 * GloVe. The log of this call lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/SixMillionWords.java CBOW skip-gram counting
 * </pre>
 */
class SixMillionWords {
    private final Corpus text;
    private final Vocabulary vocabulary;
    private final List<String> analogies;
    private final List<String> people;

    private SixMillionWords(Dataset english, Dataset tests) throws Exception {
        text = Corpus.of(english.path("pd-english.txt.gz"));
        vocabulary = Vocabulary.of(text, 5);
        analogies = tests.lines("questions-words.txt");
        people = tests.lines("wordsim353.tsv");
        System.out.println(vocabulary);
    }

    public static void main(String[] methods) throws Exception {
        SixMillionWords run = new SixMillionWords(Datasets.pdEnglish(), Datasets.wordEval());
        for (String method : methods) {
            switch (method) {
                case "counting" -> run.counting();
                case "CBOW" -> run.predicting(method, Word2Vec.cbow());
                case "skip-gram" -> run.predicting(method, Word2Vec.skipGram());
                case "subwords" -> run.predicting(method, Word2Vec.fastText());
                case "GloVe" -> run.glove();
                default -> throw new IllegalArgumentException("no such method: " + method);
            }
        }
    }

    private void predicting(String name, Word2Vec config) {
        for (long seed = 1; seed <= 3; seed++) {
            grade(name + ", 5 epochs", seed, config.epochs(5).seed(seed).train(text).wordVectors());
        }
    }

    private void counting() throws Exception {
        SparseMatrix weighted = CountMatrices.ppmi(counts(CountMatrices.Distance.FLAT), 0.75, 1);
        for (long seed = 1; seed <= 3; seed++) {
            Lsa found = Lsa.of(vocabulary.words(), weighted, 100, 0.5, RandomStream.of(seed));
            grade("PPMI and SVD", seed, found.words());
        }
    }

    private void glove() throws Exception {
        SparseMatrix counts = counts(CountMatrices.Distance.HARMONIC);
        for (long seed = 1; seed <= 3; seed++) {
            Glove model = Glove.of(counts, 100, 10, 0.05, RandomStream.of(seed));
            for (int epoch = 0; epoch < 5; epoch++) {
                model.epoch();
            }
            grade("GloVe, 5 epochs", seed, model.vectors(vocabulary.words()));
        }
    }

    private SparseMatrix counts(CountMatrices.Distance distance) throws Exception {
        try (Stream<List<String>> lines = text.lines()) {
            List<int[]> indices = lines.map(
                            line -> line.stream().mapToInt(vocabulary::index).toArray())
                    .toList();
            return CountMatrices.cooccurrence(indices, vocabulary.size(), 5, distance);
        }
    }

    private void grade(String name, long seed, WordVectors vectors) {
        AnalogyReport report = AnalogyReport.of(vectors, analogies);
        System.out.printf(
                Locale.ROOT,
                "%s, seed %d: analogies %.1f %% (semantic %.1f, syntactic %.1f), family %.1f %%, WordSim %.3f%n",
                name,
                seed,
                100 * report.accuracy(),
                100 * report.semantic().accuracy(),
                100 * report.syntactic().accuracy(),
                100 * report.total("family", "family"::equals).accuracy(),
                SimilarityReport.of(vectors, people).spearman());
        float[] sum = sum(vectors, "king", "man", "woman");
        List<Neighbour> answers = new ArrayList<>(vectors.nearest(sum, vectors.size(), "king", "man", "woman"));
        int place = answers.stream().map(Neighbour::word).toList().indexOf("queen");
        System.out.printf(
                "    king - man + woman: %s; without the three: %s; queen is number %d%n",
                names(vectors.nearest(sum, 4)), names(answers.subList(0, 5)), place + 1);
        System.out.flush();
    }

    /** a - b + c of vectors of length 1. */
    private static float[] sum(WordVectors vectors, String a, String b, String c) {
        float[] result = new float[vectors.dimension()];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (vectors.vector(a)[i] / vectors.norm(a)
                    - vectors.vector(b)[i] / vectors.norm(b)
                    + vectors.vector(c)[i] / vectors.norm(c));
        }
        return result;
    }

    private static String names(List<Neighbour> words) {
        return words.stream().map(Neighbour::word).collect(Collectors.joining(", "));
    }
}
