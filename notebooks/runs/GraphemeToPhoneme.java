import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.carousel.attention.seq2seq.BahdanauDecoder;
import org.carousel.attention.seq2seq.BeamSearch;
import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.data.Datasets;
import org.carousel.data.Pairs;
import org.carousel.data.Pronunciations;
import org.carousel.data.TokenVocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.training.EditDistance;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The long run of chapter 21: letters to phones on the CMU dictionary, with additive attention. The arguments are the
 * hidden size and the number of epochs. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/GraphemeToPhoneme.java 192 10
 * </pre>
 */
class GraphemeToPhoneme {
    private static final int BATCH = 64;
    private static final int LONGEST = 30;

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int epochs = Integer.parseInt(arguments[1]);
        Pronunciations words = Pronunciations.of(Datasets.cmudict());
        TokenVocabulary letters = TokenVocabulary.of(
                words.training().stream().map(Pronunciations.Entry::letters).toList());
        TokenVocabulary phones = TokenVocabulary.of(
                words.training().stream().flatMap(w -> w.phones().stream()).toList());
        List<int[]> sources = new ArrayList<>();
        List<int[]> targets = new ArrayList<>();
        for (Pronunciations.Entry word : words.training()) {
            for (String[] spoken : word.phones()) {
                sources.add(letters.encode(word.letters()));
                targets.add(phones.encode(spoken));
            }
        }
        RandomStream random = RandomStream.of(1);
        EncoderDecoder<int[][], BahdanauDecoder.State> model = EncoderDecoder.bahdanau(
                letters.size(), phones.size(), 64, hidden, TokenVocabulary.BEGIN, TokenVocabulary.END, random);
        System.out.printf(
                Locale.ROOT,
                "%,d words for training, %,d pairs; %,d words held out; %,d parameters%n",
                words.training().size(),
                sources.size(),
                words.heldOut().size(),
                model.parameters().count());
        long begun = System.nanoTime();
        List<Pairs> first = batches(sources, targets, random.split("epoch").split(0));
        int steps = epochs * first.size();
        List<Pairs> batches = new ArrayList<>();
        Trainer.of(model.parameters(), Optimizer.adam(0.001))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.01).warmUp(200))
                .listener((step, all, loss) -> {
                    if (step % first.size() == 0) {
                        tell(model, words.heldOut().subList(0, 2000), letters, phones, step / first.size(), loss, begun);
                    }
                })
                .train(steps, step -> {
                    if (step % first.size() == 0) {
                        batches.clear();
                        batches.addAll(
                                batches(sources, targets, random.split("epoch").split(step / first.size())));
                    }
                    Pairs pairs = batches.get(step % first.size());
                    return Loss.crossEntropy(
                            model.logits(pairs.sources(), pairs.targets()), model.labels(pairs.targets()));
                });
        tell(model, words.heldOut(), letters, phones, epochs, Double.NaN, begun);
        beams(model, words.heldOut(), letters, phones);
    }

    /** Batches of words of about one length, in another order in every epoch. */
    private static List<Pairs> batches(List<int[]> sources, List<int[]> targets, RandomStream random) {
        int[] order = random.permutation(sources.size());
        Integer[] sorted = Arrays.stream(order).boxed().toArray(Integer[]::new);
        Arrays.sort(sorted, Comparator.comparingInt(n -> 100 * sources.get(n).length + targets.get(n).length));
        List<Pairs> batches = new ArrayList<>();
        for (int from = 0; from < sorted.length; from += BATCH) {
            Integer[] numbers = Arrays.copyOfRange(sorted, from, Math.min(from + BATCH, sorted.length));
            batches.add(new Pairs(
                    Arrays.stream(numbers).map(sources::get).toArray(int[][]::new),
                    Arrays.stream(numbers).map(targets::get).toArray(int[][]::new)));
        }
        int[] shuffled = random.permutation(batches.size());
        List<Pairs> all = new ArrayList<>(Collections.nCopies(batches.size(), batches.get(0)));
        for (int k = 0; k < shuffled.length; k++) {
            all.set(k, batches.get(shuffled[k]));
        }
        return all;
    }

    private static void tell(
            EncoderDecoder<int[][], BahdanauDecoder.State> model,
            List<Pronunciations.Entry> words,
            TokenVocabulary letters,
            TokenVocabulary phones,
            int epoch,
            double loss,
            long begun) {
        int wrong = 0;
        long edits = 0;
        long all = 0;
        for (int from = 0; from < words.size(); from += 250) {
            List<Pronunciations.Entry> some = words.subList(from, Math.min(from + 250, words.size()));
            int[][] written = model.greedy(
                    some.stream().map(w -> letters.encode(w.letters())).toArray(int[][]::new), LONGEST);
            for (int b = 0; b < written.length; b++) {
                Pronunciations.Entry word = some.get(b);
                wrong += word.allows(phones.decode(written[b])) ? 0 : 1;
                int[] spoken = written[b];
                int[] nearest = word.phones().stream()
                        .map(phones::encode)
                        .min(Comparator.comparingInt(right -> EditDistance.of(spoken, right)))
                        .orElseThrow();
                edits += EditDistance.of(spoken, nearest);
                all += nearest.length;
            }
        }
        System.out.printf(
                Locale.ROOT,
                "epoch %2d  last loss %.4f  held out: %,d words, %.2f %% wrong, phones %.2f %% wrong  after %.0f s%n",
                epoch,
                loss,
                words.size(),
                100.0 * wrong / words.size(),
                100.0 * edits / all,
                (System.nanoTime() - begun) / 1e9);
    }

    private static void beams(
            EncoderDecoder<int[][], BahdanauDecoder.State> model,
            List<Pronunciations.Entry> words,
            TokenVocabulary letters,
            TokenVocabulary phones) {
        int wrong = 0;
        for (Pronunciations.Entry word : words) {
            BeamSearch.Found best = model.search(new int[][] {letters.encode(word.letters())}, 5, LONGEST, 0.6)
                    .get(0);
            wrong += word.allows(phones.decode(best.tokens())) ? 0 : 1;
        }
        System.out.printf(
                Locale.ROOT, "with 5 beams, length power 0.6: %.2f %% of the words wrong%n", 100.0 * wrong / words.size());
    }
}
