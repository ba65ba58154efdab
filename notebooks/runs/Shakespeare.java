import java.util.Locale;
import java.util.stream.IntStream;
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

/**
 * The long run of chapter 18: the network of its section on Shakespeare with three seeds. The arguments are the hidden size
 * and the number of steps. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/Shakespeare.java 224 2000
 * </pre>
 */
class Shakespeare {
    private static final int ROWS = 32;
    private static final int WINDOW = 64;
    private static final int EMBEDDING = 64;

    private record Model(Embedding embedding, Lstm lstm, Affine head) {
        Sequence<Lstm.State> read(int[][] tokens, Lstm.State state) {
            return lstm.run(embedding.apply(tokens), state);
        }
    }

    public static void main(String[] arguments) {
        int hidden = Integer.parseInt(arguments[0]);
        int steps = Integer.parseInt(arguments[1]);
        String plays = Datasets.tinyShakespeare().text("input.txt");
        CharacterVocabulary letters = CharacterVocabulary.of(plays);
        Split<String> text = Split.last(plays, 0.1);
        System.out.printf("H = %d, %d steps of %d rows of %d characters%n", hidden, steps, ROWS, WINDOW);
        IntStream.rangeClosed(1, 3).forEach(seed -> train(seed, hidden, steps, letters, text));
    }

    private static void train(int seed, int hidden, int steps, CharacterVocabulary letters, Split<String> text) {
        RandomStream random = RandomStream.of(seed);
        Model model = new Model(
                Embedding.of(letters.size(), EMBEDDING, random.split("embedding")),
                Lstm.of(EMBEDDING, hidden, random.split("lstm")),
                Affine.of(hidden, letters.size(), random.split("head")));
        TextWindows windows = TextWindows.of(letters.encode(text.training()), ROWS, WINDOW);
        Lstm.State[] state = {model.lstm().initial(ROWS)};
        Trainer.of(
                        Parameters.of("embedding", model.embedding())
                                .and("lstm", model.lstm())
                                .and("head", model.head()),
                        Optimizer.adam(0.004))
                .schedule(Schedule.cosine(0.02).warmUp(50))
                .clipNorm(1)
                .listener((step, all, loss) -> {
                    if (step % 500 == 0) {
                        double nats = heldOut(model, text.heldOut(), letters);
                        System.out.printf(Locale.ROOT, "seed %d, step %4d: held out %.3f nats%n", seed, step, nats);
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
