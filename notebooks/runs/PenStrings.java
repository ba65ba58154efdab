import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.signal.PenDigits;
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
 * The long run of chapter 17: strings of 2 to 6 handwritten digits, each string of one writer, read by a bidirectional LSTM
 * with CTC from the moves of the pen. 30 writers for training, 14 others for the test. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/PenStrings.java BATCHES SEEDS
 * </pre>
 */
class PenStrings {
    private static final double DISTANCE = 0.2;
    private static final int BATCH = 16;
    private static final int EVERY = 250;

    private record Batch(Tensor x, int[] lengths, int[][] targets) {}

    public static void main(String[] arguments) {
        int batches = Integer.parseInt(arguments[0]);
        int seeds = Integer.parseInt(arguments[1]);
        PenDigits digits = PenDigits.of(Datasets.pendigits());
        Batch test = batch(lines(digits.test(), 500, RandomStream.of(1000)));
        System.out.printf(
                Locale.ROOT, "test: 500 strings, %d digits, %.1f steps each%n",
                IntStream.range(0, 500).map(n -> test.targets()[n].length).sum(),
                IntStream.of(test.lengths()).average().orElseThrow());
        for (int seed = 1; seed <= seeds; seed++) {
            train(digits, test, seed, batches);
        }
    }

    private static void train(PenDigits digits, Batch test, int seed, int batches) {
        long begin = System.nanoTime();
        RandomStream random = RandomStream.of(seed);
        FrameTagger net = FrameTagger.of(3, 48, 2, 11, random.split("net"));
        WeightAverage average = WeightAverage.exponential(net.parameters(), 0.99);
        Ctc ctc = Ctc.of(0);
        CtcDecoder decoder = new CtcDecoder(0);
        RandomStream data = random.split("data");
        RandomStream drop = random.split("drop");
        Dropout dropout = new Dropout(0.1);
        Trainer.of(net.parameters(), Optimizer.adam(0.005))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .listener((step, of, loss) -> {
                    average.update();
                    if ((step + 1) % EVERY == 0) {
                        List<int[]> read = average.during(() -> Tensor.withoutGradient(
                                () -> decoder.greedy(net.apply(test.x(), test.lengths()), test.lengths())));
                        List<int[]> right = List.of(test.targets());
                        long whole = IntStream.range(0, right.size())
                                .filter(n -> java.util.Arrays.equals(read.get(n), right.get(n)))
                                .count();
                        System.out.printf(
                                Locale.ROOT,
                                "seed %d, %4d batches of %d: loss %.3f, label error rate %.2f %%, %d of 500 strings right, %.0f s%n",
                                seed, step + 1, BATCH, loss, 100 * EditDistance.rate(read, right), whole,
                                (System.nanoTime() - begin) / 1e9);
                    }
                })
                .train(batches, step -> {
                    Batch b = batch(lines(digits.training(), BATCH, data));
                    return ctc.loss(net.apply(b.x(), b.lengths(), dropout, drop), b.lengths(), b.targets());
                });
    }

    private static List<PenDigits.Line> lines(List<PenDigits.Digit> digits, int count, RandomStream random) {
        List<PenDigits.Line> all = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            all.add(PenDigits.line(digits, 2, 6, DISTANCE, random));
        }
        return all;
    }

    private static Batch batch(List<PenDigits.Line> lines) {
        int steps = lines.stream().mapToInt(l -> l.ink().points()).max().orElseThrow();
        float[] x = new float[lines.size() * steps * 3];
        for (int b = 0; b < lines.size(); b++) {
            float[][] rows = lines.get(b).ink().features();
            for (int t = 0; t < rows.length; t++) {
                int at = (b * steps + t) * 3;
                x[at] = rows[t][0] * 4;
                x[at + 1] = rows[t][1] * 4;
                x[at + 2] = rows[t][2];
            }
        }
        return new Batch(
                Tensor.wrap(x, lines.size(), steps, 3),
                lines.stream().mapToInt(l -> l.ink().points()).toArray(),
                lines.stream()
                        .map(l -> IntStream.of(l.labels()).map(d -> d + 1).toArray())
                        .toArray(int[][]::new));
    }
}
