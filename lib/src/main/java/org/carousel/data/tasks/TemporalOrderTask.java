package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * Temporal order: among many distractors stand two or three symbols X or Y, and the class is the order they came in.
 *
 * <p>Tests whether a network can keep symbols that are far apart together with their order. A sequence starts with E,
 * ends with the trigger B, and is filled with a, b, c, d drawn evenly. For T = 100, positions counted from 0 at the E:
 *
 * <pre>
 * 4 classes: length 100..110, X or Y at t₁ in 10..20 and t₂ in 50..60               XX→Q XY→R YX→S YY→U
 * 8 classes: length 100..110, X or Y at t₁ in 10..20, t₂ in 33..43 and t₃ in 66..76
 *            XXX→Q XXY→R XYX→S XYY→U YXX→V YXY→A YYX→B YYY→C
 * </pre>
 *
 * <p>Other T scale these ranges in proportion, rounded down. Labels count the classes in the order above, so that X is
 * the binary digit 0 and Y is 1.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997, experiments 6a and 6b
 * (section 5.6), with T = 100 only. The paper does not say where it counts positions from.
 */
public final class TemporalOrderTask {
    /** The symbols in the order of the one-hot columns. */
    public static final String SYMBOLS = "abcdXYEB";

    private final int steps;
    private final int[] percent; // where the ranges of t1, t2, .. begin; each is 10 % of T wide

    private TemporalOrderTask(int steps, int... percent) {
        Require.inRange("temporal order", "steps", steps, 10, 1 << 24, "X and Y need places between E and B");
        this.steps = steps;
        this.percent = percent;
    }

    /**
     * Experiment 6a: two symbols, 4 classes.
     *
     * @param steps T, the shortest length, at least 10; 100 in the paper
     * @throws IllegalArgumentException when there are fewer steps
     */
    public static TemporalOrderTask four(int steps) {
        return new TemporalOrderTask(steps, 10, 50);
    }

    /**
     * Experiment 6b: three symbols, 8 classes.
     *
     * @param steps T, the shortest length, at least 10; 100 in the paper
     * @throws IllegalArgumentException when there are fewer steps
     */
    public static TemporalOrderTask eight(int steps) {
        return new TemporalOrderTask(steps, 10, 33, 66);
    }

    /** The paper's letters of the classes, in the order of the labels. */
    public String classes() {
        return percent.length == 2 ? "QRSU" : "QRSUVABC";
    }

    /**
     * Some sequences, each class equally likely.
     *
     * @param batch B, at least 1
     * @return x one-hot [B×T×8], labels 0..3 or 0..7
     * @throws IllegalArgumentException when the batch is empty
     */
    public Classification batch(RandomStream random, int batch) {
        int[][] sequences = new int[Require.batch("batch", batch)][];
        int[] labels = new int[batch];
        for (int b = 0; b < batch; b++) {
            sequences[b] = distractors(random);
            for (int start : percent) {
                int y = random.nextInt(2);
                sequences[b][random.nextInt(at(start), at(start + 10) + 1)] = SYMBOLS.indexOf('X') + y;
                labels[b] = 2 * labels[b] + y;
            }
        }
        return new Classification(Padding.oneHot(sequences, SYMBOLS.length()), labels, Padding.lengths(sequences));
    }

    /**
     * The symbols of one sequence of a batch, for a look at it.
     *
     * @throws IndexOutOfBoundsException when there is no such row
     */
    public static String text(Classification batch, int row) {
        StringBuilder text = new StringBuilder();
        for (int t = 0; t < batch.lengths()[row]; t++) {
            int k = 0;
            while (batch.x().get(row, t, k) == 0) {
                k++;
            }
            text.append(SYMBOLS.charAt(k));
        }
        return text.toString();
    }

    private int[] distractors(RandomStream random) {
        int[] sequence = new int[steps + random.nextInt(steps / 10 + 1)];
        for (int t = 1; t < sequence.length - 1; t++) {
            sequence[t] = random.nextInt(4);
        }
        sequence[0] = SYMBOLS.indexOf('E');
        sequence[sequence.length - 1] = SYMBOLS.indexOf('B');
        return sequence;
    }

    private int at(int percent) {
        return (int) ((long) steps * percent / 100);
    }
}
