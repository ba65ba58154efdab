package org.carousel.training.learning;

import java.util.Arrays;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.DecayingContext;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A learning algorithm of one cell: inputs and errors of step after step go in, gradients of the weights come out.
 *
 * <pre>
 * s_t = step(x_t, s_{t-1}; θ)    h_t = output(s_t)    e_t = ∂L_t/∂h_t     what the head above asks of this step
 * wanted: dθ = Σ_t e_tᵀ ∂h_t/∂θ, where ∂h_t/∂θ counts every way through s_1 .. s_t
 * </pre>
 *
 * <p>With n units, m = n (I + n + 1) weights of a fully recurrent layer and T steps, per sequence:
 *
 * <pre>
 *                      exact   operations per step        memory
 * bptt                 yes     O(m)                       O(T (I + n))
 * truncated(h, h')     no      O(m h / h')                O(h (I + n))
 * rtrl                 yes     O(n² m) = O(n⁴)            O(n m) = O(n³)
 * blocks(n)            yes     O(n m) = O(n³) on average  O(n m) = O(n³)
 * diagonal             no      O(m) by hand               O(m)
 * uoro                 in the mean  O(m) by hand          O(m)
 * focused              yes     O(m) by hand               O(m)       a layer without R: m = n (I + 2)
 * truncated1997        no      O(m)                       O(m)
 * </pre>
 *
 * <p>"By hand": for a cell whose derivatives are written out. Here they come from differentiating the step, one number of
 * the state after the other, so these members cost O(n m) per step for any cell; {@link #rtrl} and {@link #blocks} of an
 * {@link Elman} have written-out kernels.
 *
 * <pre>{@code
 * Learner learner = Learner.rtrl(cell);
 * learner.begin(1);
 * for (int t = 0; t < steps; t++) {
 *     Tensor h = learner.read(x[t]); // [1×H]
 *     learner.teach(error(h, t)); // ∂L_t/∂h_t [1×H]
 * }
 * learner.collect(); // the gradients of cell.parameters() are there
 * }</pre>
 *
 * <p>Weights may be changed between two steps, as in learning online; gradients are then those of weights that stood
 * still, as in the papers. Not for several threads at once.
 */
public interface Learner {
    /**
     * New sequences from the zero state, without a past.
     *
     * <p>What was taught and not yet collected is collected first.
     *
     * @param batch how many sequences, at least 1
     */
    void begin(int batch);

    /** One step of every sequence. */
    default Tensor read(Tensor x) {
        boolean[] all = new boolean[x.rank() == 0 ? 0 : x.size(0)];
        Arrays.fill(all, true);
        return read(x, all);
    }

    /**
     * One step of those sequences that are not yet over; the others keep their state.
     *
     * @param x [B×I]; rows of sequences that are over are not read
     * @param running whether each sequence has this step
     * @return h_t [B×H] without a history, 0 for sequences that are over
     * @throws IllegalArgumentException when x is not [B×I] or there is not one flag per sequence
     * @throws IllegalStateException when no sequence has begun
     */
    Tensor read(Tensor x, boolean... running);

    /**
     * The error of the step that was read last. Errors of one step add up; that of a sequence that is over is left out.
     *
     * @param error e_t = ∂L_t/∂h_t [B×H]
     * @throws IllegalArgumentException when it is not [B×H]
     * @throws IllegalStateException when nothing has been read
     */
    void teach(Tensor error);

    /**
     * Adds to the gradients of the cell's parameters what is still missing of everything taught so far; some algorithms
     * add a part earlier. The sequences may go on.
     */
    void collect();

    /**
     * How many numbers about the past are kept at this moment: states, results of operations and influences, without
     * weights, gradients and work space.
     */
    long kept();

    /** The loss of one step. */
    @FunctionalInterface
    interface StepLoss {
        /**
         * From the output of a step to its loss.
         *
         * @param t the step, counted from 0
         * @param h its output [B×H]
         * @return a scalar, or null when the step has no loss
         */
        @Nullable
        Tensor of(int t, Tensor h);
    }

    /**
     * Whole sequences: reads them, teaches the loss of every step and collects. Gradients of a head inside the loss are
     * filled as well.
     *
     * @param x [B×T×I]
     * @param lengths how many steps each sequence has, 0..T; none given means T for all
     * @return the sum of the losses
     */
    default double learn(Tensor x, StepLoss loss, int... lengths) {
        if (x.rank() != 3 || (lengths.length != 0 && lengths.length != x.size(0))) {
            throw new IllegalArgumentException("learn: " + lengths.length + " lengths for sequences " + x.shapeText()
                    + "; one for each sequence of [B×T×I], or none, is needed");
        }
        for (int length : lengths) {
            if (length < 0 || length > x.size(1)) {
                throw new IllegalArgumentException("learn: length " + length + " of a sequence is outside 0.."
                        + x.size(1) + ", the steps of " + x.shapeText());
            }
        }
        begin(x.size(0));
        boolean[] running = new boolean[x.size(0)];
        double sum = 0;
        for (int t = 0; t < x.size(1); t++) {
            for (int b = 0; b < running.length; b++) {
                running[b] = lengths.length == 0 || t < lengths[b];
            }
            Tensor h = read(x.select(1, t), running).requiresGradient();
            Tensor l = loss.of(t, h);
            if (l != null) {
                sum += l.item();
                l.backward();
                if (h.hasGradient()) {
                    teach(h.gradient());
                }
            }
        }
        collect();
        return sum;
    }

    /**
     * Backpropagation through time: everything is remembered until {@link #begin}, and errors go back all the way when
     * they are collected.
     *
     * <p>Source: Werbos: Backpropagation through time, Proceedings of the IEEE 78(10), 1990, doi:10.1109/5.58337.
     */
    static Learner bptt(Cell<?> cell) {
        return BpttLearner.of(cell, 0, 0);
    }

    /**
     * Truncated backpropagation through time, BPTT(h; h'): after every {@code stride} steps their errors go back through
     * the last {@code window} steps, where the graph is cut.
     *
     * <p>An error goes back through window - stride + 1 to window steps, its own counted. Window = stride is what most
     * libraries do: pieces of the sequence one after the other.
     *
     * <p>Source: Williams, Peng: An efficient gradient-based algorithm for on-line training of recurrent network
     * trajectories, Neural Computation 2(4), 1990, doi:10.1162/neco.1990.2.4.490.
     *
     * @param window h, also called τ, at least 1
     * @param stride h', 1..window
     */
    static Learner truncated(Cell<?> cell, int window, int stride) {
        if (window < 1 || stride < 1 || stride > window) {
            throw new IllegalArgumentException("truncated: a window of " + window + " steps and a stride of " + stride
                    + "; 1 <= stride <= window is needed");
        }
        return BpttLearner.of(cell, window, stride);
    }

    /**
     * Real-time recurrent learning: the influence of every weight on the state is carried forward.
     *
     * <pre>
     * P_t = ∂s_t/∂θ = J_t P_{t-1} + ∂s_t/∂θ|direct     J_t = ∂s_t/∂s_{t-1}     dθ += e_tᵀ ∂h_t/∂s_t P_t
     * </pre>
     *
     * <p>Sources: Robinson, Fallside: The utility driven dynamic error propagation network, 1987; Williams, Zipser: A
     * learning algorithm for continually running fully recurrent neural networks, Neural Computation 1(2), 1989,
     * doi:10.1162/neco.1989.1.2.270.
     */
    static Learner rtrl(Cell<?> cell) {
        return blocks(cell, 1);
    }

    /**
     * Schmidhuber's algorithm of 1992: within a block of steps errors go back as in BPTT; what leaves the block at its
     * beginning meets the influence P of all weights there, which is brought forward once per block.
     *
     * <pre>
     * dθ += dθ within the block + δ_startᵀ P_start
     * P_end = (∂s_end/∂s_start) P_start + ∂s_end/∂θ within the block     by one backward pass for each number of s_end
     * </pre>
     *
     * <p>Exact for every length; with blocks of n steps the cost per step is O(n³) on average, while a step that ends a
     * block costs O(n⁴). A block that the sequence does not fill is BPTT; blocks of one step are RTRL.
     *
     * <p>Source: Schmidhuber: A fixed size storage O(n³) time complexity learning algorithm for fully recurrent
     * continually running networks, Neural Computation 4(2), 1992, doi:10.1162/neco.1992.4.2.243.
     *
     * @param length steps of a block, at least 1
     */
    static Learner blocks(Cell<?> cell, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("blocks: a block of " + length + " steps; at least 1 is needed");
        }
        return cell instanceof Elman elman ? new ElmanLearner(elman, length) : BlockLearner.of(cell, length);
    }

    /**
     * SnAp-1, RTRL along the diagonal: of the influence of a weight only what it has on the units it feeds directly is
     * kept. Exact for cells without recurrent mixing; for truncated {@link MemoryBlocks} it is the gradient of 1997.
     *
     * <p>Source: Menick et al.: Practical real time recurrent learning with a sparse approximation, 2021,
     * arXiv:2006.07232.
     */
    static Learner diagonal(Cell<?> cell) {
        return DiagonalLearner.of(cell);
    }

    /**
     * Unbiased online recurrent optimisation: the influence matrix as a product of two random vectors whose expectation is
     * right. One draw is noisy.
     *
     * <pre>
     * u ← ρ₀ J u + ρ₁ ν     v ← v / ρ₀ + νᵀ ∂s/∂θ|direct / ρ₁     ν random signs     dθ += (e · u) v
     * ρ₀ = √(‖v‖ / ‖J u‖)   ρ₁ = √(‖νᵀ ∂s/∂θ‖ / ‖ν‖)
     * </pre>
     *
     * <p>Source: Tallec, Ollivier: Unbiased online recurrent optimization, 2018, arXiv:1702.05043.
     */
    static Learner uoro(Cell<?> cell, RandomStream random) {
        return UoroLearner.of(cell, random);
    }

    /**
     * Focused backpropagation: context units that feel only themselves, so that the influence of a weight is one number
     * that decays with its unit. The diagonal algorithm, which is exact here.
     *
     * <p>Source: Mozer: A focused back-propagation algorithm for temporal pattern recognition, Complex Systems 3, 1989.
     */
    static Learner focused(DecayingContext cell) {
        return diagonal(cell);
    }

    /**
     * The truncated gradient of 1997: only the influence of the weights on the state c of each cell is carried forward.
     *
     * <p>Source: Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 9(8), 1997, appendix A.1,
     * doi:10.1162/neco.1997.9.8.1735.
     *
     * @param cell blocks without forget gate, truncated
     */
    static Learner truncated1997(MemoryBlocks cell) {
        return new TruncatedLearner(cell);
    }
}
