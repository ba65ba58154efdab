package org.carousel.weights;

import static org.carousel.tensor.Tensor.concat;

import java.util.Map;
import java.util.function.Function;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.tensor.Tensor;

/**
 * The order of gates in the weights of other frameworks, and the conversion of their layers into cells and back.
 *
 * <pre>{@code
 * Lstm lstm = GateOrder.KERAS.lstm(Map.of("kernel", kernel, "recurrent_kernel", recurrent, "bias", bias));
 * Map<String, Tensor> onnx = GateOrder.ONNX.of(lstm); // W, R, B
 * Gru gru = GateOrder.PYTORCH.gru(SafeTensors.load(file), true);
 * }</pre>
 *
 * <p>Weights go by the framework's own names and have its own shapes, for one layer in one direction. In the letters of
 * {@link Lstm} and {@link Gru}, n being the number of gates:
 *
 * <table>
 * <caption>Orders and shapes</caption>
 * <tr><th></th><th>LSTM</th><th>GRU</th><th>weights</th></tr>
 * <tr><td>{@link #PYTORCH}</td><td>i f z o</td><td>r z n</td><td>weight_ih_l0 [nH×I], weight_hh_l0 [nH×H],
 *     bias_ih_l0 [nH], bias_hh_l0 [nH]</td></tr>
 * <tr><td>{@link #KERAS}</td><td>i f z o</td><td>z r n</td><td>kernel [I×nH], recurrent_kernel [H×nH], bias [nH];
 *     of a GRU with {@code reset_after} [2×3H]</td></tr>
 * <tr><td>{@link #ONNX}</td><td>i o f z</td><td>z r n</td><td>W [1×nH×I], R [1×nH×H], B [1×2nH], P [1×3H] for the
 *     peepholes i o f</td></tr>
 * <tr><td>{@link #DL4J}</td><td>z f o i</td><td></td><td>W [I×4H], RW [H×4H], b [4H]; of a GravesLSTM RW [H×(4H+3)],
 *     the last columns being the peepholes f o i</td></tr>
 * </table>
 *
 * <p>What is converted is copied, and converting back gives the same bits, with one exception: of two biases that are
 * only ever added a cell keeps the sum, and the way back writes the sum and zeros. A missing bias is 0.
 *
 * <p>A simple recurrent network has one block and the same names; PyTorch's projection is weight_hr_l0 [K×H]. Several
 * layers or two directions of PyTorch: {@link StateDict}. Both directions of a bidirectional ONNX layer lie along the
 * first axis: take {@code slice(0, d, d + 1)} of each tensor for a {@link Bidirectional}. The cells compute the layers' standard functions, σ for gates and tanh for the
 * rest; what a framework keeps beside the weights, such as other functions or clipping, is not seen here. Everywhere a
 * GRU's z keeps the old state. Files of Keras are read by {@link KerasFile}, files of ONNX are written by {@link
 * OnnxModel}.
 */
public enum GateOrder {
    /** {@code torch.nn.LSTM} and {@code GRU}, the state dictionary of one layer under the names of layer 0. */
    PYTORCH("ifzo", "rzn", WeightLayout.PYTORCH),
    /** {@code keras.layers.LSTM} and {@code GRU}. */
    KERAS("ifzo", "zrn", WeightLayout.KERAS),
    /** The operators LSTM and GRU of ONNX. */
    ONNX("iofz", "zrn", WeightLayout.ONNX),
    /**
     * Deeplearning4j's LSTM and GravesLSTM with the activation TANH, {@code paramTable()} of the layer.
     *
     * <p>Its sources call the order i f o g, but its i is what goes through tanh, the block input, and its g, the "input
     * modulation gate", is the input gate.
     */
    DL4J("zfoi", "", WeightLayout.DL4J);

    private static final String OUR_LSTM = "ifzo";
    private static final String OUR_GRU = "rzn";
    private static final String ONE = "h"; // an Elman network has nothing to order

    private final String lstmGates;
    private final String gruGates;
    private final WeightLayout layout;

    GateOrder(String lstmGates, String gruGates, WeightLayout layout) {
        this.lstmGates = lstmGates;
        this.gruGates = gruGates;
        this.layout = layout;
    }

    /**
     * The cell of an LSTM layer without peepholes.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public Lstm lstm(Map<String, Tensor> weights) {
        return read(weights, WeightLayout.Kind.LSTM, this::lstm);
    }

    Lstm lstm(NamedTensors given) {
        GateRows rows = rows(given, WeightLayout.Kind.LSTM);
        return new Lstm(rows.W(), rows.R(), rows.bias());
    }

    /**
     * The cell of an LSTM layer with a recurrent projection, PyTorch's {@code proj_size}.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape, or the framework has no
     *     such layer
     */
    public ProjectedLstm projectedLstm(Map<String, Tensor> weights) {
        return read(weights, WeightLayout.Kind.PROJECTED, this::projectedLstm);
    }

    ProjectedLstm projectedLstm(NamedTensors given) {
        GateRows rows = rows(given, WeightLayout.Kind.PROJECTED);
        return new ProjectedLstm(rows.W(), rows.R(), rows.bias(), rows.projection());
    }

    /**
     * The cell of a simple recurrent layer with tanh: PyTorch's {@code nn.RNN}, Keras's {@code SimpleRNN}, ONNX's RNN.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape, or the framework has no
     *     such layer
     */
    public Elman elman(Map<String, Tensor> weights) {
        return read(weights, WeightLayout.Kind.ELMAN, this::elman);
    }

    Elman elman(NamedTensors given) {
        GateRows rows = rows(given, WeightLayout.Kind.ELMAN);
        return new Elman(rows.W(), rows.R(), rows.bias());
    }

    /**
     * The cell of an LSTM layer with peepholes, {@link LstmForm#vanilla}: ONNX's with P, Deeplearning4j's GravesLSTM.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape, or the framework has no
     *     peepholes
     */
    public LstmVariant vanilla(Map<String, Tensor> weights) {
        return read(weights, WeightLayout.Kind.PEEPHOLES, given -> {
            GateRows rows = rows(given, WeightLayout.Kind.PEEPHOLES);
            return LstmVariant.of(new Lstm(rows.W(), rows.R(), rows.bias()), rows.peepholes());
        });
    }

    /**
     * The cell of a GRU layer.
     *
     * @param resetAfter whether the reset gate multiplies after the product: true for PyTorch, Keras's {@code
     *     reset_after}, ONNX's {@code linear_before_reset}
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape, or the framework has no
     *     such layer
     */
    public Gru gru(Map<String, Tensor> weights, boolean resetAfter) {
        return read(weights, gruKind(resetAfter), given -> gru(given, resetAfter));
    }

    Gru gru(NamedTensors given, boolean resetAfter) {
        GateRows rows = rows(given, gruKind(resetAfter));
        if (!resetAfter) {
            return new Gru(rows.W(), rows.R(), rows.bias(), null);
        }
        int n = 2 * rows.R().size(1); // where the rows of n begin: only there the two biases are apart
        int end = rows.b().size();
        Tensor b = concat(0, rows.bias().slice(0, 0, n), rows.b().slice(0, n, end));
        return new Gru(rows.W(), rows.R(), b, concat(0, rows.secondBias().slice(0, n, end)));
    }

    /** The weights of a cell as this framework's LSTM layer has them. */
    public Map<String, Tensor> of(Lstm cell) {
        Parameters p = cell.parameters();
        return write(
                WeightLayout.Kind.LSTM,
                new GateRows(p.get("weight_ih_l0"), p.get("weight_hh_l0"), p.get("bias_ih_l0"), null, null, null));
    }

    /**
     * The weights of a cell as this framework's LSTM layer with a projection has them.
     *
     * @throws IllegalArgumentException when the framework has no such layer
     */
    public Map<String, Tensor> of(ProjectedLstm cell) {
        return write(WeightLayout.Kind.PROJECTED, new GateRows(cell.W(), cell.R(), cell.b(), null, null, cell.P()));
    }

    /**
     * The weights of a cell as this framework's simple recurrent layer has them.
     *
     * @throws IllegalArgumentException when the framework has no such layer
     */
    public Map<String, Tensor> of(Elman cell) {
        return write(WeightLayout.Kind.ELMAN, new GateRows(cell.W(), cell.R(), cell.b(), null, null, null));
    }

    /**
     * The weights of a cell as this framework's LSTM layer with peepholes has them.
     *
     * @throws IllegalArgumentException when the cell is not {@link LstmForm#vanilla} or the framework has no peepholes
     */
    public Map<String, Tensor> of(LstmVariant cell) {
        if (!cell.form().equals(LstmForm.vanilla())) {
            throw new IllegalArgumentException(
                    this + ": only LstmForm.vanilla() has such a layer in other frameworks, not " + cell.form());
        }
        Parameters p = cell.parameters();
        return write(
                WeightLayout.Kind.PEEPHOLES,
                new GateRows(
                        joined("W_", OUR_LSTM, p),
                        joined("R_", OUR_LSTM, p),
                        joined("b_", OUR_LSTM, p),
                        null,
                        joined("p_", GateRows.seeing(OUR_LSTM), p),
                        null));
    }

    private static Tensor joined(String letter, String gates, Parameters all) {
        return concat(0, gates.chars().mapToObj(k -> all.get(letter + (char) k)).toArray(Tensor[]::new));
    }

    /**
     * The weights of a cell as this framework's GRU layer has them.
     *
     * @throws IllegalArgumentException when the framework has no GRU with this cell's place of the reset
     */
    public Map<String, Tensor> of(Gru cell) {
        Parameters p = cell.parameters();
        Tensor a = cell.resetsAfter() ? concat(0, Tensor.zeros(2 * cell.hiddenSize()), p.get("bias_hn_l0")) : null;
        return write(
                gruKind(cell.resetsAfter()),
                new GateRows(p.get("weight_ih_l0"), p.get("weight_hh_l0"), p.get("bias_ih_l0"), a, null, null));
    }

    private static WeightLayout.Kind gruKind(boolean resetAfter) {
        return resetAfter ? WeightLayout.Kind.GRU : WeightLayout.Kind.GRU_RESET_BEFORE;
    }

    private <C> C read(Map<String, Tensor> weights, WeightLayout.Kind kind, Function<NamedTensors, C> cell) {
        NamedTensors given = named(weights, kind);
        return Tensor.withoutGradient(() -> {
            C read = cell.apply(given);
            given.requireNoneLeft();
            return read;
        });
    }

    /** Weights of a kind of layer to be taken by name. */
    NamedTensors named(Map<String, Tensor> weights, WeightLayout.Kind kind) {
        return new NamedTensors(this + " " + kind.title(), requireLayer(kind), weights);
    }

    private GateRows rows(NamedTensors given, WeightLayout.Kind kind) {
        return layout.read(given, kind).reordered(theirs(kind), ours(kind));
    }

    private Map<String, Tensor> write(WeightLayout.Kind kind, GateRows rows) {
        requireLayer(kind);
        return Tensor.withoutGradient(() -> layout.write(rows.reordered(ours(kind), theirs(kind)), kind));
    }

    private static String ours(WeightLayout.Kind kind) {
        return switch (kind.gates()) {
            case 4 -> OUR_LSTM;
            case 3 -> OUR_GRU;
            default -> ONE;
        };
    }

    private String theirs(WeightLayout.Kind kind) {
        return switch (kind.gates()) {
            case 4 -> lstmGates;
            case 3 -> gruGates;
            default -> ONE;
        };
    }

    /** Names and shapes of this layer's weights. */
    private String requireLayer(WeightLayout.Kind kind) {
        String text = layout.text(kind);
        if (text == null) {
            throw new IllegalArgumentException(
                    this + " " + kind.title() + ": there is no such layer in this framework");
        }
        return text;
    }
}
