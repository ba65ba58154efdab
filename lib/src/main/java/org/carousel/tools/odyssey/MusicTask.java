package org.carousel.tools.odyssey;

import java.util.Arrays;
import java.util.List;
import org.carousel.data.Chorales;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;

/** Bach's chorales: which pitches sound next? Reported is the loss itself, in nats for each step. */
record MusicTask(List<Batch> training, List<Batch> validation, List<Batch> test) implements Task {
    private static final int LOWEST = 43;
    private static final int HIGHEST = 96;

    static MusicTask of(Chorales chorales, int batch) {
        return new MusicTask(
                batches(chorales.training(), batch),
                batches(chorales.validation(), batch),
                batches(chorales.test(), batch));
    }

    private static List<Batch> batches(List<int[][]> pieces, int size) {
        return Chorales.batches(pieces, size, LOWEST, HIGHEST).stream()
                .map(b -> new Batch(b.x(), b.lengths(), b.next(), new int[0][]))
                .toList();
    }

    @Override
    public String name() {
        return "music";
    }

    @Override
    public int outputs() {
        return HIGHEST - LOWEST + 1;
    }

    @Override
    public boolean bothDirections() {
        return false;
    }

    @Override
    public Tensor loss(Tensor logits, Batch batch) {
        return Loss.binaryCrossEntropy(logits, batch.next(), batch.lengths());
    }

    @Override
    public Measure lossOf(Tensor logits, Batch batch) {
        int steps = Arrays.stream(batch.lengths()).sum();
        return new Measure(steps * (double) loss(logits, batch).item(), steps);
    }

    @Override
    public Measure errorOf(Tensor logits, Batch batch) {
        return lossOf(logits, batch);
    }
}
