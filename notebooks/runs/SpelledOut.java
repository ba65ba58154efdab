import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.Pronunciations;
import org.carousel.data.Pronunciations.Entry;
import org.carousel.data.TokenVocabulary;
import org.carousel.labelling.Ctc;
import org.carousel.labelling.CtcDecoder;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.EditDistance;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The third long run of chapter 17: how English words are spoken, with CTC. Every letter is read twice, because a letter may
 * have two sounds (x: K S) and CTC says at most one a step. The words held out are those of chapter 21's attention. Its log
 * lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/SpelledOut.java BATCHES
 * </pre>
 */
class SpelledOut {
    private static final int BATCH = 64;
    private static final int EVERY = 500;

    private record Net(Embedding letters, Bidirectional.Stack<Lstm.State> stack, Affine head) {
        static Net of(int letters, int phones, RandomStream random) {
            Bidirectional.Stack<Lstm.State> stack = Bidirectional.Stack.lstm(32, 96, 2, random.split("stack"));
            return new Net(
                    Embedding.of(letters, 32, random.split("letters")),
                    stack,
                    Affine.of(stack.hiddenSize(), phones, random.split("head")));
        }

        Tensor logits(int[][] read, int... lengths) {
            return head.apply(stack.apply(letters.apply(read), lengths));
        }
    }

    public static void main(String[] arguments) {
        int batches = Integer.parseInt(arguments[0]);
        Pronunciations all = Pronunciations.of(Datasets.cmudict());
        TokenVocabulary letters = TokenVocabulary.of(all.training().stream().map(Entry::letters).toList());
        TokenVocabulary phones = TokenVocabulary.of(
                all.training().stream().flatMap(w -> w.phones().stream()).toList());
        int blank = TokenVocabulary.BEGIN; // a token that no word contains
        RandomStream random = RandomStream.of(1);
        Net net = Net.of(letters.size(), phones.size(), random.split("net"));
        Parameters parameters =
                Parameters.of("letters", net.letters()).and("stack", net.stack()).and("head", net.head());
        System.out.printf(
                Locale.ROOT, "%d words for training, %d held out; %d weights%n",
                all.training().size(), all.heldOut().size(), parameters.count());
        Ctc ctc = Ctc.of(blank).zeroingImpossible();
        RandomStream pick = random.split("pick");
        long begin = System.nanoTime();
        Trainer.of(parameters, Optimizer.adam(0.003))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .listener((step, of, loss) -> {
                    if ((step + 1) % EVERY == 0) {
                        int count = step + 1 == batches ? all.heldOut().size() : 1000;
                        List<Entry> asked = all.heldOut().subList(0, count);
                        List<String[]> said = answers(net, asked, letters, phones, blank);
                        int wrong = 0;
                        double phoneErrors = 0;
                        double phoneCount = 0;
                        for (int n = 0; n < count; n++) {
                            String[] mine = said.get(n);
                            wrong += asked.get(n).allows(mine) ? 0 : 1;
                            int[] best = nearest(asked.get(n), mine, phones);
                            phoneErrors += best[0];
                            phoneCount += best[1];
                        }
                        System.out.printf(
                                Locale.ROOT,
                                "%5d batches of %d: loss %.3f, %d held-out words: %.1f %% of the words wrong, %.1f %% of the sounds, %.0f s%n",
                                step + 1, BATCH, loss, count, 100.0 * wrong / count, 100 * phoneErrors / phoneCount,
                                (System.nanoTime() - begin) / 1e9);
                    }
                })
                .train(batches, step -> {
                    List<Entry> some = IntStream.range(0, BATCH)
                            .mapToObj(n -> all.training().get(pick.nextInt(all.training().size())))
                            .toList();
                    int[][] read = twice(some, letters);
                    int[] lengths = some.stream().mapToInt(w -> 2 * w.word().length()).toArray();
                    int[][] targets = some.stream()
                            .map(w -> phones.encode(w.phones().get(pick.nextInt(w.phones().size()))))
                            .toArray(int[][]::new);
                    return ctc.loss(net.logits(read, lengths), lengths, targets);
                });
    }

    private static int[] nearest(Entry word, String[] said, TokenVocabulary phones) {
        int[] mine = phones.encode(said);
        int[] best = {Integer.MAX_VALUE, 1};
        for (String[] right : word.phones()) {
            int distance = EditDistance.of(mine, phones.encode(right));
            if (distance < best[0]) {
                best = new int[] {distance, right.length};
            }
        }
        return best;
    }

    private static List<String[]> answers(
            Net net, List<Entry> words, TokenVocabulary letters, TokenVocabulary phones, int blank) {
        List<String[]> said = new ArrayList<>();
        CtcDecoder decoder = new CtcDecoder(blank);
        for (int from = 0; from < words.size(); from += 200) {
            List<Entry> some = words.subList(from, Math.min(words.size(), from + 200));
            int[] lengths = some.stream().mapToInt(w -> 2 * w.word().length()).toArray();
            Tensor out = Tensor.withoutGradient(() -> net.logits(twice(some, letters), lengths));
            for (int[] labels : decoder.greedy(out, lengths)) {
                said.add(IntStream.of(labels).mapToObj(phones::token).toArray(String[]::new));
            }
        }
        return said;
    }

    private static int[][] twice(List<Entry> words, TokenVocabulary letters) {
        int longest = words.stream().mapToInt(w -> w.word().length()).max().orElseThrow();
        return words.stream()
                .map(w -> {
                    int[] once = letters.encode(w.letters());
                    return IntStream.range(0, 2 * longest)
                            .map(t -> t / 2 < once.length ? once[t / 2] : 0)
                            .toArray();
                })
                .toArray(int[][]::new);
    }
}
