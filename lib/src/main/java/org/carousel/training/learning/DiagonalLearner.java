package org.carousel.training.learning;

import java.util.Arrays;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.influence.SparseInfluence;

/** SnAp-1 for any cell: only those entries of the influence that a single step can make are kept. */
final class DiagonalLearner<S> extends StateLearner {
    private static final int PROBES = 4;

    private final StateVector<S> vector;
    private final WeightVector weights;
    private final StepHistory step;
    private final int[] first; // entries of weight w are first[w] .. first[w+1]-1
    private final int[] unit; // the number of the state that an entry belongs to
    private final int[][] entriesOf; // of each number of the state
    private final int[][] weightsOf; // the weights of these entries
    private Tensor state;
    private float[][] influence = {};
    private float[] next;

    private DiagonalLearner(Cell<S> cell) {
        super("diagonal", cell);
        vector = new StateVector<>(cell);
        weights = new WeightVector(cell.parameters());
        step = new StepHistory(vector);
        state = vector.initial(1);
        int s = vector.size();
        boolean[][] feeds = feeds(cell.inputSize());
        first = new int[weights.size() + 1];
        int[] counts = new int[s];
        int entries = 0;
        for (int w = 0; w < weights.size(); w++) {
            first[w] = entries;
            for (int k = 0; k < s; k++) {
                entries += feeds[k][w] ? 1 : 0;
                counts[k] += feeds[k][w] ? 1 : 0;
            }
        }
        first[weights.size()] = entries;
        unit = new int[entries];
        next = new float[entries];
        entriesOf = new int[s][];
        weightsOf = new int[s][];
        Arrays.setAll(entriesOf, k -> new int[counts[k]]);
        Arrays.setAll(weightsOf, k -> new int[counts[k]]);
        int[] filled = new int[s];
        for (int w = 0, e = 0; w < weights.size(); w++) {
            for (int k = 0; k < s; k++) {
                if (feeds[k][w]) {
                    entriesOf[k][filled[k]] = e;
                    weightsOf[k][filled[k]++] = w;
                    unit[e++] = k;
                }
            }
        }
    }

    static <S> DiagonalLearner<S> of(Cell<S> cell) {
        return new DiagonalLearner<>(cell);
    }

    /** Which weights reach each number of the state within one step, found out by steps from random states. */
    private boolean[][] feeds(int inputSize) {
        int s = vector.size();
        RandomStream random = RandomStream.of(1);
        boolean[][] feeds = new boolean[s][weights.size()];
        float[][] kept = weights.setAside();
        float[] row = new float[weights.size()];
        for (int probe = 0; probe < PROBES; probe++) {
            step.clear();
            step.add(Tensor.normal(random, 1, 1, inputSize), Tensor.uniform(random, -1, 1, 1, s), new boolean[] {true});
            for (int k = 0; k < s; k++) {
                float[] seed = new float[s];
                seed[k] = 1;
                step.back(Tensor.wrap(seed, 1, s));
                weights.take(row, 0, 1);
                for (int w = 0; w < row.length; w++) {
                    feeds[k][w] |= row[w] != 0;
                }
            }
        }
        step.clear();
        weights.putBack(kept);
        return feeds;
    }

    @Override
    void start(int sequences) {
        state = vector.initial(sequences);
        influence = new float[sequences][next.length];
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        step.clear();
        state = step.add(x, state, flags);
        int s = vector.size();
        float[][] kept = weights.setAside();
        float[] jacobian = new float[s * s];
        float[] row = new float[weights.size()];
        for (int b = 0; b < flags.length; b++) {
            if (flags[b]) {
                for (int k = 0; k < s; k++) {
                    float[] seed = new float[flags.length * s];
                    seed[b * s + k] = 1;
                    Tensor back = step.back(Tensor.wrap(seed, flags.length, s));
                    System.arraycopy(Fused.array(back), Fused.offset(back) + b * s, jacobian, k * s, s);
                    weights.take(row, 0, 1);
                    for (int e = 0; e < entriesOf[k].length; e++) {
                        next[entriesOf[k][e]] = row[weightsOf[k][e]];
                    }
                }
                SparseInfluence.advance(first, unit, s, jacobian, influence[b], next);
                float[] old = influence[b];
                influence[b] = next;
                next = old;
            }
        }
        weights.putBack(kept);
        step.clear();
        return vector.output(state).detach();
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        Tensor delta = vector.error(state, error);
        float[] part = new float[weights.size()];
        for (int b = 0; b < influence.length; b++) {
            int at = Fused.offset(delta) + b * vector.size();
            SparseInfluence.project(first, unit, influence[b], Fused.array(delta), at, part);
            weights.add(part);
        }
    }

    @Override
    public void collect() {
        // every error was paid when it was taught
    }

    @Override
    public long kept() {
        return (long) influence.length * (vector.size() + next.length);
    }
}
