import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.carousel.data.Datasets;
import org.carousel.data.TaggedSentences;
import org.carousel.data.TaggedSentences.Sentence;
import org.carousel.labelling.Crf;
import org.carousel.labelling.Labels;
import org.carousel.labelling.Lexicon;
import org.carousel.labelling.Spans;
import org.carousel.labelling.WordTagger;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The fourth long run of chapter 15: names in the English Web Treebank. A name is a run of proper nouns (NNP, NNPS); B-NAME
 * begins one and I-NAME goes on with it. The same tagger with a softmax at every word and with a conditional random field,
 * three seeds each, the test part asked once. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/NameSpans.java BATCHES
 * </pre>
 */
class NameSpans {
    private static final List<String> BIO = List.of("O", "B-NAME", "I-NAME");

    public static void main(String[] arguments) {
        int batches = Integer.parseInt(arguments[0]);
        TaggedSentences ewt = TaggedSentences.of(Datasets.udEwt());
        List<Sentence> training = new ArrayList<>(ewt.training());
        training.sort(Comparator.comparingInt(s -> s.words().size())); // batches of about one length
        Lexicon lexicon = Lexicon.of(training.stream().map(Sentence::words).toList(), 2);
        for (long seed = 1; seed <= 3; seed++) {
            for (boolean field : new boolean[] {false, true}) {
                train(lexicon, training, ewt.test(), field, seed, batches);
            }
        }
    }

    private static void train(
            Lexicon lexicon, List<Sentence> training, List<Sentence> test, boolean field, long seed, int batches) {
        long begin = System.nanoTime();
        RandomStream random = RandomStream.of(seed);
        RandomStream pick = random.split("pick");
        RandomStream drop = random.split("drop");
        WordTagger net =
                WordTagger.of(lexicon, new WordTagger.Sizes(64, 24, 24, 64, 1), BIO.size(), random.split("net"));
        Crf crf = Crf.of(BIO.size()).constrained(Spans.rule(BIO));
        Parameters all = Parameters.of("net", net);
        Trainer.of(field ? all.and("crf", crf) : all, Optimizer.adam(0.004))
                .clipNorm(2)
                .schedule(Schedule.cosine(0.02))
                .train(batches, step -> {
                    int from = pick.nextInt(training.size() - 31);
                    List<Sentence> batch = training.subList(from, from + 32);
                    Lexicon.Batch x = lexicon.batch(batch.stream().map(Sentence::words).toList(), 0.25, pick);
                    Tensor a = net.apply(x, new Dropout(0.3), drop);
                    int words = batch.stream().mapToInt(s -> s.words().size()).sum();
                    return field
                            ? crf.loss(a, x.lengths(), numbers(batch)).times(32.0 / words)
                            : Loss.crossEntropy(a, Labels.padded(List.of(numbers(batch))));
                });
        List<List<String>> said = new ArrayList<>();
        int broken = 0;
        for (int n = 0; n < test.size(); n += 100) {
            List<Sentence> some = test.subList(n, Math.min(test.size(), n + 100));
            Lexicon.Batch x = lexicon.batch(some.stream().map(Sentence::words).toList());
            Tensor a = Tensor.withoutGradient(() -> net.apply(x));
            for (int[] tags : field ? crf.best(a, x.lengths()) : Labels.best(a, x.lengths())) {
                List<String> names = new ArrayList<>();
                for (int t = 0; t < tags.length; t++) {
                    broken += tags[t] == 2 && (t == 0 || tags[t - 1] == 0) ? 1 : 0;
                    names.add(BIO.get(tags[t]));
                }
                said.add(names);
            }
        }
        Spans.Score score = Spans.score(said, test.stream().map(NameSpans::names).toList());
        System.out.printf(
                Locale.ROOT,
                "seed %d, %-7s after %d batches of 32: %d names there, %d said, %d right, precision %.3f, recall %.3f, F1 %.4f; %d tags broken; %.0f s%n",
                seed, field ? "CRF" : "softmax", batches, score.there(), score.found(), score.right(),
                score.precision(), score.recall(), score.f1(), broken, (System.nanoTime() - begin) / 1e9);
    }

    private static int[][] numbers(List<Sentence> sentences) {
        return sentences.stream()
                .map(s -> names(s).stream().mapToInt(BIO::indexOf).toArray())
                .toArray(int[][]::new);
    }

    private static List<String> names(Sentence sentence) {
        List<String> tags = new ArrayList<>();
        boolean before = false;
        for (String tag : sentence.penn()) {
            boolean name = tag.startsWith("NNP");
            tags.add(name ? (before ? "I-NAME" : "B-NAME") : "O");
            before = name;
        }
        return tags;
    }
}
