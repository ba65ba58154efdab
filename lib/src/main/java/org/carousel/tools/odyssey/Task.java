package org.carousel.tools.odyssey;

import java.util.List;
import org.carousel.tensor.Tensor;

/** What a network learns, and how well it does. */
interface Task {
    /**
     * Some sequences side by side.
     *
     * @param x [B×T×I]
     * @param lengths of the sequences
     * @param next what is to be said at every step [B×T×K]; empty for labels
     * @param labels those of every step, or those of a sequence; empty for {@code next}
     */
    record Batch(Tensor x, int[] lengths, Tensor next, int[][] labels) {}

    /** What counts: a sum over units, and how many units there were (steps, frames, labels). */
    record Measure(double sum, double units) {
        Measure plus(Measure other) {
            return new Measure(sum + other.sum, units + other.units);
        }

        double mean() {
            return sum / units;
        }
    }

    String name();

    int outputs();

    /** Whether the whole sequence may be read before the first step is judged. */
    boolean bothDirections();

    List<Batch> training();

    List<Batch> validation();

    List<Batch> test();

    /** What is made small, a scalar. */
    Tensor loss(Tensor logits, Batch batch);

    /** The same as a sum, for whole sets. */
    Measure lossOf(Tensor logits, Batch batch);

    /** What is reported. */
    Measure errorOf(Tensor logits, Batch batch);
}
