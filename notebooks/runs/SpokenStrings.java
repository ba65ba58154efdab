import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.signal.MelFrames;
import org.carousel.data.signal.SpokenDigits;
import org.carousel.data.signal.SpokenDigits.Recording;
import org.carousel.labelling.Ctc;
import org.carousel.labelling.CtcDecoder;
import org.carousel.labelling.FrameTagger;
import org.carousel.layers.Dropout;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.EditDistance;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.training.WeightAverage;

/**
 * The second long run of chapter 17: strings of 2 to 5 spoken digits, each string of one speaker, read by a bidirectional LSTM
 * with CTC from log-mel frames. Four speakers for training, two others for the test. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/SpokenStrings.java BATCHES SEEDS
 * </pre>
 */
class SpokenStrings {
    private static final String[] TRAINING = {"george", "jackson", "lucas", "nicolas"};
    private static final String[] TEST = {"theo", "yweweler"};
    private static final int BANDS = 40;
    private static final int FEATURES = 2 * BANDS; // two frames of 10 ms make a step
    private static final int BATCH = 16;
    private static final int EVERY = 200;

    private record Spoken(int digit, float[][] steps) {}

    private record Batch(Tensor x, int[] lengths, int[][] targets) {}

    public static void main(String[] arguments) {
        int batches = Integer.parseInt(arguments[0]);
        int seeds = Integer.parseInt(arguments[1]);
        SpokenDigits digits = SpokenDigits.of(Datasets.fsdd());
        Map<String, List<Spoken>> training = spoken(digits, TRAINING);
        Batch test = batch(spoken(digits, TEST), 300, 0, RandomStream.of(1000));
        System.out.printf(
                Locale.ROOT, "training %s; test %s: 300 strings, %d digits, %.1f steps each%n",
                String.join(" ", TRAINING), String.join(" ", TEST),
                Arrays.stream(test.targets()).mapToInt(t -> t.length).sum(),
                IntStream.of(test.lengths()).average().orElseThrow());
        for (int seed = 1; seed <= seeds; seed++) {
            train(training, test, seed, batches);
        }
    }

    private static void train(Map<String, List<Spoken>> training, Batch test, int seed, int batches) {
        long begin = System.nanoTime();
        RandomStream random = RandomStream.of(seed);
        FrameTagger net = FrameTagger.of(FEATURES, 64, 2, 11, random.split("net"));
        WeightAverage average = WeightAverage.exponential(net.parameters(), 0.99);
        Ctc ctc = Ctc.of(0);
        CtcDecoder decoder = new CtcDecoder(0);
        RandomStream data = random.split("data");
        RandomStream drop = random.split("drop");
        Dropout dropout = new Dropout(0.3);
        Trainer.of(net.parameters(), Optimizer.adam(0.003))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .listener((step, of, loss) -> {
                    average.update();
                    if ((step + 1) % EVERY == 0) {
                        List<int[]> read = average.during(() -> Tensor.withoutGradient(
                                () -> decoder.greedy(net.apply(test.x(), test.lengths()), test.lengths())));
                        List<int[]> right = List.of(test.targets());
                        long whole = IntStream.range(0, right.size())
                                .filter(n -> Arrays.equals(read.get(n), right.get(n)))
                                .count();
                        System.out.printf(
                                Locale.ROOT,
                                "seed %d, %4d batches of %d: loss %.3f, label error rate %.2f %%, %d of %d strings right, %.0f s%n",
                                seed, step + 1, BATCH, loss, 100 * EditDistance.rate(read, right), whole, right.size(),
                                (System.nanoTime() - begin) / 1e9);
                    }
                })
                .train(batches, step -> {
                    Batch b = batch(training, BATCH, 0.15, data);
                    return ctc.loss(net.apply(b.x(), b.lengths(), dropout, drop), b.lengths(), b.targets());
                });
    }

    private static Map<String, List<Spoken>> spoken(SpokenDigits digits, String... speakers) {
        Map<String, List<Spoken>> all = new HashMap<>();
        MelFrames mel = MelFrames.speech(8000);
        for (String speaker : speakers) {
            List<Spoken> own = new ArrayList<>();
            for (Recording r : digits.of(speaker)) {
                double[][] frames = mel.logMel(r.sound());
                float[][] steps = new float[frames.length / 2][FEATURES];
                for (int t = 0; t < 2 * steps.length; t++) {
                    for (int j = 0; j < BANDS; j++) {
                        steps[t / 2][t % 2 * BANDS + j] = (float) frames[t][j];
                    }
                }
                own.add(new Spoken(r.digit(), steps));
            }
            all.put(speaker, own);
        }
        return all;
    }

    /** Strings of one speaker each; every band of a string is standardised. For training, bands are moved and stretched. */
    private static Batch batch(Map<String, List<Spoken>> spoken, int count, double change, RandomStream random) {
        List<String> speakers = spoken.keySet().stream().sorted().toList();
        List<float[][]> strings = new ArrayList<>();
        int[][] targets = new int[count][];
        for (int b = 0; b < count; b++) {
            List<Spoken> own = spoken.get(speakers.get(random.nextInt(speakers.size())));
            targets[b] = new int[2 + random.nextInt(4)];
            List<float[]> steps = new ArrayList<>();
            for (int u = 0; u < targets[b].length; u++) {
                Spoken one = own.get(random.nextInt(own.size()));
                targets[b][u] = 1 + one.digit();
                steps.addAll(List.of(one.steps()));
            }
            double pitch = change * (2 * random.nextDouble() - 1);
            strings.add(standardised(steps, pitch, change * (2 * random.nextDouble() - 1)));
        }
        int longest = strings.stream().mapToInt(s -> s.length).max().orElseThrow();
        float[] x = new float[count * longest * FEATURES];
        for (int b = 0; b < count; b++) {
            for (int t = 0; t < strings.get(b).length; t++) {
                System.arraycopy(strings.get(b)[t], 0, x, (b * longest + t) * FEATURES, FEATURES);
            }
        }
        return new Batch(
                Tensor.wrap(x, count, longest, FEATURES),
                strings.stream().mapToInt(s -> s.length).toArray(),
                targets);
    }

    private static float[][] standardised(List<float[]> steps, double pitch, double tempo) {
        int length = (int) Math.max(1, Math.rint(steps.size() * (1 + tempo)));
        float[][] y = new float[length][FEATURES];
        for (int k = 0; k < FEATURES; k++) {
            double band = k % BANDS * (1 + pitch); // a voice with a shorter or longer throat
            int low = (int) Math.min(BANDS - 1, Math.floor(band));
            int high = Math.min(BANDS - 1, low + 1);
            double part = Math.min(1, band - low);
            double sum = 0;
            double squares = 0;
            for (int t = 0; t < length; t++) {
                float[] from = steps.get(Math.min(steps.size() - 1, (int) (t / (1 + tempo))));
                int half = k / BANDS * BANDS;
                double v = (1 - part) * from[half + low] + part * from[half + high];
                y[t][k] = (float) v;
                sum += v;
                squares += v * v;
            }
            double mean = sum / length;
            double deviation = Math.sqrt(Math.max(1, squares / length - mean * mean));
            for (int t = 0; t < length; t++) {
                y[t][k] = (float) ((y[t][k] - mean) / deviation);
            }
        }
        return y;
    }
}
