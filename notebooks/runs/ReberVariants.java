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
import org.carousel.training.MemoryBlockLearner;

/**
 * The long run of chapter 05: the memory blocks of 1997 on the embedded Reber grammar, one thing changed at a time.
 * Three blocks of two cells, learning rate 0.5, one update per letter, at most 60 000 strings, the paper's rule of
 * success. The argument is the number of networks per row. Its log lies beside it.
 *
 * <pre>
 * java --add-modules jdk.incubator.vector -cp "lib/target/kernelspec/java/lib/*" notebooks/runs/ReberVariants.java 30
 * </pre>
 */
class ReberVariants {
    private static final int CAP = 60_000;
    private static final int BLOCKS = 3;
    private static final int CELLS = 6;
    private static final float[][] UNIT = new float[7][7];

    private final ReberGrammar grammar = ReberGrammar.embedded();
    private final List<Sets> pairs = List.of(sets(1), sets(2), sets(3));

    /** What a row changes; b_i and b_o are the gates' biases, null for random ones in ± bound. */
    record Change(String name, double bound, boolean gatesAreSources, boolean outputBias, float[] b_i, float[] b_o) {}

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
        List<Change> changes = List.of(
                new Change("nothing", 0.2, true, false, null, usual),
                new Change("the gates are no sources", 0.2, false, false, null, usual),
                new Change("input gate biases -1, -2, -3", 0.2, true, false, usual, usual),
                new Change("output gate biases 0", 0.2, true, false, null, new float[3]),
                new Change("output gate biases -2, -4, -6", 0.2, true, false, null, new float[] {-2, -4, -6}),
                new Change("output units with bias", 0.2, true, true, null, usual),
                new Change("first weights in ±0.5", 0.5, true, false, null, usual));
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
                    "%-30s %2d of %d, strings %s; Fisher's exact test against the first row: p = %.2f%n",
                    change.name,
                    strings.length,
                    networks,
                    Arrays.toString(strings),
                    fisher(before, strings.length, networks));
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
            study(learner, sets.training.get(order.nextInt(256)));
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
        int sources = 7 + CELLS + (change.gatesAreSources ? 2 * BLOCKS : 0);
        Tensor b_i = change.b_i == null
                ? Tensor.uniform(random.split("b_i"), -change.bound, change.bound, BLOCKS)
                : Tensor.of(change.b_i.clone());
        MemoryBlocks cell = new MemoryBlocks(
                7,
                BLOCKS,
                2,
                change.gatesAreSources,
                true,
                first.matrix(CELLS, sources, random.split("W_c")),
                null,
                first.matrix(BLOCKS, sources, random.split("W_i")),
                b_i,
                null,
                null,
                first.matrix(BLOCKS, sources, random.split("W_o")),
                Tensor.of(change.b_o.clone()));
        Tensor b = change.outputBias ? Tensor.zeros(7) : null;
        return MemoryBlockLearner.of(cell, first.matrix(7, CELLS, random.split("V")), b);
    }

    private static void study(MemoryBlockLearner learner, Text text) {
        learner.begin();
        for (int t = 0; t < text.steps(); t++) {
            learner.read(UNIT[text.symbols[t]]);
            learner.teach(UNIT[text.symbols[t + 1]]);
            learner.update(0.5);
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
