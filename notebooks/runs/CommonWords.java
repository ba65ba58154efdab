import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.carousel.attention.Additive;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.data.Datasets;
import org.carousel.data.Pairs;
import org.carousel.data.TokenVocabulary;
import org.carousel.data.Translations;
import org.carousel.tensor.RandomStream;
import org.carousel.training.Bleu;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.weights.Checkpoint;

/**
 * A run of chapters 20 and 21: English sentences of common words into French, by three models of the same LSTMs: the
 * copied state (the source is read backwards), and Luong's decoder with additive or with general attention (the source is
 * read forwards). Three seeds each. The arguments are the hidden size, the number of batches, a folder for the weights of
 * the first seed, and the models. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/CommonWords.java 64 2000 notebooks/runs "copied state" general additive
 * </pre>
 */
class CommonWords {
    private static final int LONGEST = 9;
    private static final int MINIMUM_COUNT = 40;
    private static final int EMBEDDING = 32;
    private static final int BATCH = 64;

    private final TokenVocabulary english;
    private final TokenVocabulary french;
    private final Pairs training;
    private final List<Translations.Pair> asked;

    private CommonWords(Translations all) {
        english = TokenVocabulary.of(
                all.training().stream().map(Translations.Pair::source).toList(), MINIMUM_COUNT);
        french = TokenVocabulary.of(
                all.training().stream().map(Translations.Pair::target).toList(), MINIMUM_COUNT);
        Predicate<Translations.Pair> common =
                p -> Arrays.stream(p.source()).allMatch(english::contains)
                        && Arrays.stream(p.target()).allMatch(french::contains);
        training = encode(all.training().stream().filter(common).toList());
        asked = all.heldOut().stream().filter(common).toList();
    }

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int batches = Integer.parseInt(arguments[1]);
        CommonWords run = new CommonWords(Translations.englishToFrench(Datasets.tatoeba(), LONGEST));
        System.out.printf(
                Locale.ROOT,
                "%,d pairs for training, %,d held out, %,d English and %,d French tokens%n",
                run.training.size(),
                run.asked.size(),
                run.english.size(),
                run.french.size());
        for (int k = 3; k < arguments.length; k++) {
            for (int seed = 1; seed <= 3; seed++) {
                EncoderDecoder<int[][], ?> model = run.model(arguments[k], hidden, RandomStream.of(seed));
                run.teach(arguments[k], model, batches, seed);
                if (arguments[k].equals("copied state")) {
                    run.search(model, seed);
                }
                if (seed == 1) {
                    String name = "common-words-" + arguments[k].replace(' ', '-') + ".safetensors";
                    Checkpoint.save(Path.of(arguments[2], name), model.parameters());
                }
            }
        }
    }

    private EncoderDecoder<int[][], ?> model(String name, int hidden, RandomStream random) {
        int begin = TokenVocabulary.BEGIN;
        int end = TokenVocabulary.END;
        if (name.equals("copied state")) {
            return EncoderDecoder.copiedState(english.size(), french.size(), EMBEDDING, hidden, begin, end, random);
        }
        var reader = name.equals("general")
                ? Multiplicative.general(hidden, hidden, random.split("attention"))
                : Additive.of(hidden, hidden, hidden, random.split("attention"));
        return EncoderDecoder.luong(english.size(), french.size(), EMBEDDING, hidden, reader, begin, end, random);
    }

    private void teach(String name, EncoderDecoder<int[][], ?> model, int batches, int seed) {
        RandomStream draws = RandomStream.of(10 + seed);
        StringBuilder course = new StringBuilder();
        Trainer.of(model.parameters(), Optimizer.adam(0.005))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .listener((step, all, loss) -> {
                    if (step == batches / 4 || step == batches) {
                        course.append(String.format(Locale.ROOT, " %.1f after %d batches,", bleu(model, asked), step));
                    }
                })
                .train(batches, step -> {
                    Pairs pairs = training.sample(draws.split(step), BATCH);
                    return Loss.crossEntropy(
                            model.logits(pairs.sources(), pairs.targets()), model.labels(pairs.targets()));
                });
        System.out.printf(
                Locale.ROOT,
                "%-12s seed %d: %,d weights, BLEU%s by English tokens%s%n",
                name,
                seed,
                model.parameters().count(),
                course,
                IntStream.rangeClosed(4, LONGEST)
                        .mapToObj(n -> String.format(
                                Locale.ROOT,
                                " %d: %.1f",
                                n,
                                bleu(
                                        model,
                                        asked.stream()
                                                .filter(p -> p.source().length == n)
                                                .toList())))
                        .collect(Collectors.joining()));
    }

    /** What beams of several widths find for 200 sentences, with and without length normalisation. */
    private void search(EncoderDecoder<int[][], ?> model, int seed) {
        List<Translations.Pair> some = IntStream.range(0, 200)
                .mapToObj(k -> asked.get(k * asked.size() / 200))
                .toList();
        List<String[]> right = some.stream().map(Translations.Pair::target).toList();
        for (double power : new double[] {0, 1}) {
            for (int beams : new int[] {1, 5, 20}) {
                List<String[]> written = Arrays.stream(encode(some).sources())
                        .map(x -> french.decode(model.search(new int[][] {x}, beams, 2 * LONGEST, power)
                                .get(0)
                                .tokens()))
                        .toList();
                System.out.printf(
                        Locale.ROOT,
                        "    seed %d, α = %.0f, %2d beams: BLEU %.1f, %.2f tokens (right: %.2f)%n",
                        seed,
                        power,
                        beams,
                        100 * Bleu.of(written, right),
                        written.stream().mapToInt(w -> w.length).average().orElseThrow(),
                        right.stream().mapToInt(w -> w.length).average().orElseThrow());
            }
        }
    }

    private double bleu(EncoderDecoder<int[][], ?> model, List<Translations.Pair> some) {
        int[][] sources = encode(some).sources();
        List<String[]> written = Arrays.stream(model.greedy(sources, 2 * LONGEST))
                .map(french::decode)
                .toList();
        return 100 * Bleu.of(written, some.stream().map(Translations.Pair::target).toList());
    }

    private Pairs encode(List<Translations.Pair> pairs) {
        return new Pairs(
                english.encode(pairs.stream().map(Translations.Pair::source).toList()),
                french.encode(pairs.stream().map(Translations.Pair::target).toList()));
    }
}
