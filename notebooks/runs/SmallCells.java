import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.carousel.data.Chorales;
import org.carousel.data.Datasets;
import org.carousel.data.tasks.Prediction;
import org.carousel.data.tasks.ReberStream;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.EarlyStopping;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;

/**
 * The long run of chapter 10: the GRU and the seven small cells of the catalogue at the chapter's two tasks, by the chapter's
 * code, seeds 1 to 3. Every line has the cell, the seed, the share of long-lag symbols that were right, the test loss on
 * the chorales in nats per step, the best epoch and the number of weights. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/SmallCells.java
 * </pre>
 */
class SmallCells {
    private static final int SEEDS = 3;

    private final Prediction stream = ReberStream.of(RandomStream.of(99), 16).next(1000);
    private final boolean[][] isLag = new boolean[16][1000];
    private final Chorales bach = Chorales.quarters(Datasets.jsbChorales().only("jsb-chorales-quarter.json"));
    private int lags;

    public static void main(String[] arguments) {
        SmallCells run = new SmallCells();
        List<Variants.Variant> cells = new ArrayList<>(Variants.compact());
        cells.add(0, Variants.named("GRU"));
        System.out.println("cell,seed,stream,chorales,epoch,weights");
        for (Variants.Variant v : cells) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                System.out.printf(Locale.ROOT, "%s,%d,%.3f,%s%n", v.name(), seed, run.reber(v, seed - 1), run.music(v, seed));
            }
        }
    }

    SmallCells() {
        for (int b = 0; b < 16; b++) {
            for (int t = 0; t < 1000; t++) {
                int legal = 0;
                for (int k = 0; k < 7; k++) {
                    legal += stream.legal().get(b, t, k) > 0 ? 1 : 0;
                }
                isLag[b][t] = legal == 1 && (stream.next()[b][t] == 1 || stream.next()[b][t] == 2);
                lags += isLag[b][t] ? 1 : 0;
            }
        }
    }

    private double reber(Variants.Variant v, int seed) {
        RandomStream r = RandomStream.of(seed);
        Cell<?> cell = v.cell(7, 16, r.split("cell"));
        Affine head = Affine.of(16, 7, r.split("head"));
        Trainer.of(Parameters.of("cell", cell).and("head", head), Optimizer.adam(0.01))
                .clipNorm(1)
                .train(400, k -> {
                    Prediction batch =
                            ReberStream.of(r.split("data").split(k), 8).next(100);
                    return Loss.crossEntropy(head.apply(outputs(cell, batch.x())), batch.next());
                });
        Tensor scores = Tensor.withoutGradient(() -> head.apply(outputs(cell, stream.x())));
        int right = 0;
        for (int b = 0; b < 16; b++) {
            for (int t = 0; t < 1000; t++) {
                boolean saysT = scores.get(b, t, 1) > scores.get(b, t, 2);
                right += isLag[b][t] && saysT == (stream.next()[b][t] == 1) ? 1 : 0;
            }
        }
        return (double) right / lags;
    }

    private String music(Variants.Variant v, long seed) {
        List<Chorales.Batch> train = Chorales.batches(bach.training(), 16, 43, 96);
        List<Chorales.Batch> valid = Chorales.batches(bach.validation(), 16, 43, 96);
        List<Chorales.Batch> test = Chorales.batches(bach.test(), 16, 43, 96);
        RandomStream r = RandomStream.of(seed);
        RandomStream mask = r.split("dropout");
        Cell<?> cell = v.cell(54, 64, r.split("cell"));
        Affine head = Affine.of(64, 54, r.split("head"));
        Parameters weights = Parameters.of("cell", cell).and("head", head);
        Trainer trainer = Trainer.of(weights, Optimizer.adam(0.01)).clipNorm(1);
        EarlyStopping best = EarlyStopping.of(weights, 40);
        for (int epoch = 0; epoch < 40; epoch++) {
            int[] order = shuffled(train.size(), r.split("order").split(epoch));
            trainer.train(order.length, k -> {
                Chorales.Batch b = train.get(order[k]);
                Tensor a = head.apply(new Dropout(0.2).apply(outputs(cell, b), mask));
                return Loss.binaryCrossEntropy(a, b.next(), b.lengths());
            });
            best.goOn(Tensor.withoutGradient(() -> nll(cell, head, valid)));
        }
        best.restoreBest();
        double loss = Tensor.withoutGradient(() -> nll(cell, head, test));
        return String.format(
                Locale.ROOT, "%.3f,%d,%d", loss, best.bestCheck(), cell.parameters().count());
    }

    private static <S> Tensor outputs(Cell<S> cell, Tensor x) {
        return cell.run(x, cell.initial(x.size(0))).h();
    }

    private static <S> Tensor outputs(Cell<S> cell, Chorales.Batch b) {
        return cell.run(b.x(), cell.initial(b.x().size(0)), b.lengths()).h();
    }

    private static double nll(Cell<?> cell, Affine head, List<Chorales.Batch> batches) {
        double sum = 0;
        double steps = 0;
        for (Chorales.Batch b : batches) {
            int n = Arrays.stream(b.lengths()).sum();
            sum += n * Loss.binaryCrossEntropy(head.apply(outputs(cell, b)), b.next(), b.lengths()).item();
            steps += n;
        }
        return sum / steps;
    }

    private static int[] shuffled(int n, RandomStream random) {
        int[] order = IntStream.range(0, n).toArray();
        for (int k = n - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            int kept = order[k];
            order[k] = order[other];
            order[other] = kept;
        }
        return order;
    }
}
