import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.attention.transformer.Transformer;
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
 * The second long run of chapter 21, and the one of chapter 23: short English sentences into French, BLEU by the length
 * of the source. The arguments are the hidden size, the number of batches and the networks: "copied state", "attention"
 * (additive), "transformer"; without names the first two. The logs lie beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/EnglishFrench.java 128 3000
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/EnglishFrench.java 128 3000 transformer
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
        List<String> names = arguments.length > 2
                ? Arrays.asList(arguments).subList(2, arguments.length)
                : List.of("copied state", "attention");
        for (String name : names) {
            EncoderDecoder<int[][], ?> model = model(name, source.size(), target.size(), hidden);
            if (name.equals("transformer")) {
                System.out.printf(
                        Locale.ROOT, "%s: %,d weights%n", name, model.parameters().count());
            }
            long begun = System.nanoTime();
            RandomStream draws = RandomStream.of(5);
            boolean transformer = name.equals("transformer"); // which takes smaller first steps
            Trainer.of(model.parameters(), Optimizer.adam(transformer ? 0.002 : 0.003))
                    .clipNorm(1)
                    .schedule(Schedule.cosine(0.02).warmUp(transformer ? 200 : 50))
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

    private static EncoderDecoder<int[][], ?> model(String name, int source, int target, int hidden) {
        RandomStream random = RandomStream.of(1);
        int begin = TokenVocabulary.BEGIN;
        int end = TokenVocabulary.END;
        return switch (name) {
            case "copied state" -> EncoderDecoder.copiedState(source, target, 64, hidden, begin, end, random);
            case "attention" -> EncoderDecoder.bahdanau(source, target, 64, hidden, begin, end, random);
            case "transformer" ->
                Transformer.of(
                        source,
                        target,
                        new Transformer.Sizes(hidden, 4, 2 * hidden, 2, true, 4 * LONGEST),
                        begin,
                        end,
                        random);
            default -> throw new IllegalArgumentException("no network is called " + name);
        };
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
