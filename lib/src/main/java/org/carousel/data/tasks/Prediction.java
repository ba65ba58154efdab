package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.Tensor;

/**
 * Sequences of symbols of which the next symbol is to be predicted.
 *
 * @param x the symbols up to the last but one, one-hot [B×T×K], zero behind the end
 * @param next the symbol that comes next at each step [B×T]; −1 behind the end, which the cross-entropy leaves out
 * @param legal 1 for each symbol that may come next, 0 for the others [B×T×K]; zero behind the end
 * @param lengths the number of steps of each sequence [B], 1..T
 */
public record Prediction(Tensor x, int[][] next, Tensor legal, int[] lengths) {

    /** The prediction task of some sequences of a grammar, each of two symbols or more. */
    static Prediction of(Grammar grammar, int[][] sequences) {
        int symbols = grammar.symbols().length();
        int[][] inputs = new int[sequences.length][];
        int[][] next = new int[sequences.length][];
        boolean[][][] legal = new boolean[sequences.length][][];
        for (int b = 0; b < sequences.length; b++) {
            int length = sequences[b].length;
            inputs[b] = Arrays.copyOf(sequences[b], length - 1);
            next[b] = Arrays.copyOfRange(sequences[b], 1, length);
            legal[b] = grammar.legalNext(inputs[b]);
        }
        return of(inputs, next, legal, symbols);
    }

    static Prediction of(int[][] inputs, int[][] next, boolean[][][] legal, int symbols) {
        Tensor x = Padding.oneHot(inputs, symbols);
        float[] sets = Padding.buffer(x.shape());
        for (int b = 0; b < inputs.length; b++) {
            for (int t = 0; t < inputs[b].length; t++) {
                for (int k = 0; k < symbols; k++) {
                    sets[(b * x.size(1) + t) * symbols + k] = legal[b][t][k] ? 1 : 0;
                }
            }
        }
        return new Prediction(x, Padding.labels(next), Tensor.wrap(sets, x.shape()), Padding.lengths(inputs));
    }

    /**
     * Which sequences are predicted right in the strict sense of Hochreiter and Schmidhuber (1997): at every step each
     * legal symbol scores higher than each illegal one.
     *
     * @param scores of the symbols [B×T×K], logits or probabilities
     * @return one answer per sequence [B]
     * @throws IllegalArgumentException when the shape of the scores is not that of {@code x}
     */
    public boolean[] rankedRight(Tensor scores) {
        return right("rankedRight", scores, (score, legal) -> {
            float lowestLegal = Float.POSITIVE_INFINITY;
            float highestOther = Float.NEGATIVE_INFINITY;
            for (int k = 0; k < score.length; k++) {
                if (Float.isNaN(score[k])) {
                    return false;
                }
                if (legal[k]) {
                    lowestLegal = Math.min(lowestLegal, score[k]);
                } else {
                    highestOther = Math.max(highestOther, score[k]);
                }
            }
            return lowestLegal > highestOther;
        });
    }

    /**
     * Which sequences are predicted right as sets, as Gers and Schmidhuber (2001) count them: at every step exactly the
     * legal symbols score above the threshold.
     *
     * @param scores of the symbols [B×T×K]
     * @return one answer per sequence [B]
     * @throws IllegalArgumentException when the shape of the scores is not that of {@code x}
     */
    public boolean[] setsRight(Tensor scores, double threshold) {
        return right("setsRight", scores, (score, legal) -> {
            for (int k = 0; k < score.length; k++) {
                if (Float.isNaN(score[k]) || score[k] > threshold != legal[k]) {
                    return false;
                }
            }
            return true;
        });
    }

    private interface Step {
        boolean right(float[] score, boolean[] legal);
    }

    private boolean[] right(String operation, Tensor scores, Step step) {
        if (!Arrays.equals(scores.shape(), x.shape())) {
            throw new IllegalArgumentException(operation + ": scores " + scores.shapeText() + " must be "
                    + x.shapeText() + ", one score per sequence, step and symbol");
        }
        int steps = x.size(1);
        int symbols = x.size(2);
        float[] score = scores.toArray();
        float[] sets = legal.toArray();
        boolean[] right = new boolean[lengths.length];
        Arrays.fill(right, true);
        for (int b = 0; b < right.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                int from = (b * steps + t) * symbols;
                boolean[] set = new boolean[symbols];
                for (int k = 0; k < symbols; k++) {
                    set[k] = sets[from + k] != 0;
                }
                right[b] &= step.right(Arrays.copyOfRange(score, from, from + symbols), set);
            }
        }
        return right;
    }
}
