import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.ProteinChains;
import org.carousel.data.ProteinChains.Chain;
import org.carousel.labelling.Confusion;
import org.carousel.labelling.Crf;
import org.carousel.labelling.FrameTagger;
import org.carousel.labelling.Labels;
import org.carousel.labelling.Spans;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.training.WeightAverage;

/**
 * The second long run of chapter 15: secondary structure of proteins on the split of 1988, single sequences. Sizes and rates
 * were chosen by fourfold cross-validation within the training part, which the program repeats when its first argument is
 * "cv". Then five seeds learn from all of it: with a softmax at every step, and with a conditional random field, whose best
 * sequence and whose best tags one by one are both asked; and the five softmax networks together. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/ProteinStructure.java test
 * </pre>
 */
class ProteinStructure {
    private static final int SEEDS = 5;
    private static final int BATCH = 4;
    private static final int FOLDS = 4;
    private static final int K = 3;

    /** What is chosen: cells in each direction, layers, rate, batches, dropout, weight decay. */
    private record Choice(int hidden, int depth, double rate, int batches, double dropout, double decay) {}

    private static final List<Choice> CHOICES = List.of(
            new Choice(32, 1, 0.01, 400, 0.2, 0.01),
            new Choice(32, 1, 0.01, 400, 0.4, 0.01),
            new Choice(16, 1, 0.01, 400, 0.2, 0.01),
            new Choice(64, 1, 0.01, 300, 0.4, 0.01),
            new Choice(32, 1, 0.01, 200, 0.2, 0.01),
            new Choice(32, 1, 0.005, 800, 0.3, 0.05),
            new Choice(64, 1, 0.005, 400, 0.5, 0.05),
            new Choice(48, 2, 0.005, 400, 0.4, 0.01));

    private static final Choice BEST = CHOICES.get(7);

    private record Batch(Tensor x, int[] lengths, List<int[]> labels) {}

    private record Trained(FrameTagger net, Crf crf) {}

    public static void main(String[] arguments) {
        ProteinChains proteins = ProteinChains.of(Datasets.proteinStructure());
        if (arguments[0].equals("cv")) {
            CHOICES.forEach(choice -> validate(choice, proteins.training()));
        } else {
            test(proteins);
        }
    }

    private static void validate(Choice choice, List<Chain> all) {
        int[] order = RandomStream.of(123).permutation(all.size());
        List<int[]> said = new ArrayList<>();
        List<int[]> right = new ArrayList<>();
        for (int f = 0; f < FOLDS; f++) {
            int fold = f;
            List<Chain> training = IntStream.range(0, order.length)
                    .filter(n -> n % FOLDS != fold)
                    .mapToObj(n -> all.get(order[n]))
                    .toList();
            Batch heldOut = batch(IntStream.range(0, order.length)
                    .filter(n -> n % FOLDS == fold)
                    .mapToObj(n -> all.get(order[n]))
                    .toList());
            Trained one = train(choice, training, false, f + 1);
            said.addAll(Labels.best(scores(one, heldOut), heldOut.lengths()));
            right.addAll(heldOut.labels());
        }
        System.out.printf(
                Locale.ROOT, "%s: %.2f %% of the training part, held out in turn%n",
                choice, 100 * Confusion.of(K, said, right).accuracy());
    }

    private static void test(ProteinChains proteins) {
        Batch test = batch(proteins.test());
        System.out.printf(
                Locale.ROOT, "%d chains for training, %d for the test; always coil: %.2f %%; %s%n",
                proteins.training().size(), proteins.test().size(),
                100 * Confusion.of(K, test.labels().stream().map(l -> new int[l.length]).toList(), test.labels())
                        .accuracy(),
                BEST);
        List<Tensor> together = new ArrayList<>();
        for (int seed = 1; seed <= SEEDS; seed++) {
            Tensor a = scores(train(BEST, proteins.training(), false, seed), test);
            say("softmax, seed " + seed, Labels.best(a, test.lengths()), proteins, test);
            together.add(Tensor.softmax(a));
        }
        say(
                "five softmax networks together",
                Labels.best(together.stream().reduce(Tensor::plus).orElseThrow(), test.lengths()),
                proteins,
                test);
        for (int seed = 1; seed <= SEEDS; seed++) {
            Trained one = train(BEST, proteins.training(), true, seed);
            Tensor a = scores(one, test);
            say("CRF, seed " + seed + ", best sequence", one.crf().best(a, test.lengths()), proteins, test);
            say(
                    "CRF, seed " + seed + ", best tags",
                    Labels.best(one.crf().marginals(a, test.lengths()), test.lengths()),
                    proteins,
                    test);
        }
    }

    private static Tensor scores(Trained one, Batch batch) {
        return Tensor.withoutGradient(() -> one.net().apply(batch.x(), batch.lengths()));
    }

    private static Trained train(Choice choice, List<Chain> training, boolean field, int seed) {
        RandomStream random = RandomStream.of(seed);
        FrameTagger net = FrameTagger.of(
                ProteinChains.AMINO_ACIDS.length(), choice.hidden(), choice.depth(), K, random.split("net"));
        Crf crf = Crf.of(K);
        Parameters all = Parameters.of("net", net).and("crf", crf);
        WeightAverage average = WeightAverage.exponential(all, 0.98);
        Dropout dropout = new Dropout(choice.dropout());
        RandomStream pick = random.split("pick");
        RandomStream drop = random.split("drop");
        Trainer.of(field ? all : Parameters.of("net", net), Optimizer.adamW(choice.rate(), choice.decay()))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.05))
                .listener((step, of, loss) -> average.update())
                .train(choice.batches(), step -> {
                    Batch batch = batch(IntStream.range(0, BATCH)
                            .mapToObj(n -> training.get(pick.nextInt(training.size())))
                            .toList());
                    Tensor a = net.apply(batch.x(), batch.lengths(), dropout, drop);
                    if (!field) {
                        return Loss.crossEntropy(a, Labels.padded(batch.labels()));
                    }
                    double residues = IntStream.of(batch.lengths()).sum();
                    return crf.loss(a, batch.lengths(), batch.labels().toArray(int[][]::new))
                            .times(batch.lengths().length / residues);
                });
        Map<String, float[]> kept = new HashMap<>();
        average.during(() -> {
            all.forEach(p -> kept.put(p.getKey(), p.getValue().toArray().clone()));
            return 0;
        });
        all.forEach(p -> p.getValue()
                .update(values -> System.arraycopy(kept.get(p.getKey()), 0, values, 0, values.length)));
        return new Trained(net, crf);
    }
    private static void say(String who, List<int[]> said, ProteinChains proteins, Batch test) {
        Confusion counts = Confusion.of(K, said, test.labels());
        List<List<String>> spans = said.stream()
                .map(l -> new Chain("A".repeat(l.length), letters(l)).spans())
                .toList();
        Spans.Score score =
                Spans.score(spans, proteins.test().stream().map(Chain::spans).toList());
        System.out.printf(
                Locale.ROOT,
                "%s: test Q3 %.2f %% (%d of %d), C helix %.3f strand %.3f coil %.3f; spans: %d said, %d there, %d right, F1 %.3f%n",
                who, 100 * counts.accuracy(), counts.right(), counts.total(),
                counts.correlation(1), counts.correlation(2), counts.correlation(0),
                score.found(), score.there(), score.right(), score.f1());
    }

    private static String letters(int... labels) {
        StringBuilder text = new StringBuilder();
        for (int l : labels) {
            text.append(ProteinChains.STRUCTURES.charAt(l));
        }
        return text.toString();
    }

    private static Batch batch(List<Chain> chains) {
        int steps = chains.stream().mapToInt(c -> c.acids().length()).max().orElseThrow();
        int acids = ProteinChains.AMINO_ACIDS.length();
        float[] x = new float[chains.size() * steps * acids];
        for (int b = 0; b < chains.size(); b++) {
            int[] in = chains.get(b).inputs();
            for (int t = 0; t < in.length; t++) {
                x[(b * steps + t) * acids + in[t]] = 1;
            }
        }
        return new Batch(
                Tensor.wrap(x, chains.size(), steps, acids),
                chains.stream().mapToInt(c -> c.acids().length()).toArray(),
                chains.stream().map(Chain::labels).toList());
    }
}
