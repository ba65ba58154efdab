package org.carousel.embedding;

import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.kernels.Parallel;

/**
 * One run of training: rounds of blocks, each block with its own stream of random numbers, so that a run may end after
 * any round and be taken up again.
 *
 * <p>With several replicas a round gives each of them some blocks; then they become one again. Which replica takes which
 * block, and how they are joined, does not depend on the number of threads.
 */
final class Training {
    /** From one joining to the next: fewer blocks give better vectors, more cost less time; CBOW's blocks are short. */
    private static final int SKIP_GRAM_BLOCKS = 2;

    private static final int CBOW_BLOCKS = 4;
    private static final long TELL_EVERY = 200_000_000;

    private final Word2VecModel model;
    private final Word2Vec config;
    private final EncodedText text;
    private final TrainingProgress.Listener listener;
    private final RandomStream random;
    private final List<Windows> windows = new ArrayList<>();
    private final int blocksPerReplica;
    private final long began = System.nanoTime();
    private final long wordsAtBegin;
    private long told = began;

    Training(Word2VecModel model, EncodedText text, TrainingProgress.Listener listener) {
        this.model = model;
        this.config = model.config;
        this.text = text;
        this.listener = listener;
        this.random = RandomStream.of(config.seed()).split("training");
        boolean cbow = config.architecture() == Word2Vec.Architecture.CBOW;
        this.blocksPerReplica = config.replicas() == 1 ? 1 : cbow ? CBOW_BLOCKS : SKIP_GRAM_BLOCKS;
        this.wordsAtBegin = words(model.position.epoch, model.position.block);
        Outputs outputs = Word2VecModel.outputs(config, model.vocabulary);
        for (int r = 0; r < config.replicas(); r++) {
            Tables tables = config.replicas() == 1 ? model.tables : model.tables.replica();
            windows.add(Windows.of(config, model.vocabulary, tables, outputs, model.parts));
        }
    }

    /** Words gone through before a block of an epoch. */
    private long words(int epoch, int block) {
        return epoch * text.words() + text.wordsBefore(block);
    }

    /** Trains until the last epoch is complete, the thread is interrupted or so many rounds are done. */
    void run(long mostRounds) {
        Word2VecModel.Position at = model.position;
        long left = mostRounds;
        while (at.epoch < config.epochs()
                && left-- > 0
                && !Thread.currentThread().isInterrupted()) {
            int end = Math.min(text.blocks(), at.block + config.replicas() * blocksPerReplica);
            round(at.epoch, at.block, end);
            at.block = end;
            for (Windows each : windows) {
                at.lossSum += each.takeLoss();
                at.predictions += each.takePredictions();
            }
            if (!(Math.abs(at.lossSum) < Double.POSITIVE_INFINITY)) {
                throw new IllegalStateException("train: the loss is " + at.lossSum + " in epoch " + (at.epoch + 1)
                        + "; a learning rate of " + config.learningRate() + " is too high");
            }
            if (end == text.blocks()) {
                endEpoch(at);
            } else if (System.nanoTime() - told > TELL_EVERY) {
                tell(at.epoch + 1, words(at.epoch, at.block), at.lossSum / Math.max(1, at.predictions));
            }
        }
    }

    private void endEpoch(Word2VecModel.Position at) {
        double loss = at.lossSum / Math.max(1, at.predictions);
        at.losses.add(loss);
        at.lossSum = 0;
        at.predictions = 0;
        at.block = 0;
        at.epoch++;
        tell(at.epoch, words(at.epoch, 0), loss);
    }

    private void tell(int epoch, long done, double loss) {
        told = System.nanoTime();
        long total = config.epochs() * text.words();
        double speed = (done - wordsAtBegin) / Math.max(1e-9, (told - began) * 1e-9);
        double left = speed > 0 ? (total - done) / speed : Double.POSITIVE_INFINITY;
        listener.onProgress(new TrainingProgress(epoch, config.epochs(), done, total, loss, speed, left));
    }

    private void round(int epoch, int from, int to) {
        RandomStream ofEpoch = random.split(epoch);
        if (windows.size() == 1) {
            train(windows.get(0), ofEpoch, epoch, from, to);
            return;
        }
        Parallel.over(windows.size(), Long.MAX_VALUE, (first, last) -> {
            for (int r = first; r < last; r++) {
                int begin = Math.min(to, from + r * blocksPerReplica);
                train(windows.get(r), ofEpoch, epoch, begin, Math.min(to, begin + blocksPerReplica));
            }
        });
        Replicas.join(model.tables, windows.stream().map(w -> w.tables).toList());
    }

    private void train(Windows replica, RandomStream ofEpoch, int epoch, int from, int to) {
        for (int block = from; block < to; block++) {
            double progress = (double) words(epoch, block) / (config.epochs() * text.words());
            double rate = config.learningRate() - (config.learningRate() - config.finalLearningRate()) * progress;
            replica.train(text.block(block), ofEpoch.split(block), (float) rate);
        }
    }
}
