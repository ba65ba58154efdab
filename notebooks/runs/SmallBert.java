import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.attention.transformer.Bert;
import org.carousel.attention.transformer.BertPretraining;
import org.carousel.attention.transformer.Masking;
import org.carousel.attention.transformer.PositionalEncoding;
import org.carousel.data.Dataset;
import org.carousel.data.Datasets;
import org.carousel.data.SubwordVocabulary;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Metrics;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.weights.Checkpoint;

/**
 * The long run of chapter 24: a small BERT fills holes in every second paragraph of ten books of public-domain English and
 * is then fine-tuned on sentences of film reviews, beside a fresh one; the new head reads the output at [CLS], or the mean of
 * the outputs at all positions. The arguments are the number of steps, the folder to
 * write the vocabulary and the weights to, and, where only the fine-tuning is wanted, the word "tune"; a run that was
 * stopped goes on where it was. Log, vocabulary and weights of the run lie beside it.
 *
 * <p>What differs from the paper, beside the sizes: 30 % of the tokens are to be guessed, which teaches more in a step (Wettig
 * et al. 2023, arXiv:2202.08005); the learned positions begin as sines and cosines, so that neighbours are easy to find; and
 * the second sentence is left out.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/SmallBert.java 10000 .
 * </pre>
 */
class SmallBert {
    private static final int VOCABULARY = 2000;
    private static final int LONGEST = 32;
    private static final int SIZE = 128;
    private static final int ROWS = 128;
    private static final int EVERY = 250;
    private static final int TEST = 5000; // sentences of film reviews
    private static final String FIRST = "the annual labour of every nation"; // after the almanac that precedes the books

    public static void main(String[] arguments) {
        int steps = Integer.parseInt(arguments[0]);
        Path folder = Path.of(arguments[1]);
        List<String> all = Datasets.pdEnglish().lines("pd-english.txt.gz");
        int first = IntStream.range(0, all.size())
                .filter(k -> all.get(k).startsWith(FIRST))
                .findFirst()
                .orElseThrow();
        List<String> lines = all.subList(first, all.size());
        SubwordVocabulary pieces = SubwordVocabulary.bytePairEncoding(every(12, 1, lines), VOCABULARY);
        pieces.save(folder.resolve("small-bert.pieces"));
        BertPretraining net = blank(1);
        Path weights = folder.resolve("small-bert.safetensors");
        if (arguments.length > 2) {
            Checkpoint.load(weights, net.parameters());
        } else {
            int[] heldOut = pieces.encode(every(60, 0, lines));
            int[] training = IntStream.range(0, lines.size())
                    .filter(k -> k % 2 == 1)
                    .boxed()
                    .flatMapToInt(k -> Arrays.stream(pieces.encode(lines.get(k))))
                    .toArray();
            System.out.printf(
                    "%d weights, %d tokens in the vocabulary; %d steps of %d sequences of %d tokens; %d tokens to train on, %d held out%n",
                    net.parameters().count(), pieces.size(), steps, ROWS, LONGEST, training.length, heldOut.length);
            pretrain(net, pieces, training, heldOut, steps, folder.resolve("small-bert.training"));
            Checkpoint.save(weights, net.parameters());
        }
        fineTune(net, pieces);
    }

    private static String every(int n, int from, List<String> lines) {
        return IntStream.range(0, lines.size())
                .filter(k -> k % n == from)
                .mapToObj(lines::get)
                .collect(Collectors.joining(" "));
    }

    private static BertPretraining blank(long seed) {
        RandomStream r = RandomStream.of(seed);
        Bert bert = Bert.of(VOCABULARY, LONGEST, SIZE, 4, 2, r.split("bert"));
        Embedding places = new Embedding(PositionalEncoding.waves(LONGEST, SIZE).times(0.02));
        return BertPretraining.of(
                new Bert(bert.tokens(), places, bert.segments(), bert.norm(), bert.layers(), bert.pooler()),
                r.split("heads"));
    }

    private static int[] framed(int[] tokens) {
        return Stream.of(new int[] {SubwordVocabulary.CLS}, tokens, new int[] {SubwordVocabulary.SEP})
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    private static int[] cut(int[] tokens, int from) {
        return framed(Arrays.copyOfRange(tokens, from, from + LONGEST - 2));
    }

    private static void pretrain(
            BertPretraining net, SubwordVocabulary pieces, int[] training, int[] heldOut, int steps, Path file) {
        Masking standard = Masking.standard(VOCABULARY, SubwordVocabulary.SPECIALS.size(), SubwordVocabulary.MASK);
        Masking masking = new Masking(VOCABULARY, standard.specials(), standard.mask(), 0.3, 0.8, 0.1);
        Masking.Masked exam = standard.apply(
                IntStream.range(0, 1024).mapToObj(k -> cut(heldOut, k * (LONGEST - 2))).toArray(int[][]::new),
                RandomStream.of(2));
        double[] counts = new double[VOCABULARY];
        Arrays.stream(training).forEach(v -> counts[v]++);
        double nats = Arrays.stream(exam.words())
                .mapToDouble(v -> -Math.log((counts[v] + 1) / (training.length + VOCABULARY)))
                .average()
                .orElseThrow();
        System.out.printf(Locale.ROOT, "counted tokens alone: %.3f nats%n", nats);
        RandomStream draw = RandomStream.of(3);
        RandomStream masks = RandomStream.of(4);
        long begin = System.nanoTime();
        Trainer.of(net.parameters(), Optimizer.adam(0.002, 0.9, 0.98, 1e-8))
                .schedule(Schedule.cosine(0.02).warmUp(200))
                .clipNorm(1)
                .stream("draw", draw)
                .stream("masks", masks)
                .saving(file, Duration.ofSeconds(60))
                .listener((step, total, loss) -> {
                    if (step == 100 || step % EVERY == 0) {
                        System.out.printf(
                                Locale.ROOT, "step %5d, %5.0f s: %s%n",
                                step, (System.nanoTime() - begin) / 1e9, report(net, pieces, exam));
                    }
                })
                .train(steps, step -> {
                    int[][] rows = Stream.generate(() -> cut(training, draw.nextInt(training.length - LONGEST)))
                            .limit(ROWS)
                            .toArray(int[][]::new);
                    Masking.Masked m = masking.apply(rows, masks);
                    return Loss.crossEntropy(net.words(net.bert().apply(m.tokens()), m.places()), m.words());
                });
    }

    private static String report(BertPretraining net, SubwordVocabulary pieces, Masking.Masked exam) {
        Tensor logits =
                Tensor.withoutGradient(() -> net.words(net.bert().apply(exam.tokens()), exam.places()));
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "held out %.3f nats, %.1f %% right",
                Loss.crossEntropy(logits, exam.words()).item(),
                100 * Metrics.accuracy(logits, exam.words())));
        for (String sentence : List.of(
                "he went to the [MASK] of the house", "she put her [MASK] on his arm", "two years [MASK]")) {
            text.append(String.format("%n    %s: %s", sentence, guesses(net, pieces, sentence)));
        }
        return text.toString();
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
        int[] test = Arrays.copyOf(order, TEST);
        System.out.printf(
                "%d sentences of film reviews, %d of them to test with; steps of 16%n", tokens.size(), test.length);
        for (int count : new int[] {400, 4000}) {
            for (boolean trained : new boolean[] {true, false}) {
                for (boolean mean : new boolean[] {false, true}) {
                    for (int seed = 1; seed <= 3; seed++) {
                        RandomStream r = RandomStream.of(10 + seed);
                        Bert bert = blank(20 + seed).bert();
                        Reviewer reader = new Reviewer(bert, Affine.of(SIZE, 2, r.split("head")), mean);
                        if (trained) {
                            bert.parameters().copyFrom(net.bert().parameters());
                        }
                        RandomStream draw = r.split("order");
                        Trainer.of(reader.parameters(), Optimizer.adam(0.0005))
                                .schedule(Schedule.cosine(0.05).warmUp(20))
                                .clipNorm(1)
                                .train(count == 400 ? 200 : 400, step -> {
                                    int[] some = IntStream.range(0, 16)
                                            .map(k -> order[TEST + draw.nextInt(count)])
                                            .toArray();
                                    return Loss.crossEntropy(
                                            reader.apply(Arrays.stream(some)
                                                    .mapToObj(tokens::get)
                                                    .toArray(int[][]::new)),
                                            Arrays.stream(some).map(labels::get).toArray());
                                });
                        System.out.printf(
                                Locale.ROOT,
                                "%s, %s, %d labels, seed %d: %.1f %% right%n",
                                trained ? "pre-trained" : "fresh",
                                mean ? "mean" : "[CLS]",
                                count,
                                seed,
                                right(reader, tokens, labels, test));
                    }
                }
            }
        }
    }

    /** Pooler and head read the output at [CLS] or the mean of the outputs at all positions; nothing else differs. */
    private record Reviewer(Bert bert, Affine head, boolean mean) implements Layer {
        Tensor apply(int[][] tokens) {
            Tensor h = bert.apply(tokens); // [B×T×E], zeros after the end of a sentence
            if (!mean) {
                return head.apply(bert.pooled(h));
            }
            float[] lengths = new float[tokens.length];
            for (int b = 0; b < lengths.length; b++) {
                lengths[b] = tokens[b].length;
            }
            Tensor middle = h.sum(1).dividedBy(Tensor.wrap(lengths, lengths.length, 1));
            return head.apply(Tensor.tanh(bert.pooler().apply(middle)));
        }

        @Override
        public Parameters parameters() {
            return Parameters.of("bert", bert).and("head", head);
        }
    }

    private static double right(Reviewer net, List<int[]> tokens, List<Integer> labels, int[] test) {
        Tensor logits = Tensor.withoutGradient(
                () -> net.apply(Arrays.stream(test).mapToObj(tokens::get).toArray(int[][]::new)));
        return 100 * Metrics.accuracy(logits, Arrays.stream(test).map(labels::get).toArray());
    }
}
