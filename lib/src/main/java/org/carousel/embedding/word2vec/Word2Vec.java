package org.carousel.embedding.word2vec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.jspecify.annotations.Nullable;

/**
 * How word vectors are trained: what word2vec, gensim and fastText call the hyper-parameters, with their usual values.
 *
 * <pre>{@code
 * Word2VecModel model = Word2Vec.skipGram().dimension(50).epochs(10).train(Corpus.of(Path.of("text.txt.gz")));
 * }</pre>
 *
 * <p>For every word w and every context c within a window of random size 1 to {@code window} the loss is, with negative
 * sampling,
 *
 * <pre>
 * skip-gram  L = -ln σ(v_c · u_w) - Σ_k ln σ(-v_c · u_k)          k: {@code negative} words drawn ∝ count^0.75
 * CBOW       L = -ln σ(h · u_w) - Σ_k ln σ(-h · u_k)              h = mean of the v_c
 * subwords   v_c is replaced by the mean of v_c and the vectors of its n-grams
 * </pre>
 *
 * <p>and with hierarchical softmax ({@code negative} = 0) a sum of such terms along the path of w in a Huffman tree. The
 * negatives are drawn once per w and shared by its contexts: the same expected loss in a third of the memory traffic.
 *
 * <p>Sources: Mikolov et al. 2013, arXiv 1301.3781 and 1310.4546; Ji et al. 2016, arXiv 1604.04661 (shared negatives);
 * Bojanowski et al. 2017, arXiv 1607.04606 (subwords); Niu et al. 2011, arXiv 1106.5730 (learning without locks).
 *
 * @param architecture skip-gram or CBOW
 * @param dimension numbers per vector
 * @param window the most words to either side
 * @param negative negatives per word; 0 for hierarchical softmax
 * @param sample threshold of {@link Vocabulary#keepProbability}; 0 keeps every word
 * @param minimumCount rarer words are left out
 * @param learningRate of the first word
 * @param finalLearningRate of the last word; it falls linearly
 * @param epochs how often the corpus is gone through
 * @param subwords the n-grams, or null for none
 * @param replicas how many copies of the model learn side by side, each from its part of the text, on as many threads as
 *     the machine has; joined again and again. Part of the result, unlike the number of threads
 * @param lockFree whether the replicas are no copies but all change the same vectors, none waiting for another: faster, and
 *     the more so the more there are, in the memory of one; but what one overwrites of another's is chance, so that every
 *     run gives other bits
 * @param seed of all random numbers
 */
public record Word2Vec(
        Architecture architecture,
        int dimension,
        int window,
        int negative,
        double sample,
        int minimumCount,
        double learningRate,
        double finalLearningRate,
        int epochs,
        @Nullable Subwords subwords,
        int replicas,
        boolean lockFree,
        long seed) {

    /** What predicts what. */
    public enum Architecture {
        /** Each context word alone predicts the word. */
        SKIP_GRAM,
        /** The mean of the context words predicts the word: a continuous bag of words. */
        CBOW
    }

    /** Checks the ranges. */
    public Word2Vec {
        require(dimension >= 1 && dimension <= 100_000, "dimension", dimension, "from 1 to 100000");
        require(window >= 1 && window <= 1000, "window", window, "from 1 to 1000");
        require(negative >= 0 && negative <= 1000, "negative", negative, "from 0 to 1000");
        require(sample >= 0 && sample < Double.POSITIVE_INFINITY, "sample", sample, "0 or more");
        require(minimumCount >= 1, "minimumCount", minimumCount, "at least 1");
        require(learningRate > 0 && learningRate < 100, "learningRate", learningRate, "positive, below 100");
        boolean falls = finalLearningRate >= 0 && finalLearningRate <= learningRate;
        require(falls, "finalLearningRate", finalLearningRate, "from 0 to the learning rate " + learningRate);
        require(epochs >= 1, "epochs", epochs, "at least 1");
        require(replicas >= 1 && replicas <= 256, "replicas", replicas, "from 1 to 256");
    }

    private static void require(boolean holds, String name, Number value, String range) {
        if (!holds) {
            throw new IllegalArgumentException("Word2Vec: " + name + " " + value + " must be " + range);
        }
    }

    /** Skip-gram: 100 numbers, window 5, 5 negatives, sample 0.001, minimum count 5, rate 0.025, 5 epochs. */
    public static Word2Vec skipGram() {
        return new Word2Vec(Architecture.SKIP_GRAM, 100, 5, 5, 1e-3, 5, 0.025, 1e-4, 5, null, 1, false, 1);
    }

    /** CBOW: as {@link #skipGram}, but a rate of 0.05. */
    public static Word2Vec cbow() {
        return new Word2Vec(Architecture.CBOW, 100, 5, 5, 1e-3, 5, 0.05, 1e-4, 5, null, 1, false, 1);
    }

    /** Skip-gram with {@link Subwords#standard}: what fastText does. */
    public static Word2Vec fastText() {
        return skipGram().subwords(Subwords.standard());
    }

    /** The same with another {@link #architecture()}. */
    public Word2Vec architecture(Architecture value) {
        return with(draft -> draft.architecture = value);
    }

    /** The same with another {@link #dimension()}. */
    public Word2Vec dimension(int value) {
        return with(draft -> draft.dimension = value);
    }

    /** The same with another {@link #window()}. */
    public Word2Vec window(int value) {
        return with(draft -> draft.window = value);
    }

    /** The same with hierarchical softmax instead of negative sampling. */
    public Word2Vec hierarchicalSoftmax() {
        return negative(0);
    }

    /** The same with another {@link #negative()}. */
    public Word2Vec negative(int value) {
        return with(draft -> draft.negative = value);
    }

    /** The same with another {@link #sample()}. */
    public Word2Vec sample(double value) {
        return with(draft -> draft.sample = value);
    }

    /** The same with another {@link #minimumCount()}. */
    public Word2Vec minimumCount(int value) {
        return with(draft -> draft.minimumCount = value);
    }

    /** The same with another {@link #learningRate()}. */
    public Word2Vec learningRate(double value) {
        return with(draft -> draft.learningRate = value);
    }

    /** The same with another {@link #finalLearningRate()}. */
    public Word2Vec finalLearningRate(double value) {
        return with(draft -> draft.finalLearningRate = value);
    }

    /** The same with another {@link #epochs()}. */
    public Word2Vec epochs(int value) {
        return with(draft -> draft.epochs = value);
    }

    /** The same with another {@link #subwords()}. */
    public Word2Vec subwords(@Nullable Subwords value) {
        return with(draft -> draft.subwords = value);
    }

    /** The same with another {@link #replicas()}. */
    public Word2Vec replicas(int value) {
        return with(draft -> draft.replicas = value);
    }

    /** The same with another {@link #lockFree()}. */
    public Word2Vec lockFree(boolean value) {
        return with(draft -> draft.lockFree = value);
    }

    /** The same with another {@link #seed()}. */
    public Word2Vec seed(long value) {
        return with(draft -> draft.seed = value);
    }

    /**
     * A model trained on a corpus, which is read twice: to count the words and to number them.
     *
     * @throws IllegalArgumentException if there is nothing to learn from
     */
    public Word2VecModel train(Corpus corpus) {
        return train(corpus, progress -> {});
    }

    /**
     * {@link #train(Corpus)} with a listener, which is told several times per second and at the end of every epoch, by
     * the thread that trains; it may interrupt this thread to end training.
     */
    public Word2VecModel train(Corpus corpus, Consumer<Progress> listener) {
        Word2VecModel model = Word2VecModel.of(this, Vocabulary.of(corpus, minimumCount));
        model.train(corpus, listener);
        return model;
    }

    /** {@link #train(Corpus, Path, Duration, Consumer)} without a listener. */
    public Word2VecModel train(Corpus corpus, Path file, Duration every) {
        return train(corpus, file, every, progress -> {});
    }

    /**
     * {@link #train(Corpus)} with the model in a file, written every so often, at the end and when the thread is
     * interrupted ({@link Word2VecModel#save}). If the file is there, training goes on where it ends, to the same bits as
     * if nobody had stopped it; a program that was killed is simply started again.
     *
     * @throws IllegalArgumentException if the file is damaged, or of a training with other settings or another text
     */
    public Word2VecModel train(Corpus corpus, Path file, Duration every, Consumer<Progress> listener) {
        Word2VecModel model = Files.exists(file)
                ? Word2VecModel.load(file)
                : Word2VecModel.of(this, Vocabulary.of(corpus, minimumCount));
        if (!model.config().equals(this)) {
            throw new IllegalArgumentException("train: " + file + " was saved by another training: it was "
                    + model.config() + " and is " + this + "; give it what it had, or another file to begin anew");
        }
        model.train(corpus, listener, () -> model.save(file), every);
        return model;
    }

    private Word2Vec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.done();
    }

    /** All values, while one of them changes. */
    private static final class Draft {
        private Architecture architecture;
        private int dimension;
        private int window;
        private int negative;
        private double sample;
        private int minimumCount;
        private double learningRate;
        private double finalLearningRate;
        private int epochs;
        private @Nullable Subwords subwords;
        private int replicas;
        private boolean lockFree;
        private long seed;

        Draft(Word2Vec from) {
            architecture = from.architecture;
            dimension = from.dimension;
            window = from.window;
            negative = from.negative;
            sample = from.sample;
            minimumCount = from.minimumCount;
            learningRate = from.learningRate;
            finalLearningRate = from.finalLearningRate;
            epochs = from.epochs;
            subwords = from.subwords;
            replicas = from.replicas;
            lockFree = from.lockFree;
            seed = from.seed;
        }

        Word2Vec done() {
            return new Word2Vec(
                    architecture,
                    dimension,
                    window,
                    negative,
                    sample,
                    minimumCount,
                    learningRate,
                    finalLearningRate,
                    epochs,
                    subwords,
                    replicas,
                    lockFree,
                    seed);
        }
    }

    /**
     * How far training is.
     *
     * @param epoch the current epoch, from 1
     * @param epochs how many there will be
     * @param words words gone through, of all epochs
     * @param totalWords words to go through altogether
     * @param loss mean loss per predicted word and context (CBOW: per predicted word) so far in this epoch
     * @param wordsPerSecond since training began or was resumed
     * @param secondsLeft at this speed
     */
    public record Progress(
            int epoch,
            int epochs,
            long words,
            long totalWords,
            double loss,
            double wordsPerSecond,
            double secondsLeft) {

        /** One line for people. */
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "epoch %d of %d, %.1f %%, loss %.4f, %.0f words/s, %.0f s left",
                    epoch,
                    epochs,
                    100.0 * words / totalWords,
                    loss,
                    wordsPerSecond,
                    secondsLeft);
        }
    }
}
