package org.carousel.tools.odyssey;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import org.carousel.data.signal.MelFrames;
import org.carousel.data.signal.SpokenDigits;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;

/** Spoken digits, three of one speaker in a row: which digit is being said in each frame? Reported is the share of wrong frames. */
record SpeechTask(List<Batch> training, List<Batch> validation, List<Batch> test) implements Task {
    private static final int DIGITS = 3;
    private static final int COEFFICIENTS = 13;
    private static final MelFrames FRAMES = new MelFrames(8000, 256, 200, 160, 26);

    /** Takes 0 to 4 are the test, as the set says; 5 to 9 decide when to stop; 10 to 49 teach. */
    static SpeechTask of(SpokenDigits digits, int training, int held, int batch) {
        RandomStream random = RandomStream.of(22);
        List<List<Phrase>> parts = List.of(
                phrases(digits, take -> take >= 10, training, random.split("training")),
                phrases(digits, take -> take >= 5 && take < 10, held, random.split("validation")),
                phrases(digits, take -> take < 5, held, random.split("test")));
        double[] mean = new double[COEFFICIENTS];
        double[] deviation = new double[COEFFICIENTS];
        standard(parts.get(0), mean, deviation);
        return new SpeechTask(
                batches(parts.get(0), mean, deviation, batch),
                batches(parts.get(1), mean, deviation, batch),
                batches(parts.get(2), mean, deviation, batch));
    }

    private record Phrase(double[][] frames, int[] labels) {}

    private static List<Phrase> phrases(SpokenDigits digits, IntPredicate takes, int count, RandomStream random) {
        List<Phrase> all = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            String speaker = digits.speakers().get(n % digits.speakers().size());
            List<SpokenDigits.Recording> own = digits.of(speaker).stream()
                    .filter(r -> takes.test(r.take()))
                    .sorted(Comparator.comparingInt(SpokenDigits.Recording::digit)
                            .thenComparingInt(SpokenDigits.Recording::take))
                    .toList();
            List<double[]> frames = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (int d = 0; d < DIGITS; d++) {
                SpokenDigits.Recording r = own.get(random.nextInt(own.size()));
                for (double[] frame : FRAMES.mfcc(FRAMES.logMel(r.sound()), COEFFICIENTS)) {
                    frames.add(frame);
                    labels.add(r.digit());
                }
            }
            all.add(new Phrase(
                    frames.toArray(double[][]::new),
                    labels.stream().mapToInt(Integer::intValue).toArray()));
        }
        return all;
    }

    private static void standard(List<Phrase> phrases, double[] mean, double[] deviation) {
        int n = 0;
        for (Phrase p : phrases) {
            for (double[] frame : p.frames()) {
                n++;
                for (int q = 0; q < mean.length; q++) {
                    double difference = frame[q] - mean[q];
                    mean[q] += difference / n;
                    deviation[q] += difference * (frame[q] - mean[q]);
                }
            }
        }
        for (int q = 0; q < mean.length; q++) {
            deviation[q] = StrictMath.sqrt(deviation[q] / n);
        }
    }

    private static List<Batch> batches(List<Phrase> phrases, double[] mean, double[] deviation, int size) {
        List<Phrase> sorted = new ArrayList<>(phrases);
        sorted.sort(Comparator.comparingInt(p -> p.labels().length));
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < sorted.size(); from += size) {
            List<Phrase> some = sorted.subList(from, Math.min(sorted.size(), from + size));
            int steps = some.stream().mapToInt(p -> p.labels().length).max().orElseThrow();
            int[][] labels = new int[some.size()][];
            List<float[][]> rows = new ArrayList<>();
            for (int b = 0; b < labels.length; b++) {
                labels[b] = new int[steps];
                Arrays.fill(labels[b], Tensor.IGNORED);
                System.arraycopy(
                        some.get(b).labels(), 0, labels[b], 0, some.get(b).labels().length);
                rows.add(standardised(some.get(b).frames(), mean, deviation));
            }
            batches.add(Rows.batch(rows, labels));
        }
        return batches;
    }

    private static float[][] standardised(double[][] frames, double[] mean, double[] deviation) {
        float[][] rows = new float[frames.length][mean.length];
        for (int t = 0; t < rows.length; t++) {
            for (int q = 0; q < mean.length; q++) {
                rows[t][q] = (float) ((frames[t][q] - mean[q]) / deviation[q]);
            }
        }
        return rows;
    }

    @Override
    public String name() {
        return "speech";
    }

    @Override
    public int outputs() {
        return 10;
    }

    @Override
    public boolean bothDirections() {
        return true;
    }

    @Override
    public Tensor loss(Tensor logits, Batch batch) {
        return Loss.crossEntropy(logits, batch.labels());
    }

    @Override
    public Measure lossOf(Tensor logits, Batch batch) {
        int frames = Arrays.stream(batch.lengths()).sum();
        return new Measure(frames * (double) loss(logits, batch).item(), frames);
    }

    @Override
    public Measure errorOf(Tensor logits, Batch batch) {
        int wrong = 0;
        int frames = 0;
        for (int b = 0; b < batch.lengths().length; b++) {
            for (int t = 0; t < batch.lengths()[b]; t++) {
                int best = 0;
                for (int k = 1; k < outputs(); k++) {
                    best = logits.get(b, t, k) > logits.get(b, t, best) ? k : best;
                }
                wrong += best == batch.labels()[b][t] ? 0 : 1;
                frames++;
            }
        }
        return new Measure(wrong, frames);
    }
}
