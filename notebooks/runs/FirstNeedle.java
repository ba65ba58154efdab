import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Gate;
import org.carousel.recurrent.GateInitializers;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The long run of chapter 12: which needle came first? The LSTM with two forget biases and the lightweight LSTM, after 800
 * and after 5000 updates, five seeds each; trained on 50 steps, tested on 50 and 200. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/FirstNeedle.java
 * </pre>
 */
class FirstNeedle {
    private static final int SYMBOLS = 12;
    private static final int NEEDLES = 4;
    private static final int H = 8;
    private static final int SEEDS = 5;
    private static final int ASKED = 500;

    private record Batch(Tensor x, int[] labels) {}

    public static void main(String[] arguments) {
        LstmForm plain = LstmForm.vanilla().peepholes(LstmForm.Peepholes.NONE);
        LstmForm lightweight = plain.focused().noForgetGate().noOutputGate();
        GateInitializers usual = GateInitializers.standard();
        System.out.println("which needle came first; per cent right of 500, seeds 1 to 5; chance 25");
        for (int updates : new int[] {800, 5000}) {
            run("LSTM, forget bias 1", plain, usual, updates);
            run("LSTM, forget bias 5", plain, usual.bias(Gate.FORGET, 5), updates);
            run("lightweight", lightweight, usual, updates);
        }
    }

    private static void run(String name, LstmForm form, GateInitializers weights, int updates) {
        int[][] right = IntStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> {
                    RandomStream r = RandomStream.of(seed);
                    RandomStream data = r.split("data");
                    LstmVariant cell = LstmVariant.of(form, SYMBOLS, H, weights, r.split("cell"));
                    Affine head = Affine.of(H, NEEDLES, r.split("head"));
                    Trainer.of(Parameters.of("cell", cell).and("head", head), Optimizer.adam(0.01))
                            .clipNorm(1)
                            .schedule(Schedule.cosine(0.05))
                            .train(updates, step -> {
                                Batch batch = batch(data, 32, 50);
                                return Loss.crossEntropy(answer(cell, head, batch.x()), batch.labels());
                            });
                    return new int[] {right(cell, head, 50), right(cell, head, 200)};
                })
                .toArray(int[][]::new);
        System.out.printf(
                "%4d updates, %-20s 50 steps: %s   200 steps: %s%n", updates, name, column(right, 0), column(right, 1));
    }

    private static Tensor answer(LstmVariant cell, Affine head, Tensor x) { // after the last step
        return head.apply(cell.output(cell.run(x, cell.initial(x.size(0))).last()));
    }

    private static int right(LstmVariant cell, Affine head, int steps) {
        Batch test = batch(RandomStream.of(99), ASKED, steps);
        float[][] y = Tensor.withoutGradient(() -> answer(cell, head, test.x())).toRows();
        long right = IntStream.range(0, ASKED)
                .filter(b -> IntStream.range(0, NEEDLES).allMatch(k -> y[b][k] <= y[b][test.labels()[b]]))
                .count();
        return (int) (right * 100 / ASKED);
    }

    /** Each symbol is a needle with probability 0.1; the label is the first one. */
    private static Batch batch(RandomStream random, int count, int steps) {
        int[] all = new int[count * steps];
        int[] labels = new int[count];
        for (int b = 0; b < count; b++) {
            labels[b] = -1;
            while (labels[b] < 0) {
                for (int t = steps - 1; t >= 0; t--) {
                    boolean needle = random.nextInt(10) == 0;
                    all[b * steps + t] = needle ? random.nextInt(NEEDLES) : NEEDLES + random.nextInt(SYMBOLS - NEEDLES);
                    labels[b] = needle ? all[b * steps + t] : labels[b];
                }
            }
        }
        return new Batch(Tensor.oneHot(all, SYMBOLS).reshape(count, steps, SYMBOLS), labels);
    }

    private static String column(int[][] right, int k) {
        return Arrays.stream(right).map(r -> "%4d".formatted(r[k])).collect(Collectors.joining());
    }
}
