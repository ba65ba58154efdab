import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
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

/**
 * The second long run of chapter 21: short English sentences into French, with a copied state and with additive
 * attention, BLEU by the length of the source. The arguments are the hidden size and the number of batches. Its log lies
 * beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/EnglishFrench.java 128 3000
 * </pre>
 */
class EnglishFrench {
    private static final int BATCH = 48;
    private static final int LONGEST = 14;
    private static final int MINIMUM_COUNT = 10;
    private static final int ASKED = 200;

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        Translations sentences = Translations.englishToFrench(Datasets.tatoeba(), LONGEST);
        List<String[]> english = sentences.training().stream().map(Translations.Pair::source).toList();
        List<String[]> french = sentences.training().stream().map(Translations.Pair::target).toList();
        TokenVocabulary source = TokenVocabulary.of(english, MINIMUM_COUNT);
        TokenVocabulary target = TokenVocabulary.of(french, MINIMUM_COUNT);
        Pairs pairs = new Pairs(source.encode(english), target.encode(french));
        int[] byLength = IntStream.range(0, pairs.size())
                .boxed()
                .sorted(Comparator.comparingInt(n -> 100 * pairs.sources()[n].length + pairs.targets()[n].length))
                .mapToInt(n -> n)
                .toArray();
        System.out.printf(
                Locale.ROOT,
                "%,d pairs for training, %,d held out, %,d English and %,d French words%n",
                pairs.size(),
                sentences.heldOut().size(),
                source.size(),
                target.size());
        for (boolean attention : new boolean[] {false, true}) {
            RandomStream random = RandomStream.of(1);
            EncoderDecoder<int[][], ?> model = attention
                    ? EncoderDecoder.bahdanau(
                            source.size(), target.size(), 64, hidden, TokenVocabulary.BEGIN, TokenVocabulary.END, random)
                    : EncoderDecoder.copiedState(
                            source.size(), target.size(), 64, hidden, TokenVocabulary.BEGIN, TokenVocabulary.END, random);
            String name = attention ? "attention" : "copied state";
            long begun = System.nanoTime();
            RandomStream draws = RandomStream.of(5);
            Trainer.of(model.parameters(), Optimizer.adam(0.003))
                    .clipNorm(1)
                    .schedule(Schedule.cosine(0.02).warmUp(50))
                    .listener((step, all, loss) -> {
                        if (step % 500 == 0) {
                            System.out.printf(
                                    Locale.ROOT,
                                    "%s: %d batches, loss %.3f, %.0f s%n",
                                    name,
                                    step,
                                    loss,
                                    (System.nanoTime() - begun) / 1e9);
                        }
                    })
                    .train(steps, step -> {
                        int from = draws.split(step).nextInt(byLength.length - BATCH);
                        Pairs batch = pairs.select(Arrays.copyOfRange(byLength, from, from + BATCH));
                        return Loss.crossEntropy(
                                model.logits(batch.sources(), batch.targets()), model.labels(batch.targets()));
                    });
            tell(name, model, sentences.heldOut(), source, target);
        }
    }

    private static void tell(
            String name,
            EncoderDecoder<int[][], ?> model,
            List<Translations.Pair> heldOut,
            TokenVocabulary source,
            TokenVocabulary target) {
        List<String[]> written = new ArrayList<>();
        List<String[]> right = new ArrayList<>();
        for (int length = 3; length <= LONGEST; length++) {
            int words = length;
            List<Translations.Pair> some = heldOut.stream()
                    .filter(p -> p.source().length == words)
                    .limit(ASKED)
                    .toList();
            if (some.size() < ASKED / 2) {
                continue;
            }
            List<String[]> own = Arrays.stream(model.greedy(
                            source.encode(some.stream().map(Translations.Pair::source).toList()), 2 * LONGEST))
                    .map(target::decode)
                    .toList();
            List<String[]> references = some.stream().map(Translations.Pair::target).toList();
            written.addAll(own);
            right.addAll(references);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %2d English tokens, %d sentences, BLEU %.1f%n",
                    name,
                    length,
                    some.size(),
                    100 * Bleu.of(own, references));
            System.out.printf(
                    "    %s | %s | %s%n",
                    String.join(" ", some.get(7).source()),
                    String.join(" ", own.get(7)),
                    String.join(" ", references.get(7)));
        }
        System.out.printf(
                Locale.ROOT, "%s: all %,d sentences, BLEU %.1f%n", name, written.size(), 100 * Bleu.of(written, right));
    }
}
