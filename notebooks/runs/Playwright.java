import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.carousel.data.CharacterVocabulary;
import org.carousel.data.Datasets;
import org.carousel.data.Split;
import org.carousel.data.TextWindows;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.Sequence;
import org.carousel.recurrent.WeightDropout;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.History;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.weights.Checkpoint;

/**
 * The larger network of chapter 18: one LSTM reads tiny Shakespeare about fourteen times, writes a sample at six stages and
 * is kept. A million characters are few for so many weights, so connections from step to step are dropped (Merity, Keskar,
 * Socher 2018, arXiv:1708.02182), as are features of its input and output, the windows begin elsewhere in every reading, and
 * the weights kept are those of the lowest loss on the first half of the text held out. The arguments are the hidden size, the
 * number of steps and the file of the weights; a run that was stopped goes on where it was. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -Dcarousel.threads=1 -cp "lib/target/kernelspec/java/lib/*" \
 *      notebooks/runs/Playwright.java 384 7000 playwright.safetensors
 * </pre>
 */
class Playwright {
    private static final int ROWS = 32;
    private static final int WINDOW = 64;
    private static final int EMBEDDING = 64;
    private static final int EVERY = 500;

    private record Model(Embedding embedding, Lstm lstm, Affine head) {
        Sequence<Lstm.State> read(int[][] tokens, Lstm.State state) {
            return lstm.run(embedding.apply(tokens), state);
        }

        /** A pass of training; the state goes on without what is dropped from the output. */
        Sequence<Lstm.State> readWithDropout(int[][] tokens, Lstm.State state, RandomStream random) {
            Tensor x = new Dropout(0.1).applyToSequences(embedding.apply(tokens), random);
            return new WeightDropout(0.3).apply(lstm, x, state, random);
        }

        Tensor logitsWithDropout(Tensor h, RandomStream random) {
            return head.apply(new Dropout(0.3).applyToSequences(h, random));
        }

        Parameters parameters() {
            return Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);
        }
    }

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        Path file = Path.of(arguments[2]);
        String plays = Datasets.tinyShakespeare().text("input.txt");
        CharacterVocabulary letters = CharacterVocabulary.of(plays);
        Split<String> text = Split.last(plays, 0.1);
        String choose = text.heldOut().substring(0, text.heldOut().length() / 2);
        String judge = text.heldOut().substring(choose.length());
        RandomStream random = RandomStream.of(1);
        Model model = new Model(
                Embedding.of(letters.size(), EMBEDDING, random.split("embedding")),
                Lstm.of(EMBEDDING, hidden, random.split("lstm")),
                Affine.of(hidden, letters.size(), random.split("head")));
        System.out.printf(
                "H = %d, %d weights, at most %d steps of %d rows of %d characters%n",
                hidden, model.parameters().count(), steps, ROWS, WINDOW);
        sample(0, model, letters);
        List<Integer> stages = List.of(100, 500, 2000, 5000, steps);
        RandomStream dropped = random.split("dropout");
        int[] tokens = letters.encode(text.training());
        TextWindows[] windows = {null};
        int count = TextWindows.of(tokens, ROWS, WINDOW).count() - 1; // one less, for the place where a reading begins
        Lstm.State[] state = {model.lstm().initial(ROWS)};
        long begin = System.nanoTime();
        History history = Trainer.of(model.parameters(), Optimizer.adam(0.003))
                .schedule(Schedule.cosine(0.01).warmUp(100))
                .clipNorm(1)
                .validate(EVERY, () -> {
                    double nats = nats(model, choose, letters);
                    System.out.printf(
                            Locale.ROOT, "%6.0f s: held out %.3f nats%n", (System.nanoTime() - begin) / 1e9, nats);
                    return nats;
                })
                .patience(6)
                .stream("dropout", dropped)
                .keeping("state", () -> new Tensor[] {state[0].h(), state[0].c()},
                        kept -> state[0] = new Lstm.State(kept[0], kept[1]))
                .saving(Path.of(file + ".training"), Duration.ofSeconds(60))
                .listener((step, all, loss) -> {
                    if (step % EVERY == 0) {
                        System.out.printf(Locale.ROOT, "step %5d: training %.3f nats%n", step, loss);
                    }
                    if (stages.contains(step)) {
                        sample(step, model, letters);
                    }
                })
                .train(steps, step -> {
                    int k = step % count;
                    if (k == 0 || windows[0] == null) {
                        int from = RandomStream.of(step / count).nextInt(ROWS * WINDOW);
                        windows[0] = TextWindows.of(
                                Arrays.copyOfRange(tokens, from, tokens.length), ROWS, WINDOW);
                    }
                    Lstm.State before = k == 0 ? model.lstm().initial(ROWS) : state[0];
                    TextWindows.Window window = windows[0].window(k);
                    var read = model.readWithDropout(window.inputs(), before, dropped);
                    state[0] = model.lstm().detach(read.last());
                    return Loss.crossEntropy(model.logitsWithDropout(read.h(), dropped), window.targets());
                });
        Checkpoint.save(file, model.parameters());
        System.out.printf(
                Locale.ROOT,
                "%d steps in %.0f s; kept: held out %.3f nats where it was chosen, %.3f on the other half, %.3f on both%n",
                history.steps(),
                (System.nanoTime() - begin) / 1e9,
                nats(model, choose, letters),
                nats(model, judge, letters),
                nats(model, text.heldOut(), letters));
    }

    private static void sample(int step, Model model, CharacterVocabulary letters) {
        System.out.printf(
                "---------- after %d steps, temperature 0.8:%n%s%n----------%n",
                step, sample(model, letters, "ROMEO:\n", 400));
    }

    private static String sample(Model model, CharacterVocabulary letters, String prompt, int length) {
        RandomStream random = RandomStream.of(5);
        return Tensor.withoutGradient(() -> {
            StringBuilder written = new StringBuilder(prompt);
            var read = model.read(new int[][] {letters.encode(prompt)}, model.lstm().initial(1));
            for (int n = 0; n < length; n++) {
                Tensor last = model.head().apply(read.last().h()).dividedBy(0.8);
                int next = random.choose(Tensor.softmax(last).toArray());
                written.append(letters.decode(next));
                read = model.read(new int[][] {{next}}, read.last());
            }
            return written.toString();
        });
    }

    private static double nats(Model model, String text, CharacterVocabulary letters) {
        TextWindows windows = TextWindows.of(letters.encode(text), 8, 128);
        return Tensor.withoutGradient(() -> {
            Lstm.State state = model.lstm().initial(8);
            double sum = 0;
            for (TextWindows.Window window : windows) {
                var read = model.read(window.inputs(), state);
                state = read.last();
                sum += Loss.crossEntropy(model.head().apply(read.h()), window.targets()).item();
            }
            return sum / windows.count();
        });
    }
}
