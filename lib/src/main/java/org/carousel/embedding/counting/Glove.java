package org.carousel.embedding.counting;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.carousel.embedding.WordVectors;
import org.carousel.files.internal.CheckedFile;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.GloveFactors;
import org.carousel.tensor.internal.kernels.GloveFactors.Cell;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * GloVe: vectors whose products are the logarithms of counts.
 *
 * <pre>
 * J = ½ Σ over x_ij > 0 of f(x_ij) (w_i·c_j + b_i + d_j - ln x_ij)²      f(x) = min(1, (x / x_max)^0.75)
 * </pre>
 *
 * <p>Minimised by AdaGrad, one count at a time. The vector of a word is w + c. Counts are those of
 * {@link CountMatrices#cooccurrence} with 1/distance.
 *
 * <pre>{@code
 * Glove glove = Glove.of(counts, 100, 10, 0.05, RandomStream.of(1));
 * for (int epoch = 0; epoch < 15; epoch++) {
 *     System.out.println(glove.epoch());
 * }
 * WordVectors vectors = glove.vectors(words);
 * }</pre>
 *
 * <p>Words are dealt into 16 blocks, so that the counts fall into 16×16 cells. Sixteen cells that share no word are
 * worked on at a time, each by one thread: the result does not depend on the number of threads, and nothing is locked.
 *
 * <p>Source: Pennington, Socher, Manning: GloVe: Global vectors for word representation, EMNLP 2014, eq. (8) and (9),
 * section 4.2. Differs from it in the factor ½ and the order of the counts, which is random within a cell only. The
 * cells: Gemulla, Nijkamp, Haas, Sismanis: Large-scale matrix factorization with distributed stochastic gradient descent,
 * KDD 2011.
 */
public final class Glove {
    private static final String KIND = "carousel-glove-2";
    private static final int BLOCKS = 16;
    private static final int LARGEST = BLOCKS << 16;
    private static final double EXPONENT = 0.75;

    private final GloveFactors factors;
    private final Cell[][] cells;
    private final RandomStream random;
    private final int vocabularySize;
    private final int dimension;
    private final float learningRate;
    private final long counted;
    private final List<Double> losses = new ArrayList<>();

    private Glove(SparseMatrix counts, int dimension, double maximum, double learningRate, RandomStream random) {
        this.vocabularySize = counts.rows();
        this.dimension = dimension;
        this.learningRate = (float) learningRate;
        this.random = random.split("glove");
        this.counted = counts.nonZeros();
        this.cells = cells(counts, maximum);
        for (int r = 0; r < BLOCKS; r++) {
            for (int c = 0; c < BLOCKS; c++) {
                cells[r][c].shuffle(this.random.split((long) r * BLOCKS + c));
            }
        }
        this.factors = new GloveFactors(vocabularySize, vocabularySize, dimension, this.random.split("parameters"));
    }

    /**
     * Random vectors, not trained yet.
     *
     * @param counts [V×V], none negative; V at most 1,048,576
     * @param dimension D, at least 1
     * @param maximum x_max: larger counts weigh no more; 100 in the paper for billions of words, 10 for millions
     * @param learningRate 0.05 in the paper
     * @throws IllegalArgumentException when an argument is out of range, a count is negative or not finite, or there is
     *     none
     */
    public static Glove of(
            SparseMatrix counts, int dimension, double maximum, double learningRate, RandomStream random) {
        if (counts.rows() != counts.columns() || counts.rows() > LARGEST || counts.nonZeros() == 0) {
            throw new IllegalArgumentException("glove: counts " + counts + " must be a square matrix of at most "
                    + LARGEST + " words with at least one count");
        }
        if (dimension < 1 || !(maximum > 0) || !(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("glove: dimension " + dimension + ", maximum " + maximum
                    + " and learning rate " + learningRate + " must be positive");
        }
        return new Glove(counts, dimension, maximum, learningRate, random);
    }

    private static Cell[][] cells(SparseMatrix counts, double maximum) {
        int[][] sizes = new int[BLOCKS][BLOCKS];
        counts.forEach((i, j, x) -> sizes[i % BLOCKS][j % BLOCKS]++);
        Cell[][] cells = new Cell[BLOCKS][BLOCKS];
        for (int r = 0; r < BLOCKS; r++) {
            for (int c = 0; c < BLOCKS; c++) {
                cells[r][c] = new Cell(BLOCKS, r, c, sizes[r][c]);
            }
        }
        counts.forEach((i, j, x) -> {
            if (!(x > 0) || Float.isInfinite(x)) {
                throw new IllegalArgumentException(
                        "glove: count " + x + " of words " + i + " and " + j + " must be a positive number");
            }
            double f = x < maximum ? StrictMath.pow(x / maximum, EXPONENT) : 1;
            cells[i % BLOCKS][j % BLOCKS].add(i, j, (float) StrictMath.log(x), (float) f);
        });
        return cells;
    }

    /**
     * Goes once over all counts.
     *
     * @return the mean over the counts of ½ f e², each before its step
     * @throws ArithmeticException when the loss is no longer a number; the learning rate is too high
     */
    public double epoch() {
        double loss = pass(learningRate);
        losses.add(loss);
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("glove: the loss of epoch " + epochs() + " is " + loss
                    + "; try a learning rate below " + learningRate);
        }
        return loss;
    }

    /**
     * Trains until so many epochs are done or the thread is interrupted, and {@link #save}s after an epoch when so much
     * time has passed since the last time, and at the end. If the file is there, training goes on where it ends, to the
     * same bits as if nobody had stopped it; a program that was killed is simply started again.
     *
     * @param total how many epochs, those in the file among them
     * @throws IllegalArgumentException when the file is damaged, belongs to other counts, settings or random numbers, or
     *     holds more epochs
     */
    public void train(int total, Path file, Duration every) {
        if (Files.exists(file)) {
            resume(file);
        }
        if (total < epochs()) {
            throw new IllegalArgumentException(
                    "glove: " + epochs() + " epochs are done, and " + total + " are asked for");
        }
        long savedAt = System.nanoTime();
        while (epochs() < total && !Thread.currentThread().isInterrupted()) {
            epoch();
            if (Duration.ofNanos(System.nanoTime() - savedAt).compareTo(every) >= 0) {
                save(file);
                savedAt = System.nanoTime();
            }
        }
        save(file);
    }

    /** The mean over the counts of ½ f e² with the vectors as they are. */
    public double loss() {
        return pass(0);
    }

    private double pass(float rate) {
        int[] shifts = random.split("epoch").split(epochs()).permutation(BLOCKS);
        double[][] losses = new double[BLOCKS][BLOCKS];
        for (int shift : shifts) {
            Parallel.over(BLOCKS, counted / BLOCKS * dimension * Costs.ADAGRAD_PAIR, (from, to) -> {
                for (int r = from; r < to; r++) {
                    int c = (r + shift) % BLOCKS;
                    losses[r][c] = factors.steps(cells[r][c], rate);
                }
            });
        }
        double total = 0;
        for (double[] row : losses) {
            for (double loss : row) {
                total += loss;
            }
        }
        return total / counted;
    }

    /** How many epochs were trained. */
    public int epochs() {
        return losses.size();
    }

    /** The loss of every epoch, as {@link #epoch} returned it. */
    public List<Double> losses() {
        return Collections.unmodifiableList(losses);
    }

    /**
     * Saves what was learnt, so that {@link #resume} goes on with the same bits.
     *
     * @throws UncheckedIOException when the file cannot be written; an older one stays as it was
     */
    public void save(Path file) {
        CheckedFile.write(file, KIND, out -> {
            out.writeLong(fingerprint());
            out.writeInt(epochs());
            for (double loss : losses) {
                out.writeDouble(loss);
            }
            for (float[] values : factors.state()) {
                for (float value : values) {
                    out.writeInt(Float.floatToRawIntBits(value));
                }
            }
        });
    }

    /**
     * Takes over what {@link #save} wrote. The counts, settings and random stream must be those of the saved one.
     *
     * @throws IllegalArgumentException when the file is damaged or belongs to other counts; nothing has changed then
     * @throws UncheckedIOException when it cannot be read
     */
    public void resume(Path file) {
        Saved saved = CheckedFile.read(file, KIND, (in, size) -> read(in));
        for (int k = 0; k < saved.factors.size(); k++) {
            float[] target = factors.state().get(k);
            System.arraycopy(saved.factors.get(k), 0, target, 0, target.length);
        }
        losses.clear();
        losses.addAll(saved.losses);
    }

    record Saved(List<Double> losses, List<float[]> factors) {}

    Saved read(DataInputStream in) throws IOException {
        if (in.readLong() != fingerprint()) {
            throw new IllegalArgumentException(
                    "saved with other counts, settings or random numbers than those of " + this);
        }
        List<Double> saved = new ArrayList<>();
        for (int n = in.readInt(); n > 0; n--) {
            saved.add(in.readDouble());
        }
        List<float[]> values = new ArrayList<>();
        for (float[] now : factors.state()) {
            float[] read = new float[now.length];
            for (int k = 0; k < read.length; k++) {
                read[k] = Float.intBitsToFloat(in.readInt());
            }
            values.add(read);
        }
        return new Saved(saved, values);
    }

    /** Of the counts in their order, and of the settings. */
    private long fingerprint() {
        CRC32 crc = new CRC32();
        for (Cell[] row : cells) {
            for (Cell cell : row) {
                cell.addTo(crc);
            }
        }
        return crc.getValue() + 31L * (dimension + 31L * (vocabularySize + 31L * Float.floatToIntBits(learningRate)));
    }

    /** The vectors w + c of the words, in the order of the counts. */
    public WordVectors vectors(Collection<String> words) {
        return WordVectors.of(words, wordMatrix().plus(contextMatrix()));
    }

    /** A copy of the vectors w [V×D]. */
    public Tensor wordMatrix() {
        return Tensor.wrap(factors.words().clone(), vocabularySize, dimension);
    }

    /** A copy of the vectors c [V×D]. */
    public Tensor contextMatrix() {
        return Tensor.wrap(factors.contexts().clone(), vocabularySize, dimension);
    }

    /** A copy of the biases b [V]. */
    public float[] wordBiases() {
        return factors.wordBiases().clone();
    }

    /** A copy of the biases d [V]. */
    public float[] contextBiases() {
        return factors.contextBiases().clone();
    }

    @Override
    public String toString() {
        return "GloVe, " + vocabularySize + " words of " + dimension + " numbers from " + counted + " counts, "
                + epochs() + " epochs";
    }
}
