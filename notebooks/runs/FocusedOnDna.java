import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.carousel.data.Datasets;
import org.carousel.data.SpliceJunctions;
import org.carousel.data.SpliceJunctions.Window;
import org.carousel.layers.Affine;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Gate;
import org.carousel.recurrent.GateInitializers;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Metrics;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The second long run of chapter 12: the forms of the LSTM on real data. Each reads the 60 bases of a window of DNA, one
 * after the other, and says after the last whether a junction lies in the middle, and which. A tenth of the windows is
 * held out; three seeds. The argument is the number of updates; the log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/FocusedOnDna.java 1200
 * </pre>
 */
class FocusedOnDna {
    private static final int H = 8;
    private static final int SEEDS = 3;
    private static final int BATCH = 32;
    private static final int K = SpliceJunctions.KINDS.size();

    public static void main(String[] arguments) {
        int updates = Integer.parseInt(arguments[0]);
        SpliceJunctions.Fold fold =
                SpliceJunctions.of(Datasets.spliceJunctions()).folds(10, RandomStream.of(1)).get(0);
        long none = fold.test().stream().filter(w -> w.label() == 0).count();
        System.out.printf(
                Locale.ROOT,
                "%d windows to train on, %d held out; \"neither\" is right in %.1f %% of these; %d updates of %d, H = %d%n",
                fold.training().size(),
                fold.test().size(),
                100.0 * none / fold.test().size(),
                updates,
                BATCH,
                H);
        LstmForm plain = LstmForm.vanilla().peepholes(LstmForm.Peepholes.NONE);
        LstmForm focused = plain.focused().noForgetGate();
        GateInitializers usual = GateInitializers.standard();
        run("lightweight", focused.noOutputGate(), usual, fold, updates);
        run("focused", focused, usual, fold, updates);
        run("no forget gate", plain.noForgetGate(), usual, fold, updates);
        run("LSTM, forget bias 1", plain, usual, fold, updates);
        run("LSTM, forget bias 5", plain, usual.bias(Gate.FORGET, 5), fold, updates);
    }

    private static void run(
            String name, LstmForm form, GateInitializers weights, SpliceJunctions.Fold fold, int updates) {
        long[] count = new long[1];
        String right = IntStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> {
                    RandomStream r = RandomStream.of(seed);
                    RandomStream draw = r.split("data");
                    LstmVariant cell = LstmVariant.of(form, 4, H, weights, r.split("cell"));
                    Affine head = Affine.of(H, K, r.split("head"));
                    count[0] = cell.parameters().count();
                    List<Window> windows = fold.training();
                    Trainer.of(Parameters.of("cell", cell).and("head", head), Optimizer.adam(0.01))
                            .clipNorm(1)
                            .schedule(Schedule.cosine(0.05))
                            .train(updates, step -> {
                                List<Window> batch = IntStream.range(0, BATCH)
                                        .mapToObj(k -> windows.get(draw.nextInt(windows.size())))
                                        .toList();
                                return Loss.crossEntropy(answer(cell, head, batch), labels(batch));
                            });
                    Tensor y = Tensor.withoutGradient(() -> answer(cell, head, fold.test()));
                    return String.format(Locale.ROOT, "%6.1f", 100 * Metrics.accuracy(y, labels(fold.test())));
                })
                .collect(Collectors.joining());
        System.out.printf("%-20s %4d weights, per cent right:%s%n", name, count[0], right);
    }

    private static Tensor answer(LstmVariant cell, Affine head, List<Window> windows) { // after the last base
        float[] x = new float[windows.size() * 60 * 4];
        int at = 0;
        for (Window window : windows) {
            for (float[] base : window.shares()) {
                System.arraycopy(base, 0, x, at, 4);
                at += 4;
            }
        }
        Tensor all = Tensor.wrap(x, windows.size(), 60, 4);
        return head.apply(cell.output(cell.run(all, cell.initial(windows.size())).last()));
    }

    private static int[] labels(List<Window> windows) {
        return windows.stream().mapToInt(Window::label).toArray();
    }
}
