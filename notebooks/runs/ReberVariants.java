import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.data.tasks.ReberGrammar;
import org.carousel.layers.Initializer;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.learning.MemoryBlockLearner;

/**
 * The long runs of chapter 05: the memory blocks of 1997 on the embedded Reber grammar, at most 60 000 strings, the
 * paper's rule of success. The arguments are the number of networks per row and, for the rows of the paper's table, the
 * word "table"; without it three blocks of two cells with learning rate 0.5 and one update per letter, one thing changed
 * at a time. The logs lie beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/ReberVariants.java 30
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" \
 *     notebooks/runs/ReberVariants.java 30 table
 * </pre>
 */
class ReberVariants {
    private static final int CAP = 60_000;
    private static final int BLOCKS = 3;
    private static final float[][] UNIT = new float[7][7];

    private final ReberGrammar grammar = ReberGrammar.embedded();
    private final List<Sets> pairs = List.of(sets(1), sets(2), sets(3));

    /** The blocks, the learning rate, and whether there is an update after every letter or only after every string. */
    record Setup(int blocks, int size, double rate, boolean perLetter) {}

    /** What a row changes; b_i and b_o are the gates' biases, null for random ones in ± bound. */
    record Change(
            String name,
            Setup setup,
            double bound,
            boolean gatesAreSources,
            boolean outputBias,
            float[] b_i,
            float[] b_o) {}

    record Text(int[] symbols, boolean[][] legal) {
        int steps() {
            return symbols.length - 1;
        }
    }

    record Sets(List<Text> training, List<Text> test) {}

    public static void main(String[] arguments) {
        for (int k = 0; k < 7; k++) {
            UNIT[k][k] = 1;
        }
        int networks = Integer.parseInt(arguments[0]);
        float[] usual = {-1, -2, -3};
        Setup best = new Setup(BLOCKS, 2, 0.5, true);
        List<Change> changes = List.of(
                new Change("nothing", best, 0.2, true, false, null, usual),
                new Change("the gates are no sources", best, 0.2, false, false, null, usual),
                new Change("input gate biases -1, -2, -3", best, 0.2, true, false, usual, usual),
                new Change("output gate biases 0", best, 0.2, true, false, null, new float[3]),
                new Change("output gate biases -2, -4, -6", best, 0.2, true, false, null, new float[] {-2, -4, -6}),
                new Change("output units with bias", best, 0.2, true, true, null, usual),
                new Change("first weights in ±0.5", best, 0.5, true, false, null, usual));
        if (arguments.length > 1) {
            float[] four = {-1, -2, -3, -4};
            changes = List.of(
                    new Change("4 x 1, η 0.1", new Setup(4, 1, 0.1, true), 0.2, true, false, null, four),
                    new Change("3 x 2, η 0.1", new Setup(BLOCKS, 2, 0.1, true), 0.2, true, false, null, usual),
                    new Change("3 x 2, η 0.2", new Setup(BLOCKS, 2, 0.2, true), 0.2, true, false, null, usual),
                    new Change("4 x 1, η 0.5", new Setup(4, 1, 0.5, true), 0.2, true, false, null, four),
                    new Change("3 x 2, η 0.5", best, 0.2, true, false, null, usual),
                    new Change("3 x 2, η 0.5, per string", new Setup(BLOCKS, 2, 0.5, false), 0.2, true, false, null, usual));
        }
        ReberVariants runs = new ReberVariants();
        int before = -1;
        for (Change change : changes) {
            int[] strings = IntStream.range(0, networks)
                    .parallel()
                    .map(k -> runs.needed(change, k))
                    .filter(n -> n <= CAP)
                    .sorted()
                    .toArray();
            before = before < 0 ? strings.length : before;
            System.out.printf(
                    Locale.ROOT,
                    "%-30s %2d of %d, strings %s%s%n",
                    change.name,
                    strings.length,
                    networks,
                    Arrays.toString(strings),
                    arguments.length > 1
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; Fisher's exact test against the first row: p = %.2f",
                                    fisher(before, strings.length, networks)));
        }
    }

    /** Strings until success, or more than the cap. */
    private int needed(Change change, int k) {
        RandomStream random = RandomStream.of(1000 + k);
        RandomStream order = random.split("order");
        Sets sets = pairs.get(k % 3);
        MemoryBlockLearner learner = learner(change, random.split("net"));
        Text hardest = sets.test.get(0);
        for (int n = 1; n <= CAP; n++) {
            study(learner, sets.training.get(order.nextInt(256)), change.setup);
            if (n % 10 == 0 && right(learner, hardest)) {
                var wrong = Stream.concat(sets.training.stream(), sets.test.stream())
                        .filter(text -> !right(learner, text))
                        .findFirst();
                if (wrong.isEmpty()) {
                    return n;
                }
                hardest = wrong.get();
            }
        }
        return CAP + 1;
    }

    private static MemoryBlockLearner learner(Change change, RandomStream random) {
        Initializer first = Initializer.uniform(change.bound);
        int blocks = change.setup.blocks;
        int cells = blocks * change.setup.size;
        int sources = 7 + cells + (change.gatesAreSources ? 2 * blocks : 0);
        Tensor b_i = change.b_i == null
                ? Tensor.uniform(random.split("b_i"), -change.bound, change.bound, blocks)
                : Tensor.of(change.b_i.clone());
        MemoryBlocks cell = new MemoryBlocks(
                7,
                blocks,
                change.setup.size,
                change.gatesAreSources,
                true,
                first.matrix(cells, sources, random.split("W_c")),
                null,
                first.matrix(blocks, sources, random.split("W_i")),
                b_i,
                null,
                null,
                first.matrix(blocks, sources, random.split("W_o")),
                Tensor.of(change.b_o.clone()));
        Tensor b = change.outputBias ? Tensor.zeros(7) : null;
        return MemoryBlockLearner.of(cell, first.matrix(7, cells, random.split("V")), b);
    }

    private static void study(MemoryBlockLearner learner, Text text, Setup setup) {
        learner.begin();
        for (int t = 0; t < text.steps(); t++) {
            learner.read(UNIT[text.symbols[t]]);
            learner.teach(UNIT[text.symbols[t + 1]]);
            if (setup.perLetter) {
                learner.update(setup.rate);
            }
        }
        if (!setup.perLetter) {
            learner.update(setup.rate);
        }
    }

    /** Whether at every step every legal letter has a higher output than every other one. */
    private static boolean right(MemoryBlockLearner learner, Text text) {
        learner.begin();
        for (int t = 0; t < text.steps(); t++) {
            float[] y = learner.guess(UNIT[text.symbols[t]]);
            float lowestLegal = 2;
            float highestOther = -1;
            for (int k = 0; k < 7; k++) {
                if (text.legal[t][k]) {
                    lowestLegal = Math.min(lowestLegal, y[k]);
                } else {
                    highestOther = Math.max(highestOther, y[k]);
                }
            }
            if (lowestLegal <= highestOther) {
                return false;
            }
        }
        return true;
    }

    private Sets sets(long seed) {
        RandomStream random = RandomStream.of(seed);
        Sets both = new Sets(new ArrayList<>(), new ArrayList<>());
        Set<String> seen = new HashSet<>();
        while (both.test.size() < 256) {
            int[] symbols = grammar.generate(random);
            Text text = new Text(symbols, grammar.legalNext(symbols));
            if (both.training.size() < 256) {
                both.training.add(text);
                seen.add(grammar.text(symbols));
            } else if (!seen.contains(grammar.text(symbols))) {
                both.test.add(text);
            }
        }
        return both;
    }

    /** Two-sided: the sum of the probabilities of all tables that are no likelier than this one. */
    private static double fisher(int a, int b, int of) {
        double observed = probability(a, b, of);
        double p = 0;
        for (int x = Math.max(0, a + b - of); x <= Math.min(of, a + b); x++) {
            double other = probability(x, a + b - x, of);
            p += other <= observed * (1 + 1e-9) ? other : 0;
        }
        return p;
    }

    private static double probability(int a, int b, int of) {
        return Math.exp(choose(of, a) + choose(of, b) - choose(2 * of, a + b));
    }

    private static double choose(int n, int k) {
        double log = 0;
        for (int i = 1; i <= k; i++) {
            log += Math.log(n - k + i) - Math.log(i);
        }
        return log;
    }
}
