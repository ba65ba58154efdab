package org.carousel.embedding.word2vec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * One run of training: rounds of blocks, each block with its own stream of random numbers, so that a run may end after
 * any round and be taken up again.
 *
 * <p>With several replicas a round gives each of them some blocks; then they become one again, {@link Replicas}. Which
 * replica takes which block, and how they are joined, does not depend on the number of threads. Where they are lock-free,
 * all work on the model itself, and each takes the next block of the round when it is done with one.
 */
final class Training {
    /** From one joining to the next: fewer blocks give better vectors, more cost less time; CBOW's blocks are short. */
    private static final int SKIP_GRAM_BLOCKS = 2;

    private static final int CBOW_BLOCKS = 4;

    /**
     * So many joinings are a round, and all but the last leave out the rare words: these are most of the memory that
     * joining goes through, and their moves, few and in different directions, can wait.
     */
    private static final int JOININGS = 4;

    /** The part of the words that take part in every joining. */
    private static final int FREQUENT = 8;

    /** A lock-free replica's share of a round: at its end, when all wait for the last, the wait is short beside it. */
    private static final int LOCK_FREE_BLOCKS = 16;

    private static final long TELL_EVERY = 200_000_000;

    private final Word2VecModel model;
    private final Word2Vec config;
    private final EncodedText text;
    private final Consumer<Word2Vec.Progress> listener;
    private final RandomStream random;
    private final List<Windows> windows = new ArrayList<>();
    /** Whether every replica has copies of its own. */
    private final boolean copies;

    /** Blocks of a replica from one joining to the next. */
    private final int blocks;
    /** Joinings in a round. */
    private final int joinings;

    private final Replicas inReplicas;
    private final Replicas outReplicas;
    /** Rows that take part in every joining. */
    private final int frequentIn;

    private final int frequentOut;
    private final long began = System.nanoTime();
    private final long wordsAtBegin;
    private long told = began;

    Training(Word2VecModel model, EncodedText text, Consumer<Word2Vec.Progress> listener) {
        this.model = model;
        this.config = model.config;
        this.text = text;
        this.listener = listener;
        this.random = RandomStream.of(config.seed()).split("training");
        boolean cbow = config.architecture() == Word2Vec.Architecture.CBOW;
        this.copies = config.replicas() > 1 && !config.lockFree();
        int together = config.replicas() > 1 ? LOCK_FREE_BLOCKS : 1;
        this.blocks = !copies ? together : cbow ? CBOW_BLOCKS : SKIP_GRAM_BLOCKS;
        this.joinings = copies ? JOININGS : 1;
        this.wordsAtBegin = words(model.position.epoch, model.position.block);
        RowTable in = model.tables.in();
        RowTable out = model.tables.out();
        this.inReplicas = new Replicas(in, config.subwords() != null);
        this.outReplicas = new Replicas(out, false);
        // rows of words come by falling frequency; those of n-grams and of a tree's nodes do not
        this.frequentIn = config.subwords() == null ? in.rows() / FREQUENT : in.rows();
        this.frequentOut = config.negative() > 0 ? out.rows() / FREQUENT : out.rows();
        Outputs outputs = Word2VecModel.outputs(config, model.vocabulary);
        for (int r = 0; r < config.replicas(); r++) {
            Rows v = copies ? inReplicas.add() : Rows.of(in);
            Rows u = copies ? outReplicas.add() : Rows.of(out);
            windows.add(Windows.of(config, model.vocabulary, v, u, outputs, model.parts));
        }
    }

    /** Words gone through before a block of an epoch. */
    private long words(int epoch, int block) {
        return epoch * text.words() + text.wordsBefore(block);
    }

    /**
     * Trains until the last epoch is complete, the thread is interrupted or so many rounds are done.
     *
     * @return whether there is more to do and nobody has interrupted the thread
     */
    boolean run(long mostRounds) {
        Word2VecModel.Position at = model.position;
        long left = mostRounds;
        while (at.epoch < config.epochs()
                && left-- > 0
                && !Thread.currentThread().isInterrupted()) {
            int end = Math.min(text.blocks(), at.block + config.replicas() * blocks * joinings);
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
        return at.epoch < config.epochs() && !Thread.currentThread().isInterrupted();
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
        listener.accept(new Word2Vec.Progress(epoch, config.epochs(), done, total, loss, speed, left));
    }

    private void round(int epoch, int from, int to) {
        RandomStream ofEpoch = random.split(epoch);
        if (!copies) {
            share(ofEpoch, epoch, from, to);
            return;
        }
        int next = from;
        while (next < to) {
            int begin = next;
            next = Math.min(to, begin + windows.size() * blocks);
            int end = next;
            Parallel.over(windows.size(), Long.MAX_VALUE, (first, last) -> {
                for (int r = first; r < last; r++) {
                    int mine = Math.min(end, begin + r * blocks);
                    train(windows.get(r), ofEpoch, epoch, mine, Math.min(end, mine + blocks));
                }
            });
            boolean ends = next == to; // then all are the same again, and training may end here
            inReplicas.join(ends ? model.tables.in().rows() : frequentIn);
            outReplicas.join(ends ? model.tables.out().rows() : frequentOut);
        }
    }

    /** All work on the model itself, each on the next block. */
    private void share(RandomStream ofEpoch, int epoch, int from, int to) {
        AtomicInteger next = new AtomicInteger(from);
        Parallel.over(windows.size(), Long.MAX_VALUE, (first, last) -> {
            for (int block = next.getAndIncrement(); block < to; block = next.getAndIncrement()) {
                train(windows.get(first), ofEpoch, epoch, block, block + 1);
            }
        });
    }

    private void train(Windows replica, RandomStream ofEpoch, int epoch, int from, int to) {
        for (int block = from; block < to; block++) {
            double progress = (double) words(epoch, block) / (config.epochs() * text.words());
            double rate = config.learningRate() - (config.learningRate() - config.finalLearningRate()) * progress;
            replica.train(text.block(block), ofEpoch.split(block), (float) rate);
        }
    }
}
