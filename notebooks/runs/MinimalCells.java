import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.carousel.data.CharacterVocabulary;
import org.carousel.data.Corpora;
import org.carousel.data.Split;
import org.carousel.data.TextWindows;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.linear.MinGru;
import org.carousel.recurrent.linear.MinLstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The kept run of chapter 27: minLSTM, and minGRU for comparison, at the chapter's four examinations and as readers of Java, by
 * the chapter's code, seeds 1 to 3. Every line has the cell, the task, the seed and the marks: per cent of the sequences that are
 * right, as long as in training and longer; for Java the nats per character held out after 50, 100, 150 and 200 batches. Its log
 * lies beside it; the chapter trains minGRU itself and looks whether its lines are in the log.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/MinimalCells.java
 * </pre>
 */
class MinimalCells {
    private static final int SEEDS = 3;

    private record Exam(Tensor x, int[] right) {}

    private interface Task {
        Exam batch(int batch, RandomStream r);
    }

    private record Examined(Task learnt, int batches, Task longer) {}

    private interface Writer {
        void write(int b, float[] x, int[] right);
    }

    private interface Maker {
        Cell<Tensor> of(int inputs, int hidden, RandomStream r);
    }

    private record Two(Cell<Tensor> one, Cell<Tensor> two, Affine head) implements Layer {
        static Two of(Maker make, int inputs, int hidden, int outputs, RandomStream r) {
            return new Two(
                    make.of(inputs, hidden, r.split(1)),
                    make.of(hidden, hidden, r.split(2)),
                    Affine.of(hidden, outputs, r.split(3)));
        }

        Tensor apply(Tensor x) {
            return head.apply(two.run(one.run(x).h()).h());
        }

        @Override
        public Parameters parameters() {
            return Parameters.of("one", one).and("two", two).and("head", head);
        }
    }

    private final CharacterVocabulary vocabulary;
    private final TextWindows train;
    private final TextWindows held;

    public static void main(String[] arguments) {
        MinimalCells run = new MinimalCells();
        Map<String, Maker> cells = new LinkedHashMap<>();
        cells.put("minGRU", MinGru::of);
        cells.put("minLSTM", MinLstm::of);
        System.out.println("cell,task,seed,marks");
        cells.forEach((name, make) -> {
            tasks().forEach((task, examined) -> {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    print(name, task, seed, "%.1f", examine(make, examined, seed));
                }
            });
            for (int seed = 1; seed <= SEEDS; seed++) {
                print(name, "Java", seed, "%.3f", run.read(make, seed));
            }
        });
    }

    MinimalCells() {
        String java = Corpora.javaSources();
        vocabulary = CharacterVocabulary.of(java);
        Split<String> text = Split.last(java, 0.1);
        train = TextWindows.of(vocabulary.encode(text.training()), 16, 64);
        held = TextWindows.of(vocabulary.encode(text.heldOut()), 16, 64);
    }

    private static void print(String cell, String task, int seed, String format, double... marks) {
        System.out.printf(
                Locale.ROOT,
                "%s,%s,%d,%s%n",
                cell,
                task,
                seed,
                DoubleStream.of(marks)
                        .mapToObj(mark -> String.format(Locale.ROOT, format, mark))
                        .collect(Collectors.joining(",")));
    }

    private static double[] examine(Maker make, Examined e, long seed) {
        RandomStream r = RandomStream.of(seed);
        Two net = Two.of(make, 16, 24, 8, r.split("net"));
        RandomStream data = r.split("data");
        Trainer.of(net.parameters(), Optimizer.adam(0.01))
                .clipNorm(1)
                .schedule(Schedule.cosine(0.02))
                .train(e.batches(), step -> {
                    Exam exam = e.learnt().batch(32, data);
                    return Loss.crossEntropy(net.apply(exam.x()), exam.right());
                });
        return new double[] {whole(net, e.learnt()), whole(net, e.longer())};
    }

    /** Per cent of 200 sequences in which every answer is right. */
    private static double whole(Two net, Task task) {
        Exam e = task.batch(200, RandomStream.of(99));
        float[][] logits = Tensor.withoutGradient(() -> net.apply(e.x()))
                .reshape(-1, 8)
                .toRows();
        int steps = e.x().size(1);
        int right = 0;
        for (int b = 0; b < 200; b++) {
            boolean all = true;
            for (int n = b * steps; n < (b + 1) * steps; n++) {
                all &= e.right()[n] == Tensor.IGNORED || e.right()[n] == best(logits[n]);
            }
            right += all ? 1 : 0;
        }
        return right / 2.0;
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int k = 1; k < logits.length; k++) {
            if (logits[k] > logits[best]) {
                best = k;
            }
        }
        return best;
    }

    private double[] read(Maker make, long seed) {
        RandomStream r = RandomStream.of(seed);
        int characters = vocabulary.size();
        Embedding embedding = Embedding.of(characters, 32, r.split("e"));
        Two body = Two.of(make, 32, 64, characters, r.split("net"));
        double[] nats = new double[4];
        Trainer.of(Parameters.of("embedding", embedding).and("body", body), Optimizer.adam(0.005))
                .clipNorm(1)
                .listener((step, all, loss) -> {
                    if (step % 50 == 0) {
                        nats[step / 50 - 1] = heldOut(embedding, body);
                    }
                })
                .schedule(Schedule.cosine(0.02))
                .train(200, step -> {
                    TextWindows.Window w = train.window(step % train.count());
                    return Loss.crossEntropy(body.apply(embedding.apply(w.inputs())), w.targets());
                });
        return nats;
    }

    private double heldOut(Embedding embedding, Two body) {
        return Tensor.withoutGradient(() -> StreamSupport.stream(held.spliterator(), false)
                .mapToDouble(w -> Loss.crossEntropy(body.apply(embedding.apply(w.inputs())), w.targets())
                        .item())
                .average()
                .orElse(0));
    }

    private static Map<String, Examined> tasks() {
        Map<String, Examined> tasks = new LinkedHashMap<>();
        tasks.put("lag", new Examined(lag(40), 300, lag(80)));
        tasks.put("count", new Examined(count(1, 10), 250, count(11, 15)));
        tasks.put("recall", new Examined(recall(2, 5), 400, recall(7, 7)));
        tasks.put("copy", new Examined(copy(6), 400, copy(8)));
        return tasks;
    }

    private static Exam exam(int batch, int steps, Writer writer) {
        float[] x = new float[batch * steps * 16];
        int[] right = new int[batch * steps];
        Arrays.fill(right, Tensor.IGNORED);
        for (int b = 0; b < batch; b++) {
            writer.write(b, x, right);
        }
        return new Exam(Tensor.wrap(x, batch, steps, 16), right);
    }

    private static int at(int b, int t, int steps) {
        return b * steps + t;
    }

    private static Task lag(int steps) {
        return (batch, r) -> exam(batch, steps, (b, x, right) -> {
            int sign = r.nextInt(8);
            x[at(b, 0, steps) * 16 + sign] = 1;
            for (int t = 1; t < steps; t++) {
                x[at(b, t, steps) * 16 + 8 + r.nextInt(8)] = 1;
            }
            right[at(b, steps - 1, steps)] = sign;
        });
    }

    private static Task count(int from, int to) {
        return (batch, r) -> exam(batch, 2 * to, (b, x, right) -> {
            int n = r.nextInt(from, to + 1);
            for (int t = 0; t < 2 * n; t++) {
                x[at(b, t, 2 * to) * 16 + (t < n ? 0 : 1)] = 1;
                if (t >= n) {
                    right[at(b, t, 2 * to)] = t == 2 * n - 1 ? 1 : 0;
                }
            }
        });
    }

    private static Task recall(int from, int to) {
        return (batch, r) -> exam(batch, to + 1, (b, x, right) -> {
            int pairs = r.nextInt(from, to + 1);
            int which = r.nextInt(pairs);
            int[] names = r.permutation(8);
            for (int t = 0; t < pairs; t++) {
                int number = r.nextInt(8);
                int place = at(b, t, to + 1) * 16;
                x[place + names[t]] = 1;
                x[place + 8 + number] = 1;
                if (t == which) {
                    right[at(b, pairs, to + 1)] = number;
                }
            }
            x[at(b, pairs, to + 1) * 16 + names[which]] = 1;
        });
    }

    private static Task copy(int length) {
        return (batch, r) -> exam(batch, 2 * length, (b, x, right) -> {
            for (int t = 0; t < length; t++) {
                int sign = r.nextInt(8);
                x[at(b, t, 2 * length) * 16 + sign] = 1;
                x[at(b, length + t, 2 * length) * 16 + 15] = 1;
                right[at(b, length + t, 2 * length)] = sign;
            }
        });
    }
}
