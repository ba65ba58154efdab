import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.carousel.data.CharacterVocabulary;
import org.carousel.data.Datasets;
import org.carousel.data.Split;
import org.carousel.data.TextWindows;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;
import org.carousel.weights.SafeTensors;

/**
 * A larger network for chapter 18: one large LSTM reads tiny Shakespeare, writes a sample at six stages and is kept as
 * safetensors. The arguments are the hidden size, the number of steps and the file to write.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/Playwright.java 384 1200 playwright.safetensors
 * </pre>
 */
class Playwright {
    private static final int ROWS = 32;
    private static final int WINDOW = 64;
    private static final int EMBEDDING = 64;

    private record Model(Embedding embedding, Lstm lstm, Affine head) {
        Sequence<Lstm.State> read(int[][] tokens, Lstm.State state) {
            return lstm.run(embedding.apply(tokens), state);
        }

        Parameters parameters() {
            return Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);
        }
    }

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        String plays = Datasets.tinyShakespeare().text("input.txt");
        CharacterVocabulary letters = CharacterVocabulary.of(plays);
        Split<String> text = Split.last(plays, 0.1);
        RandomStream random = RandomStream.of(1);
        Model model = new Model(
                Embedding.of(letters.size(), EMBEDDING, random.split("embedding")),
                Lstm.of(EMBEDDING, hidden, random.split("lstm")),
                Affine.of(hidden, letters.size(), random.split("head")));
        System.out.printf(
                "H = %d, %d weights, %d steps of %d rows of %d characters%n",
                hidden, model.parameters().count(), steps, ROWS, WINDOW);
        List<Integer> stages = List.of(30, 100, 300, 700, steps);
        report(0, model, text.heldOut(), letters);
        TextWindows windows = TextWindows.of(letters.encode(text.training()), ROWS, WINDOW);
        Lstm.State[] state = {model.lstm().initial(ROWS)};
        Trainer.of(model.parameters(), Optimizer.adam(0.004))
                .schedule(Schedule.cosine(0.02).warmUp(50))
                .clipNorm(1)
                .listener((step, all, loss) -> {
                    if (stages.contains(step)) {
                        report(step, model, text.heldOut(), letters);
                    } else if (step % 100 == 0) {
                        System.out.printf(
                                Locale.ROOT,
                                "step %4d: held out %.3f nats%n",
                                step,
                                heldOut(model, text.heldOut(), letters));
                    }
                })
                .train(steps, step -> {
                    int k = step % windows.count();
                    Lstm.State before = k == 0 ? model.lstm().initial(ROWS) : state[0];
                    var read = model.read(windows.window(k).inputs(), before);
                    state[0] = model.lstm().detach(read.last());
                    return Loss.crossEntropy(
                            model.head().apply(read.h()), windows.window(k).targets());
                });
        Map<String, Tensor> weights = new TreeMap<>();
        for (String name : model.parameters().names()) {
            weights.put(name, model.parameters().get(name));
        }
        SafeTensors.save(Path.of(arguments[2]), weights);
    }

    private static void report(int step, Model model, String text, CharacterVocabulary letters) {
        System.out.printf(
                Locale.ROOT,
                "step %4d: held out %.3f nats; a sample at temperature 0.8:%n%s%n----%n",
                step,
                heldOut(model, text, letters),
                sample(model, letters, "ROMEO:\n", 400));
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

    private static double heldOut(Model model, String text, CharacterVocabulary letters) {
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
