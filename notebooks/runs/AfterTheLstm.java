import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import org.carousel.data.CharacterVocabulary;
import org.carousel.data.Corpora;
import org.carousel.data.Split;
import org.carousel.data.TextWindows;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Initializer;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.MLstm;
import org.carousel.recurrent.SLstm;
import org.carousel.recurrent.linear.DiagonalStateSpace;
import org.carousel.recurrent.linear.LinearAttention;
import org.carousel.recurrent.linear.MinGru;
import org.carousel.recurrent.linear.MinLstm;
import org.carousel.recurrent.linear.Scan;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Schedule;
import org.carousel.training.Trainer;

/**
 * The long run of chapter 27: ten kinds of networks at five examinations, by the chapter's code, seeds 1 to 3, and six of them as
 * readers of Java. Every line has the task, the kind, the seed and the marks: per cent of the sequences that are right, as long as
 * in training and longer; for Java the nats per character held out after 50, 100, 150 and 200 batches. Its log lies beside it. The
 * chapter trains nine of the kinds at three of the examinations itself and compares.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/AfterTheLstm.java
 * </pre>
 */
class AfterTheLstm {
    private static final int SEEDS = 3;

    private record Exam(Tensor x, int[] right) {}

    private interface Task {
        Exam batch(int batch, RandomStream r);
    }

    private record Examined(Task learnt, int batches, Task longer) {}

    private interface Writer {
        void write(int b, float[] x, int[] right);
    }

    private interface Kind {
        Two of(int inputs, int hidden, int outputs, RandomStream r);
    }

    private interface Maker {
        Cell<?> of(int inputs, int hidden, RandomStream r);
    }

    private interface Net extends Layer {
        Tensor apply(Tensor x);
    }

    private interface NetMaker {
        Net of(int inputs, int hidden, RandomStream r);
    }

    private record Two(Layer one, Layer two, UnaryOperator<Tensor> body, Affine head) implements Layer {
        Tensor apply(Tensor x) {
            return head.apply(body.apply(x));
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
        AfterTheLstm run = new AfterTheLstm();
        System.out.println("task,kind,seed,marks");
        Map<String, Kind> kinds = kinds();
        tasks().forEach((task, examined) -> kinds.forEach((kind, make) -> {
            for (int seed = 1; seed <= SEEDS; seed++) {
                print(task, kind, seed, "%.1f", examine(make, examined, seed));
            }
        }));
        for (String kind : List.of("LSTM", "sLSTM", "mLSTM", "minGRU", "minLSTM", "RWKV")) {
            for (int seed = 1; seed <= SEEDS; seed++) {
                print("Java", kind, seed, "%.3f", run.read(kinds.get(kind), seed));
            }
        }
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        kinds.put("LSTM", layers(Lstm::of));
        kinds.put("GRU", layers(Gru::of));
        kinds.put("sLSTM", layers(SLstm::of));
        kinds.put("mLSTM", layers(MLstm::of));
        kinds.put("minGRU", layers(MinGru::of));
        kinds.put("minLSTM", layers(MinLstm::of));
        kinds.put("state space", layers((inputs, hidden, r) -> DiagonalStateSpace.of(inputs, hidden, 4, r)));
        kinds.put("selective", nets((inputs, hidden, r) -> Selective.of(inputs, hidden, 4, r)));
        kinds.put("RWKV", nets(Rwkv::of));
        kinds.put("linear attention", layers(LinearAttention::of));
        return kinds;
    }

    private static Kind layers(Maker make) {
        return (inputs, hidden, outputs, r) -> {
            Cell<?> one = make.of(inputs, hidden, r.split(1));
            Cell<?> two = make.of(hidden, hidden, r.split(2));
            return new Two(
                    one, two, x -> two.run(one.run(x).h()).h(), Affine.of(hidden, outputs, r.split(3)));
        };
    }

    private static Kind nets(NetMaker make) {
        return (inputs, hidden, outputs, r) -> {
            Net one = make.of(inputs, hidden, r.split(1));
            Net two = make.of(hidden, hidden, r.split(2));
            return new Two(one, two, x -> two.apply(one.apply(x)), Affine.of(hidden, outputs, r.split(3)));
        };
    }

    /** Mamba's selective state space as in section 5 of the chapter: x [B×T×I] to [B×T×H]. */
    private record Selective(Affine in, Affine pace, Affine B, Affine C, Tensor alpha) implements Net {
        static Selective of(int inputs, int hidden, int n, RandomStream r) {
            float[] log = new float[n * hidden];
            for (int k = 0; k < n * hidden; k++) {
                log[k] = (float) StrictMath.log(k / hidden + 1);
            }
            Affine pace = Affine.of(inputs, hidden, r.split("pace"));
            pace.b().update(w -> Arrays.fill(w, -3));
            return new Selective(
                    Affine.of(inputs, hidden, r.split("in")),
                    pace,
                    Affine.of(inputs, n, r.split("B")),
                    Affine.of(inputs, n, r.split("C")),
                    Tensor.wrap(log, n, hidden).requiresGradient());
        }

        @Override
        public Tensor apply(Tensor x) {
            int b = x.size(0);
            int steps = x.size(1);
            int n = alpha.size(0);
            int hidden = alpha.size(1);
            Tensor u = in.apply(x);
            Tensor delta = softplus(pace.apply(x));
            Tensor a = Tensor.exp(delta.reshape(b, steps, 1, hidden)
                    .times(Tensor.exp(alpha).negate()));
            Tensor taken = delta.times(u)
                    .reshape(b, steps, 1, hidden)
                    .times(B.apply(x).reshape(b, steps, n, 1));
            Tensor s = Scan.run(
                            a.reshape(b, steps, n * hidden),
                            taken.reshape(b, steps, n * hidden),
                            Tensor.zeros(b, n * hidden),
                            Ragged.full(x))
                    .h();
            return s.reshape(b, steps, n, hidden)
                    .times(C.apply(x).reshape(b, steps, n, 1))
                    .sum(2);
        }

        private static Tensor softplus(Tensor a) {
            Tensor size = Tensor.relu(a).plus(Tensor.relu(a.negate()));
            return Tensor.relu(a)
                    .plus(Tensor.log(Tensor.exp(size.negate()).plus(1)));
        }

        @Override
        public Parameters parameters() {
            return Parameters.of("in", in)
                    .and("pace", pace)
                    .and("B", B)
                    .and("C", C)
                    .and("alpha", alpha);
        }
    }

    /** RWKV's time mixing as in section 5 of the chapter: x [B×T×I] to [B×T×H]. */
    private record Rwkv(Tensor k, Affine v, Affine r, Tensor m, Tensor w, Tensor b) implements Net {
        static Rwkv of(int inputs, int hidden, RandomStream r) {
            float[] w = new float[hidden];
            for (int j = 0; j < hidden; j++) {
                w[j] = -6 + 7f * j / (hidden - 1);
            }
            Tensor k = Initializer.glorot().matrix(hidden, inputs, r.split("k"));
            return new Rwkv(
                    k.requiresGradient(),
                    Affine.of(inputs, hidden, r.split("v")),
                    Affine.of(inputs, hidden, r.split("r")),
                    Tensor.full(0.5, inputs).requiresGradient(),
                    Tensor.wrap(w, hidden).requiresGradient(),
                    Tensor.zeros(hidden).requiresGradient());
        }

        private static Tensor shifted(Tensor x) {
            Tensor before = Tensor.full(0, x.size(0), 1, x.size(2));
            return Tensor.concat(1, before, x.slice(1, 0, x.size(1) - 1));
        }

        private Tensor before(Tensor taken) {
            Tensor kept = Tensor.exp(Tensor.exp(w).negate()).plus(Tensor.zeros(taken.shape()));
            Tensor initial = Tensor.zeros(taken.size(0), w.size());
            return shifted(Scan.run(kept, taken, initial, Ragged.full(taken)).h());
        }

        @Override
        public Tensor apply(Tensor x) {
            Tensor s = m.times(x).plus(m.oneMinus().times(shifted(x)));
            Tensor key = Tensor.linear(s, k);
            Tensor value = v.apply(s);
            Tensor e = Tensor.exp(key);
            Tensor now = Tensor.exp(key.plus(b));
            Tensor wkv = before(e.times(value))
                    .plus(now.times(value))
                    .dividedBy(before(e).plus(now));
            return Tensor.sigmoid(r.apply(s)).times(wkv);
        }

        @Override
        public Parameters parameters() {
            return Parameters.of("k", k)
                    .and("v", v)
                    .and("r", r)
                    .and("m", m)
                    .and("w", w)
                    .and("b", b);
        }
    }

    AfterTheLstm() {
        String java = Corpora.javaSources();
        vocabulary = CharacterVocabulary.of(java);
        Split<String> text = Split.last(java, 0.1);
        train = TextWindows.of(vocabulary.encode(text.training()), 16, 64);
        held = TextWindows.of(vocabulary.encode(text.heldOut()), 16, 64);
    }

    private static void print(String task, String kind, int seed, String format, double... marks) {
        System.out.printf(
                Locale.ROOT,
                "%s,%s,%d,%s%n",
                task,
                kind,
                seed,
                DoubleStream.of(marks)
                        .mapToObj(mark -> String.format(Locale.ROOT, format, mark))
                        .collect(Collectors.joining(",")));
    }

    private static double[] examine(Kind make, Examined e, long seed) {
        RandomStream r = RandomStream.of(seed);
        Two net = make.of(16, 24, 8, r.split("net"));
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

    private double[] read(Kind make, long seed) {
        RandomStream r = RandomStream.of(seed);
        int characters = vocabulary.size();
        Embedding embedding = Embedding.of(characters, 32, r.split("e"));
        Two body = make.of(32, 64, characters, r.split("net"));
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
        tasks.put("parity", new Examined(parity(12), 600, parity(24)));
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

    private static Task parity(int steps) {
        return (batch, r) -> exam(batch, steps, (b, x, right) -> {
            for (int t = 0; t < steps; t++) {
                int bit = r.nextInt(2);
                x[at(b, t, steps) * 16 + bit] = 1;
                right[at(b, t, steps)] = t == 0 ? bit : right[at(b, t - 1, steps)] ^ bit;
            }
        });
    }
}
