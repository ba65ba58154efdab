package org.carousel.embedding.word2vec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.carousel.embedding.WordVectors;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.RowKernels;
import org.carousel.tensor.internal.kernels.RowTable;
import org.jspecify.annotations.Nullable;

/**
 * Word vectors that are being trained, or were.
 *
 * <p>Training is one pass of the corpus per epoch in blocks of some thousand words. Interrupting the thread ends it after
 * the current block: the model keeps what it learnt, the thread stays interrupted, and another {@link #train} goes on
 * where it ended, to the same bits as without the interruption. The same holds for a model that was saved and loaded.
 *
 * <p>Not to be used by several threads at a time.
 */
public final class Word2VecModel {
    final Word2Vec config;
    final Vocabulary vocabulary;
    final Tables tables;
    /** The input rows of every word, null without subwords. */
    final int @Nullable [][] parts;

    final Position position;

    Word2VecModel(Word2Vec config, Vocabulary vocabulary, Tables tables, Position position) {
        this.config = config;
        this.vocabulary = vocabulary;
        this.tables = tables;
        this.position = position;
        this.parts = config.subwords() == null ? null : parts(vocabulary, config.subwords());
    }

    /** How far training is. */
    static final class Position {
        int epoch;
        int block;
        /** Recognises the text; 0 before the first epoch. */
        long fingerprint;

        double lossSum;
        long predictions;
        final List<Double> losses = new ArrayList<>();
    }

    /** A model that has learnt nothing yet. */
    public static Word2VecModel of(Word2Vec config, Vocabulary vocabulary) {
        RandomStream random = RandomStream.of(config.seed()).split("tables");
        int outputs = outputs(config, vocabulary).rows();
        Tables tables = Tables.initial(inputRows(config, vocabulary), outputs, config.dimension(), random);
        return new Word2VecModel(config, vocabulary, tables, new Position());
    }

    static int inputRows(Word2Vec config, Vocabulary vocabulary) {
        Subwords subwords = config.subwords();
        long rows = (long) vocabulary.size() + (subwords == null ? 0 : subwords.buckets());
        if (rows > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Word2Vec: " + vocabulary.size() + " words and " + subwords
                    + " are more than " + Integer.MAX_VALUE + " vectors");
        }
        return (int) rows;
    }

    static Outputs outputs(Word2Vec config, Vocabulary vocabulary) {
        return config.negative() == 0
                ? new HierarchicalSoftmax(vocabulary)
                : new NegativeSampling(vocabulary, config.negative());
    }

    /** For every word its own row, then those of its n-grams, which lie behind the words. */
    private static int[][] parts(Vocabulary vocabulary, Subwords subwords) {
        int[][] result = new int[vocabulary.size()][];
        for (int i = 0; i < result.length; i++) {
            int[] buckets = subwords.of(vocabulary.word(i));
            int[] rows = new int[buckets.length + 1];
            rows[0] = i;
            for (int j = 0; j < buckets.length; j++) {
                rows[j + 1] = result.length + buckets[j];
            }
            result[i] = rows;
        }
        return result;
    }

    /** How it is trained. */
    public Word2Vec config() {
        return config;
    }

    /** The words. */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** All words, the most frequent first. */
    public List<String> words() {
        return vocabulary.words();
    }

    /** Numbers per vector. */
    public int dimension() {
        return config.dimension();
    }

    /** All words with their vectors: neighbours, analogies, files that others read. */
    public WordVectors wordVectors() {
        return WordVectors.of(words(), Tensor.wrap(vectors(), words().size(), dimension()));
    }

    /** The vectors of all words [words×dimension], row after row; a copy. With subwords each is the mean of its parts. */
    public float[] vectors() {
        int width = dimension();
        float[] result = new float[Math.multiplyExact(vocabulary.size(), width)];
        for (int i = 0; i < vocabulary.size(); i++) {
            if (parts == null) {
                tables.in().get(i, result, i * width);
            } else {
                System.arraycopy(mean(parts[i]), 0, result, i * width, width);
            }
        }
        return result;
    }

    /**
     * The vector of a word. With subwords an unseen word has one too, the mean of its n-grams; without, it has none, nor
     * has a word so short that it has no n-gram.
     */
    public Optional<float[]> vector(String word) {
        int index = vocabulary.index(word);
        if (index >= 0) {
            return Optional.of(mean(parts == null ? new int[] {index} : parts[index]));
        }
        if (config.subwords() == null) {
            return Optional.empty();
        }
        int[] rows = config.subwords().of(word);
        for (int i = 0; i < rows.length; i++) {
            rows[i] += vocabulary.size();
        }
        return rows.length == 0 ? Optional.empty() : Optional.of(mean(rows));
    }

    private float[] mean(int[] rows) {
        RowTable h = new RowTable(1, dimension());
        float[] share = {1f / rows.length};
        RowKernels.active().add(1, new int[] {0}, h, rows.length, share, 0, 0, tables.in(), rows);
        float[] result = new float[dimension()];
        h.get(0, result, 0);
        return result;
    }

    /**
     * The output vectors u [outputs×dimension], row after row; a copy. With negative sampling one per word, with
     * hierarchical softmax one per inner node of the tree.
     */
    public float[] outputVectors() {
        RowTable out = tables.out();
        float[] result = new float[Math.multiplyExact(out.rows(), dimension())];
        for (int i = 0; i < out.rows(); i++) {
            out.get(i, result, i * dimension());
        }
        return result;
    }

    /** The mean loss of every epoch that is complete. */
    public List<Double> losses() {
        return Collections.unmodifiableList(position.losses);
    }

    /** Whether all epochs are complete. */
    public boolean isComplete() {
        return position.epoch >= config.epochs();
    }

    /**
     * Trains until all epochs are complete or the thread is interrupted.
     *
     * @throws IllegalArgumentException if training had begun on another text, or there is nothing to learn from
     * @throws IllegalStateException if the loss is no longer a number; the vectors are lost
     */
    public void train(Corpus corpus) {
        train(corpus, progress -> {});
    }

    /** {@link #train(Corpus)} with a listener, see {@link Word2Vec#train(Corpus, Consumer)}. */
    public void train(Corpus corpus, Consumer<Word2Vec.Progress> listener) {
        train(corpus, listener, () -> {}, Duration.ofDays(1));
    }

    /** Calls {@code save} every so often and at the end. */
    void train(Corpus corpus, Consumer<Word2Vec.Progress> listener, Runnable save, Duration every) {
        try (EncodedText text = EncodedText.of(corpus, vocabulary)) {
            if (position.fingerprint != 0 && position.fingerprint != text.fingerprint()) {
                throw new IllegalArgumentException("train: this is not the text that training began with; extended()"
                        + " makes a model that learns from another text");
            }
            position.fingerprint = text.fingerprint();
            Training training = new Training(this, text, listener);
            long savedAt = System.nanoTime();
            while (training.run(1)) {
                if (Duration.ofNanos(System.nanoTime() - savedAt).compareTo(every) >= 0) {
                    save.run();
                    savedAt = System.nanoTime();
                }
            }
            save.run();
        }
    }

    /**
     * A model for training on another text: with the words of both, those of this model with the vectors they have, new
     * words that occur {@link Word2Vec#minimumCount} times in the other text with initial ones. Its epochs begin again.
     *
     * <p>With hierarchical softmax the tree is a new one, so its output vectors begin again too.
     */
    public Word2VecModel extended(Corpus more) {
        return extended(config, more);
    }

    /**
     * {@link #extended(Corpus)} with another configuration, such as a smaller learning rate.
     *
     * @throws IllegalArgumentException if dimension, subwords or the kind of output are not the same
     */
    public Word2VecModel extended(Word2Vec next, Corpus more) {
        boolean sameOutputs = (next.negative() == 0) == (config.negative() == 0);
        if (next.dimension() != config.dimension()
                || !java.util.Objects.equals(next.subwords(), config.subwords())
                || !sameOutputs) {
            throw new IllegalArgumentException("extended: dimension, subwords and negative sampling or hierarchical"
                    + " softmax must stay as they are: " + config + ", not " + next);
        }
        Word2VecModel result = of(next, vocabulary.and(Vocabulary.of(more, next.minimumCount())));
        float[] row = new float[dimension()];
        for (int i = 0; i < tables.in().rows(); i++) {
            boolean isWord = i < vocabulary.size();
            int to = isWord
                    ? result.vocabulary.index(vocabulary.word(i))
                    : i - vocabulary.size() + result.vocabulary.size();
            tables.in().get(i, row, 0);
            result.tables.in().set(to, row, 0);
            if (isWord && config.negative() > 0) {
                tables.out().get(i, row, 0);
                result.tables.out().set(to, row, 0);
            }
        }
        return result;
    }

    /** Writes everything that is needed to go on, to identical bits; the file is complete or as it was before. */
    public void save(Path file) {
        Word2VecFile.save(this, file);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if the file is something else, truncated or damaged; the message names it
     */
    public static Word2VecModel load(Path file) {
        return Word2VecFile.load(file);
    }
}
