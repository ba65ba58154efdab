import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.SpliceJunctions;
import org.carousel.data.SpliceJunctions.Window;
import org.carousel.labelling.Confusion;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.training.WeightAverage;

/**
 * The third long run of chapter 15: splice junctions by tenfold cross-validation, equal windows in one fold. A bidirectional
 * LSTM reads the 60 bases; the outputs of the two steps in the middle, where the junction is, are what is classified. Its log
 * lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/SpliceJunction.java EPOCHS
 * </pre>
 */
class SpliceJunction {
    private static final int FOLDS = 10;
    private static final int BATCH = 32;
    private static final int STEPS = 60;
    private static final int K = SpliceJunctions.KINDS.size();

    private record Net(Bidirectional.Stack<Lstm.State> stack, Affine head) {
        static Net of(RandomStream random) {
            Bidirectional.Stack<Lstm.State> stack = Bidirectional.Stack.lstm(4, 32, 1, random.split("stack"));
            return new Net(stack, Affine.of(2 * stack.hiddenSize(), K, random.split("head")));
        }

        Tensor apply(Tensor x, Dropout dropout, RandomStream drop) {
            Tensor h = stack.apply(x, Ragged.full(x));
            Tensor middle = h.slice(1, STEPS / 2 - 1, STEPS / 2 + 1).reshape(x.size(0), 2 * stack.hiddenSize());
            return head.apply(dropout.apply(middle, drop));
        }
    }

    public static void main(String[] arguments) {
        int epochs = Integer.parseInt(arguments[0]);
        SpliceJunctions all = SpliceJunctions.of(Datasets.spliceJunctions());
        List<SpliceJunctions.Fold> folds = all.folds(FOLDS, RandomStream.of(1));
        List<int[]> said = new ArrayList<>();
        List<int[]> right = new ArrayList<>();
        for (int f = 0; f < FOLDS; f++) {
            long begin = System.nanoTime();
            SpliceJunctions.Fold fold = folds.get(f);
            int[] mine = train(fold, 1 + f, epochs);
            int[] wanted = fold.test().stream().mapToInt(Window::label).toArray();
            said.add(mine);
            right.add(wanted);
            Confusion one = Confusion.of(K, List.of(mine), List.of(wanted));
            System.out.printf(
                    Locale.ROOT, "fold %2d: %d of %d wrong (%.2f %%), %.0f s%n",
                    f + 1, one.total() - one.right(), one.total(), 100 * (1 - one.accuracy()),
                    (System.nanoTime() - begin) / 1e9);
        }
        Confusion whole = Confusion.of(K, said, right);
        System.out.printf(
                Locale.ROOT, "all: %d of %d wrong, %.2f %%; wrong of N %.2f %%, of EI %.2f %%, of IE %.2f %%%n",
                whole.total() - whole.right(), whole.total(), 100 * (1 - whole.accuracy()),
                100 * (1 - whole.recall(0)), 100 * (1 - whole.recall(1)), 100 * (1 - whole.recall(2)));
    }

    private static int[] train(SpliceJunctions.Fold fold, int seed, int epochs) {
        RandomStream random = RandomStream.of(seed);
        Net net = Net.of(random.split("net"));
        Parameters parameters = Parameters.of("stack", net.stack()).and("head", net.head());
        WeightAverage average = WeightAverage.exponential(parameters, 0.99);
        Dropout dropout = new Dropout(0.3);
        RandomStream drop = random.split("drop");
        RandomStream shuffle = random.split("order");
        List<Window> training = fold.training();
        int steps = (training.size() + BATCH - 1) / BATCH;
        int[] order = new int[training.size()];
        Trainer.of(parameters, Optimizer.adamW(0.005, 0.01))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .listener((step, of, loss) -> average.update())
                .train(epochs * steps, step -> {
                    if (step % steps == 0) {
                        System.arraycopy(shuffle.permutation(order.length), 0, order, 0, order.length);
                    }
                    int from = step % steps * BATCH;
                    List<Window> batch = IntStream.range(from, Math.min(order.length, from + BATCH))
                            .mapToObj(n -> training.get(order[n]))
                            .toList();
                    int[] labels = batch.stream().mapToInt(Window::label).toArray();
                    return Loss.crossEntropy(net.apply(inputs(batch), dropout, drop), labels);
                });
        float[][] y = average.during(() -> Tensor.withoutGradient(
                        () -> net.apply(inputs(fold.test()), new Dropout(0), drop)))
                .toRows();
        return IntStream.range(0, y.length)
                .map(n -> IntStream.range(0, K).reduce((a, b) -> y[n][b] > y[n][a] ? b : a).getAsInt())
                .toArray();
    }

    private static Tensor inputs(List<Window> windows) {
        float[] x = new float[windows.size() * STEPS * 4];
        for (int b = 0; b < windows.size(); b++) {
            float[][] shares = windows.get(b).shares();
            for (int t = 0; t < STEPS; t++) {
                System.arraycopy(shares[t], 0, x, (b * STEPS + t) * 4, 4);
            }
        }
        return Tensor.wrap(x, windows.size(), STEPS, 4);
    }
}
