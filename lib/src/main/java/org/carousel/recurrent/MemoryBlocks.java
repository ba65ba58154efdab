package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.concat;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The long short-term memory as it was published in 1997: memory blocks of several cells that share their gates, and
 * errors that do not leave a block.
 *
 * <pre>
 * s = [x_t, h_{t-1} (, i_{t-1}, o_{t-1})]            the sources
 * i = σ(W_i s + b_i)   o = σ(W_o s + b_o)            one of each per block
 * c_t = c_{t-1} + i g(W_c s (+ b_c))                 one per cell;  g(a) = 4σ(a) - 2
 * h_t = o h(c_t)                                     h(a) = 2σ(a) - 1
 * </pre>
 *
 * <p>With a forget gate f = σ(W_f s + b_f) per block, c_t = f c_{t-1} + ...: Gers, Schmidhuber and Cummins 2000, whose
 * gates are no sources.
 *
 * <p>The gradient is <em>truncated</em>: an error that has reached the sum of a gate or of a cell changes the weights
 * there and goes no further back. Only the error inside c travels through time, unchanged while nothing is forgotten:
 * the constant error carousel. {@link #fullGradient} lets all errors go back instead.
 *
 * <p>Sources: Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 9(8), 1997,
 * doi:10.1162/neco.1997.9.8.1735, sections 4 and appendix A.1; Gers, Schmidhuber, Cummins: Learning to forget, Neural
 * Computation 12(10), 2000, doi:10.1162/089976600300015015. Differs from the papers in: the truncated gradient is
 * computed by backpropagation, not forward in time; the values are the same.
 *
 * @param blocks how many blocks
 * @param size cells per block
 * @param gatesAreSources whether the gates of the step before are among the sources
 * @param truncated whether errors stay in their blocks
 * @param W_c block input weights [cells×S]
 * @param b_c their bias [cells], or null
 * @param W_i input gate weights [blocks×S]
 * @param b_i their bias [blocks]
 * @param W_f forget gate weights [blocks×S], or null
 * @param b_f their bias [blocks], or null
 * @param W_o output gate weights [blocks×S]
 * @param b_o their bias [blocks]
 */
public record MemoryBlocks(
        int inputSize,
        int blocks,
        int size,
        boolean gatesAreSources,
        boolean truncated,
        Tensor W_c,
        @Nullable Tensor b_c,
        Tensor W_i,
        Tensor b_i,
        @Nullable Tensor W_f,
        @Nullable Tensor b_f,
        Tensor W_o,
        Tensor b_o)
        implements Cell<MemoryBlocks.State> {
    private static final Activation G = Activation.scaledTanh(2, 0.5); // 4σ(a) - 2
    private static final Activation H = Activation.scaledTanh(1, 0.5); // 2σ(a) - 1

    /**
     * What is carried from step to step.
     *
     * @param h the output of every cell [B×cells]
     * @param c the state of every cell [B×cells]
     * @param gates the gates of the step before [B×gates] where they are sources, else [B×0]
     */
    public record State(Tensor h, Tensor c, Tensor gates) {}

    /** Marks the parameters. */
    public MemoryBlocks {
        for (Tensor parameter : new @Nullable Tensor[] {W_c, b_c, W_i, b_i, W_f, b_f, W_o, b_o}) {
            if (parameter != null) {
                parameter.requiresGradient();
            }
        }
    }

    /**
     * The cell of 1997: no forget gate, gates among the sources.
     *
     * @param weights the first weights; the paper draws them evenly from ±0.1 or ±0.2
     * @param cellBias whether cells have a bias, as in the adding problem
     */
    public static MemoryBlocks of1997(
            int inputSize, int blocks, int size, boolean cellBias, Initializer weights, RandomStream random) {
        int cells = blocks * size;
        int sources = inputSize + cells + 2 * blocks;
        return new MemoryBlocks(
                inputSize,
                blocks,
                size,
                true,
                true,
                weights.matrix(cells, sources, random.split("W_c")),
                cellBias ? Tensor.zeros(cells) : null,
                weights.matrix(blocks, sources, random.split("W_i")),
                Tensor.zeros(blocks),
                null,
                null,
                weights.matrix(blocks, sources, random.split("W_o")),
                Tensor.zeros(blocks));
    }

    /** The cell of 2000: with forget gates; gates are no sources, cells have no bias. */
    public static MemoryBlocks withForgetGate(
            int inputSize, int blocks, int size, Initializer weights, RandomStream random) {
        int cells = blocks * size;
        int sources = inputSize + cells;
        return new MemoryBlocks(
                inputSize,
                blocks,
                size,
                false,
                true,
                weights.matrix(cells, sources, random.split("W_c")),
                null,
                weights.matrix(blocks, sources, random.split("W_i")),
                Tensor.zeros(blocks),
                weights.matrix(blocks, sources, random.split("W_f")),
                Tensor.zeros(blocks),
                weights.matrix(blocks, sources, random.split("W_o")),
                Tensor.zeros(blocks));
    }

    /** The same weights with errors that go everywhere. */
    public MemoryBlocks fullGradient() {
        return new MemoryBlocks(
                inputSize, blocks, size, gatesAreSources, false, W_c, b_c, W_i, b_i, W_f, b_f, W_o, b_o);
    }

    /** Sets the biases of the gates, block by block; a list repeats. Null leaves a gate as it is. */
    public MemoryBlocks biases(double @Nullable [] input, double @Nullable [] forget, double @Nullable [] output) {
        fill(b_i, input);
        fill(b_f, forget);
        fill(b_o, output);
        return this;
    }

    private static void fill(@Nullable Tensor bias, double @Nullable [] values) {
        if (bias != null && values != null) {
            bias.update(b -> {
                for (int k = 0; k < b.length; k++) {
                    b[k] = (float) values[k % values.length];
                }
            });
        }
    }

    @Override
    public State step(Tensor x, State previous) {
        requireStep(x, previous);
        Map<String, Tensor> a = inspectStep(x, previous);
        Tensor seen = gatesAreSources ? concat(1, get(a, "i"), get(a, "o")) : previous.gates;
        return new State(get(a, "h"), get(a, "c"), seen);
    }

    private static Tensor get(Map<String, Tensor> values, String name) {
        return java.util.Objects.requireNonNull(values.get(name));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State previous) {
        Tensor s = concat(
                1,
                x,
                truncated ? previous.h.detach() : previous.h,
                truncated ? previous.gates.detach() : previous.gates);
        Tensor i = sigmoid(linear(s, W_i).plus(b_i));
        Tensor o = sigmoid(linear(s, W_o).plus(b_o));
        Tensor net = linear(s, W_c);
        Tensor z = G.apply(b_c == null ? net : net.plus(b_c));
        Tensor c = previous.c;
        Map<String, Tensor> all = new LinkedHashMap<>();
        if (W_f != null && b_f != null) {
            Tensor f = sigmoid(linear(s, W_f).plus(b_f));
            c = perCell(f, c);
            all.put("f", f);
        }
        c = c.plus(perCell(i, z));
        all.put("i", i);
        all.put("z", z);
        all.put("o", o);
        all.put("c", c);
        all.put("h", perCell(o, H.apply(c)));
        return all;
    }

    /** The gate of a block times each of its cells. */
    private Tensor perCell(Tensor gate, Tensor cells) {
        int batch = gate.size(0);
        return gate.reshape(batch, blocks, 1)
                .times(cells.reshape(batch, blocks, size))
                .reshape(batch, blocks * size);
    }

    @Override
    public int hiddenSize() {
        return blocks * size;
    }

    @Override
    public State initial(int batch) {
        return new State(
                Tensor.zeros(batch, hiddenSize()),
                Tensor.zeros(batch, hiddenSize()),
                Tensor.zeros(batch, gatesAreSources ? 2 * blocks : 0));
    }

    @Override
    public Tensor output(State state) {
        return state.h;
    }

    @Override
    public List<Tensor> tensors(State state) {
        return List.of(state.h, state.c, state.gates);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1), tensors.get(2));
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("W_c", W_c);
        all = b_c == null ? all : all.and("b_c", b_c);
        all = all.and("W_i", W_i).and("b_i", b_i);
        all = W_f == null || b_f == null ? all : all.and("W_f", W_f).and("b_f", b_f);
        return all.and("W_o", W_o).and("b_o", b_o);
    }
}
