import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.BertClassifier;
import org.carousel.attention.transformer.BertPretraining;
import org.carousel.attention.transformer.Masking;
import org.carousel.data.Dataset;
import org.carousel.data.Datasets;
import org.carousel.data.SubwordVocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Metrics;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.weights.SafeTensors;

/**
 * A long run for chapter 24: a small BERT fills holes in public-domain English and is then fine-tuned on sentences of
 * film reviews, beside a fresh one. The arguments are the number of steps and the folder to write the vocabulary and the
 * weights to.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/SmallBert.java 2500 .
 * </pre>
 */
class SmallBert {
    private static final int VOCABULARY = 3000;
    private static final int LONGEST = 32;
    private static final int ROWS = 32;

    public static void main(String[] arguments) {
        int steps = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        List<String> lines = Datasets.pdEnglish().lines("pd-english.txt.gz");
        String some = IntStream.range(0, lines.size())
                .filter(k -> k % 12 == 1)
                .mapToObj(lines::get)
                .collect(Collectors.joining(" "));
        SubwordVocabulary pieces = SubwordVocabulary.bytePairEncoding(some, VOCABULARY);
        pieces.save(folder.resolve("small-bert.pieces"));
        List<int[]> training = new ArrayList<>();
        List<int[]> heldOut = new ArrayList<>();
        for (int k = 0; k < lines.size(); k += 3) {
            cut(pieces.encode(lines.get(k)), k % 60 == 0 ? heldOut : training);
        }
        BertPretraining net = blank(1);
        System.out.printf(
                "%d weights, %d tokens; %d steps of %d sequences of %d tokens; %d sequences to train on, %d held out%n",
                net.parameters().count(), pieces.size(), steps, ROWS, LONGEST, training.size(), heldOut.size());
        pretrain(net, pieces, training, heldOut.subList(0, 512), steps);
        Map<String, Tensor> weights = new TreeMap<>();
        for (String name : net.parameters().names()) {
            weights.put(name, net.parameters().get(name));
        }
        SafeTensors.save(folder.resolve("small-bert.safetensors"), weights);
        fineTune(net, pieces);
    }

    private static BertPretraining blank(long seed) {
        RandomStream r = RandomStream.of(seed);
        return BertPretraining.of(Bert.of(VOCABULARY, LONGEST, 64, 4, 2, r.split("bert")), r.split("heads"));
    }

    private static int[] framed(int[] tokens) {
        return Stream.of(new int[] {SubwordVocabulary.CLS}, tokens, new int[] {SubwordVocabulary.SEP})
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    private static void cut(int[] tokens, List<int[]> into) {
        for (int from = 0; from + LONGEST - 2 <= tokens.length; from += LONGEST - 2) {
            into.add(framed(Arrays.copyOfRange(tokens, from, from + LONGEST - 2)));
        }
    }

    private static void pretrain(
            BertPretraining net, SubwordVocabulary pieces, List<int[]> training, List<int[]> heldOut, int steps) {
        Masking masking =
                Masking.standard(VOCABULARY, SubwordVocabulary.SPECIALS.size(), SubwordVocabulary.MASK);
        Masking.Masked exam = masking.apply(heldOut.toArray(int[][]::new), RandomStream.of(2));
        double[] counts = new double[VOCABULARY];
        training.forEach(row -> Arrays.stream(row).skip(1).limit(LONGEST - 2).forEach(v -> counts[v]++));
        double all = Arrays.stream(counts).sum() + VOCABULARY;
        double nats = Arrays.stream(exam.words())
                .mapToDouble(v -> -Math.log((counts[v] + 1) / all))
                .average()
                .orElseThrow();
        System.out.printf(Locale.ROOT, "counted tokens alone: %.3f nats%n", nats);
        RandomStream draw = RandomStream.of(3);
        RandomStream masks = RandomStream.of(4);
        Trainer.of(net.parameters(), Optimizer.adam(0.002))
                .schedule(Schedule.cosine(0.02).warmUp(100))
                .clipNorm(1)
                .listener((step, total, loss) -> {
                    if (step == 50 || step % 250 == 0) {
                        report(step, net, pieces, exam);
                    }
                })
                .train(steps, step -> {
                    int[][] rows = Stream.generate(() -> training.get(draw.nextInt(training.size())))
                            .limit(ROWS)
                            .toArray(int[][]::new);
                    Masking.Masked m = masking.apply(rows, masks);
                    return Loss.crossEntropy(net.words(net.bert().apply(m.tokens()), m.places()), m.words());
                });
    }

    private static void report(int step, BertPretraining net, SubwordVocabulary pieces, Masking.Masked exam) {
        Tensor logits =
                Tensor.withoutGradient(() -> net.words(net.bert().apply(exam.tokens()), exam.places()));
        System.out.printf(
                Locale.ROOT,
                "step %4d: held out %.3f nats, %.1f %% right%n",
                step,
                Loss.crossEntropy(logits, exam.words()).item(),
                100 * Metrics.accuracy(logits, exam.words()));
        for (String sentence : List.of(
                "he went to the [MASK] of the house", "she put her [MASK] on his arm", "two years [MASK]")) {
            System.out.printf("    %s: %s%n", sentence, guesses(net, pieces, sentence));
        }
    }

    private static String guesses(BertPretraining net, SubwordVocabulary pieces, String sentence) {
        String[] sides = sentence.split("\\[MASK\\]", -1);
        int[] left = pieces.encode(sides[0].strip());
        int[] right = pieces.encode(sides[1].strip());
        int[] tokens = framed(Stream.of(left, new int[] {SubwordVocabulary.MASK}, right)
                .flatMapToInt(Arrays::stream)
                .toArray());
        Tensor p = Tensor.withoutGradient(() -> Tensor.softmax(
                net.words(net.bert().apply(new int[][] {tokens}), left.length + 1)));
        return IntStream.range(0, VOCABULARY)
                .boxed()
                .sorted(Comparator.comparing(v -> -p.get(0, v)))
                .limit(6)
                .map(v -> String.format(Locale.ROOT, "%s %.2f", pieces.piece(v).strip(), p.get(0, v)))
                .collect(Collectors.joining(", "));
    }

    private static void fineTune(BertPretraining net, SubwordVocabulary pieces) {
        Dataset films = Datasets.sentencePolarity();
        List<int[]> tokens = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (String kind : List.of("neg", "pos")) {
            for (String line : films.lines("sentence_polarity.zip", "sentence_polarity/rt-polarity." + kind)) {
                int[] all = pieces.encode(line.replaceAll("[^a-z]+", " ").strip());
                tokens.add(framed(Arrays.copyOf(all, Math.min(all.length, LONGEST - 2))));
                labels.add(kind.equals("pos") ? 1 : 0);
            }
        }
        int[] order = RandomStream.of(5).permutation(tokens.size());
        int[] test = Arrays.copyOf(order, 1000);
        for (int count : new int[] {400, 4000}) {
            for (boolean trained : new boolean[] {true, false}) {
                for (int seed = 1; seed <= 3; seed++) {
                    double before = 0;
                    RandomStream r = RandomStream.of(10 + seed);
                    BertClassifier reader = BertClassifier.of(blank(20 + seed).bert(), 2, r.split("head"));
                    if (trained) {
                        reader.bert().parameters().copyFrom(net.bert().parameters());
                    }
                    before = right(reader, tokens, labels, test);
                    RandomStream draw = r.split("order");
                    Trainer.of(reader.parameters(), Optimizer.adam(0.0005))
                            .schedule(Schedule.cosine(0.05).warmUp(20))
                            .clipNorm(1)
                            .train(count == 400 ? 150 : 400, step -> {
                                int[] some = IntStream.range(0, 16)
                                        .map(k -> order[1000 + draw.nextInt(count)])
                                        .toArray();
                                return Loss.crossEntropy(
                                        reader.apply(Arrays.stream(some)
                                                .mapToObj(tokens::get)
                                                .toArray(int[][]::new)),
                                        Arrays.stream(some).map(labels::get).toArray());
                            });
                    System.out.printf(
                            Locale.ROOT,
                            "%s, %d labels, seed %d: %.1f %% right before, %.1f %% after%n",
                            trained ? "pre-trained" : "fresh",
                            count,
                            seed,
                            before,
                            right(reader, tokens, labels, test));
                }
            }
        }
    }

    private static double right(BertClassifier net, List<int[]> tokens, List<Integer> labels, int[] test) {
        Tensor logits = Tensor.withoutGradient(
                () -> net.apply(Arrays.stream(test).mapToObj(tokens::get).toArray(int[][]::new)));
        return 100 * Metrics.accuracy(logits, Arrays.stream(test).map(labels::get).toArray());
    }
}
