package org.carousel.tools.odyssey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.carousel.data.signal.PenDigits;
import org.carousel.labelling.Ctc;
import org.carousel.labelling.CtcDecoder;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.EditDistance;

/** Lines of handwritten digits: what do they say? Reported is the edit distance for each digit of the truth. */
record InkTask(List<Batch> training, List<Batch> validation, List<Batch> test) implements Task {
    private static final int BLANK = 10;
    private static final double DISTANCE = 0.3;
    private static final int LAST_TRAINING_WRITER = 24;

    /** Lines of 2 or 3 digits: of writers 1 to 24, 25 to 30 and 31 to 44. */
    static InkTask of(PenDigits digits, int training, int held, int batch) {
        RandomStream random = RandomStream.of(22);
        List<PenDigits.Digit> own = digits.training().stream()
                .filter(d -> d.writer() <= LAST_TRAINING_WRITER)
                .toList();
        List<PenDigits.Digit> valid = digits.training().stream()
                .filter(d -> d.writer() > LAST_TRAINING_WRITER)
                .toList();
        return new InkTask(
                batches(own, training, batch, random.split("training")),
                batches(valid, held, batch, random.split("validation")),
                batches(digits.test(), held, batch, random.split("test")));
    }

    private static List<Batch> batches(List<PenDigits.Digit> digits, int lines, int size, RandomStream random) {
        List<PenDigits.Line> all = new ArrayList<>();
        for (int n = 0; n < lines; n++) {
            all.add(PenDigits.line(digits, 2, 3, DISTANCE, random.split(n)));
        }
        all.sort(Comparator.comparingInt(l -> l.ink().points()));
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < lines; from += size) {
            List<PenDigits.Line> some = all.subList(from, Math.min(lines, from + size));
            batches.add(Rows.batch(
                    some.stream().map(l -> scaled(l.ink().features())).toList(),
                    some.stream().map(PenDigits.Line::labels).toArray(int[][]::new)));
        }
        return batches;
    }

    /** Moves are about as long as points are apart: now about 1. */
    private static float[][] scaled(float[][] rows) {
        for (float[] row : rows) {
            row[0] /= (float) DISTANCE;
            row[1] /= (float) DISTANCE;
        }
        return rows;
    }

    @Override
    public String name() {
        return "ink";
    }

    @Override
    public int outputs() {
        return BLANK + 1;
    }

    @Override
    public boolean bothDirections() {
        return true;
    }

    @Override
    public Tensor loss(Tensor logits, Batch batch) {
        int labels = Arrays.stream(batch.labels()).mapToInt(l -> l.length).sum();
        return Ctc.of(BLANK)
                .zeroingImpossible()
                .losses(logits, batch.lengths(), batch.labels())
                .sum()
                .dividedBy(labels);
    }

    @Override
    public Measure lossOf(Tensor logits, Batch batch) {
        int labels = Arrays.stream(batch.labels()).mapToInt(l -> l.length).sum();
        return new Measure(labels * (double) loss(logits, batch).item(), labels);
    }

    @Override
    public Measure errorOf(Tensor logits, Batch batch) {
        List<int[]> read = new CtcDecoder(BLANK).greedy(logits, batch.lengths());
        int distance = 0;
        for (int b = 0; b < read.size(); b++) {
            distance += EditDistance.of(read.get(b), batch.labels()[b]);
        }
        return new Measure(
                distance, Arrays.stream(batch.labels()).mapToInt(l -> l.length).sum());
    }
}
