import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.TaggedSentences;
import org.carousel.data.TaggedSentences.Sentence;
import org.carousel.labelling.Confusion;
import org.carousel.labelling.Labels;
import org.carousel.labelling.Lexicon;
import org.carousel.labelling.WordTagger;
import org.carousel.layers.Dropout;
import org.carousel.tensor.RandomStream;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.training.WeightAverage;

/**
 * The long run of chapter 15: universal parts of speech of the English Web Treebank (UD 2.16), without vectors from elsewhere.
 * Words and spellings, two bidirectional layers; the weights are averaged. The test part is asked once, at the end. Its log
 * lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/EnglishTags.java SEED EPOCHS
 * </pre>
 */
class EnglishTags {
    private static final int BATCH = 32;

    public static void main(String[] arguments) {
        long seed = Long.parseLong(arguments[0]);
        int epochs = Integer.parseInt(arguments[1]);
        TaggedSentences ewt = TaggedSentences.of(Datasets.udEwt());
        List<String> tags = ewt.training().stream()
                .flatMap(s -> s.universal().stream())
                .distinct()
                .sorted()
                .toList();
        Lexicon lexicon = Lexicon.of(ewt.training().stream().map(Sentence::words).toList(), 2);
        RandomStream random = RandomStream.of(seed);
        WordTagger net = WordTagger.of(
                lexicon, new WordTagger.Sizes(100, 32, 48, 128, 2), tags.size(), random.split("net"));
        System.out.printf(
                Locale.ROOT,
                "seed %d, %d epochs: %d tags, %d words, %d characters, %d weights%n",
                seed, epochs, tags.size(), lexicon.words(), lexicon.characters(), net.parameters().count());
        System.out.printf(Locale.ROOT, "most frequent tag of each word: test %.2f %%%n", 100 * baseline(ewt, tags));
        int steps = (ewt.training().size() + BATCH - 1) / BATCH;
        WeightAverage average = WeightAverage.exponential(net.parameters(), 0.998);
        Dropout dropout = new Dropout(0.4);
        RandomStream hide = random.split("hide");
        RandomStream drop = random.split("drop");
        RandomStream order = random.split("order");
        List<List<Sentence>> batches = new ArrayList<>();
        long begin = System.nanoTime();
        Trainer.of(net.parameters(), Optimizer.adam(0.003))
                .clipNorm(2)
                .schedule(Schedule.cosine(0.02))
                .listener((step, all, loss) -> {
                    average.update();
                    if ((step + 1) % steps == 0) {
                        int epoch = (step + 1) / steps;
                        double dev = average.during(() -> asked(net, lexicon, ewt.development(), tags).accuracy());
                        System.out.printf(
                                Locale.ROOT,
                                "epoch %2d  loss %.4f  development %.2f %%  %.0f s%n",
                                epoch, loss, 100 * dev, (System.nanoTime() - begin) / 1e9);
                    }
                })
                .train(epochs * steps, step -> {
                    if (step % steps == 0) {
                        batches.clear();
                        batches.addAll(shuffled(ewt.training(), order));
                    }
                    List<Sentence> batch = batches.get(step % steps);
                    Lexicon.Batch x = lexicon.batch(batch.stream().map(Sentence::words).toList(), 0.25, hide);
                    return Loss.crossEntropy(net.apply(x, dropout, drop), Labels.padded(labels(batch, tags)));
                });
        average.during(() -> {
            Confusion test = asked(net, lexicon, ewt.test(), tags);
            System.out.printf(
                    Locale.ROOT, "test %.2f %%: %d of %d words%n", 100 * test.accuracy(), test.right(), test.total());
            unseen(net, lexicon, ewt.test(), tags);
            return 0;
        });
    }

    private static List<int[]> labels(List<Sentence> sentences, List<String> tags) {
        return sentences.stream()
                .map(s -> s.universal().stream().mapToInt(tags::indexOf).toArray())
                .toList();
    }

    private static List<int[]> answers(WordTagger net, Lexicon lexicon, List<Sentence> sentences) {
        List<int[]> said = new ArrayList<>();
        for (int n = 0; n < sentences.size(); n += 100) {
            List<Sentence> part = sentences.subList(n, Math.min(sentences.size(), n + 100));
            said.addAll(net.best(lexicon.batch(part.stream().map(Sentence::words).toList())));
        }
        return said;
    }

    private static Confusion asked(WordTagger net, Lexicon lexicon, List<Sentence> sentences, List<String> tags) {
        return Confusion.of(tags.size(), answers(net, lexicon, sentences), labels(sentences, tags));
    }

    /** How well words are tagged that the lexicon does not hold. */
    private static void unseen(WordTagger net, Lexicon lexicon, List<Sentence> sentences, List<String> tags) {
        List<int[]> said = answers(net, lexicon, sentences);
        List<int[]> right = labels(sentences, tags);
        int all = 0;
        int good = 0;
        for (int n = 0; n < said.size(); n++) {
            for (int t = 0; t < said.get(n).length; t++) {
                if (!lexicon.knows(sentences.get(n).words().get(t))) {
                    all++;
                    good += said.get(n)[t] == right.get(n)[t] ? 1 : 0;
                }
            }
        }
        System.out.printf(Locale.ROOT, "words without a vector of their own: %.2f %% of %d%n", 100.0 * good / all, all);
    }

    /** Batches of sentences of about one length, in random order. */
    private static List<List<Sentence>> shuffled(List<Sentence> all, RandomStream random) {
        List<Sentence> order = IntStream.of(random.permutation(all.size())).mapToObj(all::get).toList();
        List<List<Sentence>> batches = new ArrayList<>();
        for (int from = 0; from < order.size(); from += 20 * BATCH) {
            List<Sentence> some = new ArrayList<>(order.subList(from, Math.min(order.size(), from + 20 * BATCH)));
            some.sort(Comparator.comparingInt(s -> s.words().size()));
            for (int n = 0; n < some.size(); n += BATCH) {
                batches.add(List.copyOf(some.subList(n, Math.min(some.size(), n + BATCH))));
            }
        }
        return IntStream.of(random.permutation(batches.size())).mapToObj(batches::get).toList();
    }

    /** The share of test words that have the tag they have most often in the training part; a new word is a PROPN. */
    private static double baseline(TaggedSentences ewt, List<String> tags) {
        Map<String, int[]> counts = new HashMap<>();
        for (Sentence s : ewt.training()) {
            for (int t = 0; t < s.words().size(); t++) {
                counts.computeIfAbsent(s.words().get(t), w -> new int[tags.size()])[
                        tags.indexOf(s.universal().get(t))]++;
            }
        }
        int right = 0;
        int all = 0;
        for (Sentence s : ewt.test()) {
            for (int t = 0; t < s.words().size(); t++) {
                int[] own = counts.get(s.words().get(t));
                int best = own == null
                        ? tags.indexOf("PROPN")
                        : IntStream.range(0, own.length).reduce((a, b) -> own[b] > own[a] ? b : a).getAsInt();
                right += best == tags.indexOf(s.universal().get(t)) ? 1 : 0;
                all++;
            }
        }
        return (double) right / all;
    }
}
