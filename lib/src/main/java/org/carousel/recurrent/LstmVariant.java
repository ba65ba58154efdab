package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.concat;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.GateForm;
import org.jspecify.annotations.Nullable;

/**
 * The vanilla LSTM with peepholes, and every member of its family: an {@link LstmForm} says which equations it changes.
 *
 * <pre>
 * z_t = g(W_z x_t + R_z h_{t-1} + b_z)                       block input
 * i_t = σ(W_i x_t + R_i h_{t-1} + p_i ⊙ c_{t-1} + b_i)       input gate,   or 1
 * f_t = σ(W_f x_t + R_f h_{t-1} + p_f ⊙ c_{t-1} + b_f)       forget gate,  or 1, or 1 - i_t
 * c_t = f_t ⊙ c_{t-1} + i_t ⊙ z_t                            cell state
 * o_t = σ(W_o x_t + R_o h_{t-1} + p_o ⊙ c_t + b_o)           output gate,  or 1: it sees the new state
 * h_t = o_t ⊙ h(c_t)                                         output
 * </pre>
 *
 * <p>With full gate recurrence, G [i_{t-1} f_{t-1} o_{t-1}] is added inside each σ. A variant owns the weights its
 * equations name and no others.
 *
 * <p>Source: Greff, Srivastava, Koutník, Steunebrink, Schmidhuber: LSTM: A search space odyssey, IEEE Transactions on
 * Neural Networks and Learning Systems 28(10), 2017, arXiv:1503.04069, section II and appendix A. Differs from the paper
 * in: h_t for y_t; the gates absent from a form are absent from its gate recurrence too.
 *
 * <p>Kept for the backward pass by {@link #run}: 7 floats per step and unit (10 with full gate recurrence), and a copy
 * of the input.
 */
public final class LstmVariant implements Cell<LstmVariant.State> {
    private static final String LETTERS = "ifzo";

    private final LstmForm form;
    private final int inputSize;
    private final int hiddenSize;
    private final GateWeights[] gates; // i f z o
    private final FusedLstm fused = new FusedLstm();

    /**
     * What is carried from step to step.
     *
     * @param h the output [B×H]
     * @param c the cell state [B×H]
     * @param gates i, f and o side by side [B×3H] where the next step sees them, else [B×0]
     */
    public record State(Tensor h, Tensor c, Tensor gates) {}

    /**
     * The weights of one gate or of the block input; null where the equation has no such term.
     *
     * @param W [H×I]
     * @param R [H×H]
     * @param G [H×3H], from the gates of the step before
     * @param p [H]
     * @param b [H]
     */
    private record GateWeights(
            @Nullable Tensor W, @Nullable Tensor R, @Nullable Tensor G, @Nullable Tensor p, @Nullable Tensor b) {
        Tensor net(Tensor x, State s, Tensor c) {
            Tensor sum = null;
            for (Tensor term : new @Nullable Tensor[] {
                W == null ? null : linear(x, W),
                R == null ? null : linear(s.h, R),
                G == null ? null : linear(s.gates, G),
                p == null ? null : p.times(c),
                b
            }) {
                sum = sum == null ? term : term == null ? sum : sum.plus(term);
            }
            return java.util.Objects.requireNonNull(sum);
        }
    }

    private LstmVariant(LstmForm form, int inputSize, int hiddenSize, GateWeights[] gates) {
        this.form = form;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.gates = gates;
    }

    /** First weights as {@link GateInitializers#standard}. */
    public static LstmVariant of(LstmForm form, int inputSize, int hiddenSize, RandomStream random) {
        return of(form, inputSize, hiddenSize, GateInitializers.standard(), random);
    }

    /** A cell of the given form with chosen first weights. */
    public static LstmVariant of(
            LstmForm form, int inputSize, int hiddenSize, GateInitializers first, RandomStream random) {
        GateWeights[] gates = new GateWeights[4];
        for (Gate gate : Gate.values()) {
            int k = gate.place();
            RandomStream own = random.split(LETTERS.substring(k, k + 1));
            boolean block = gate == Gate.BLOCK_INPUT;
            if (isConstant(form, gate)) {
                gates[k] = new GateWeights(null, null, null, null, null);
                continue;
            }
            boolean seesInput = block || form.gatesSeeInput();
            boolean seesOutput = !block || form.blockInputSeesOutput();
            boolean seesState = !block && form.peepholes() != LstmForm.Peepholes.NONE;
            gates[k] = new GateWeights(
                    seesInput ? first.input(gate, hiddenSize, inputSize, own.split("W")) : null,
                    seesOutput ? first.recurrent(gate, hiddenSize, own.split("R")) : null,
                    !block && form.gatesSeeGates() ? gateWeights(form, gate, first, hiddenSize, own.split("G")) : null,
                    seesState ? first.peephole(hiddenSize, own.split("p")) : null,
                    first.biases(gate, hiddenSize));
        }
        LstmVariant made = new LstmVariant(form, inputSize, hiddenSize, gates);
        made.parameters().tensors().forEach(Tensor::requiresGradient);
        return made;
    }

    /**
     * The vanilla cell ({@link LstmForm#vanilla}) with the weights of a cell without peepholes, which are copied.
     *
     * @param p the peepholes it gets in addition [3H], in the order i f o
     * @throws IllegalArgumentException when p is not [3H]
     */
    public static LstmVariant of(Lstm cell, Tensor p) {
        int hiddenSize = cell.hiddenSize();
        if (p.rank() != 1 || p.size() != 3 * hiddenSize) {
            throw new IllegalArgumentException("lstm: peepholes " + p.shapeText() + " must be [" + 3 * hiddenSize
                    + "], one for each of the gates i f o and each of H = " + hiddenSize);
        }
        Parameters all = cell.parameters();
        GateWeights[] gates = new GateWeights[4];
        for (int k = 0; k < 4; k++) {
            gates[k] = new GateWeights(
                    block(all.get("weight_ih_l0"), k, hiddenSize),
                    block(all.get("weight_hh_l0"), k, hiddenSize),
                    null,
                    k == Gate.BLOCK_INPUT.place() ? null : block(p, Math.min(k, 2), hiddenSize),
                    block(all.get("bias_ih_l0"), k, hiddenSize));
        }
        return new LstmVariant(LstmForm.vanilla(), cell.inputSize(), hiddenSize, gates);
    }

    /** A copy of the rows of one gate, as parameter. */
    private static Tensor block(Tensor all, int gate, int hiddenSize) {
        Tensor rows = all.slice(0, gate * hiddenSize, (gate + 1) * hiddenSize);
        return Tensor.wrap(rows.toArray(), rows.shape()).requiresGradient();
    }

    /** One square matrix from each gate that is one. */
    private static Tensor gateWeights(
            LstmForm form, Gate to, GateInitializers first, int hiddenSize, RandomStream own) {
        List<Tensor> squares = new ArrayList<>();
        for (Gate from : sources(form)) {
            squares.add(first.recurrent(to, hiddenSize, own.split(from.place())));
        }
        return concat(1, squares.toArray(new Tensor[0]));
    }

    /** The gates that others can see, in the order i f o. */
    private static List<Gate> sources(LstmForm form) {
        List<Gate> sources = new ArrayList<>(List.of(Gate.INPUT, Gate.FORGET, Gate.OUTPUT));
        sources.removeIf(gate -> isConstant(form, gate));
        return sources;
    }

    private static boolean isConstant(LstmForm form, Gate gate) {
        return switch (gate) {
            case INPUT -> !form.inputGate();
            case FORGET -> form.forget() != LstmForm.Forget.GATE;
            case BLOCK_INPUT -> false;
            case OUTPUT -> !form.outputGate();
        };
    }

    /** Which equations this cell computes. */
    public LstmForm form() {
        return form;
    }

    /** The equations, with everything they compute. */
    private Lstm.Activations activations(Tensor x, State previous) {
        Tensor c = previous.c;
        Tensor seen = form.peepholes() == LstmForm.Peepholes.FORWARD ? c.detach() : c;
        Tensor one = Tensor.ones(x.size(0), hiddenSize);
        Tensor i = form.inputGate() ? sigmoid(net(Gate.INPUT, x, previous, seen)) : one;
        Tensor f =
                switch (form.forget()) {
                    case GATE -> sigmoid(net(Gate.FORGET, x, previous, seen));
                    case ONE -> one;
                    case COUPLED -> i.oneMinus();
                };
        Tensor z = form.g().apply(net(Gate.BLOCK_INPUT, x, previous, seen));
        c = f.times(c).plus(i.times(z));
        seen = form.peepholes() == LstmForm.Peepholes.FORWARD ? c.detach() : c;
        Tensor o = form.outputGate() ? sigmoid(net(Gate.OUTPUT, x, previous, seen)) : one;
        Tensor h = o.times(form.h().apply(c));
        return new Lstm.Activations(i, f, z, o, c, h);
    }

    private Tensor net(Gate gate, Tensor x, State previous, Tensor c) {
        return gates[gate.place()].net(x, previous, c);
    }

    @Override
    public State step(Tensor x, State previous) {
        requireStep(x, previous);
        Lstm.Activations a = activations(x, previous);
        return new State(a.h(), a.c(), form.gatesSeeGates() ? visible(a.i(), a.f(), a.o()) : previous.gates);
    }

    private Tensor visible(Tensor i, Tensor f, Tensor o) {
        Tensor[] all = {i, f, null, o};
        return concat(1, sources(form).stream().map(gate -> all[gate.place()]).toArray(Tensor[]::new));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, State previous) {
        return activations(x, previous).byName();
    }

    @Override
    public Sequence<State> run(Tensor x, State initial, int... lengths) {
        requireSequence(x);
        Ragged.require("lstm", x, lengths);
        Tensor W = stacked(GateWeights::W, inputSize);
        Tensor R = stacked(GateWeights::R, hiddenSize);
        Tensor from = initial.h;
        if (form.gatesSeeGates()) {
            R = concat(1, R, stacked(GateWeights::G, initial.gates.size(1)));
            from = concat(1, initial.h, initial.gates);
        }
        Tensor b = stacked(GateWeights::b, 1).reshape(4 * hiddenSize);
        Tensor p = form.peepholes() == LstmForm.Peepholes.NONE
                ? null
                : stacked(GateWeights::p, 1).reshape(4 * hiddenSize);
        Sequence<Lstm.State> y = fused.run(gateForm(), W, R, b, p, x, new Lstm.State(from, initial.c), lengths);
        Tensor last = y.last().h();
        Tensor h = form.gatesSeeGates() ? last.slice(1, 0, hiddenSize) : last;
        Tensor seen = form.gatesSeeGates() ? last.slice(1, hiddenSize, last.size(1)) : initial.gates;
        return new Sequence<>(y.h(), new State(h, y.last().c(), seen));
    }

    /** The parts of all four gates below each other, zeros where a gate has none: [4H×columns]. */
    private Tensor stacked(java.util.function.Function<GateWeights, @Nullable Tensor> part, int columns) {
        Tensor[] parts = new Tensor[4];
        for (int k = 0; k < 4; k++) {
            Tensor own = part.apply(gates[k]);
            parts[k] = own == null ? Tensor.zeros(hiddenSize, columns) : own.reshape(hiddenSize, columns);
        }
        return concat(0, parts);
    }

    private GateForm gateForm() {
        return new GateForm(
                form.inputGate(),
                form.forget() == LstmForm.Forget.GATE,
                form.forget() == LstmForm.Forget.COUPLED,
                form.outputGate(),
                form.g().squash(),
                form.h().squash(),
                form.peepholes() == LstmForm.Peepholes.FULL,
                form.gatesSeeGates());
    }

    @Override
    public int inputSize() {
        return inputSize;
    }

    @Override
    public int hiddenSize() {
        return hiddenSize;
    }

    @Override
    public State initial(int batch) {
        int seen = form.gatesSeeGates() ? sources(form).size() * hiddenSize : 0;
        return new State(Tensor.zeros(batch, hiddenSize), Tensor.zeros(batch, hiddenSize), Tensor.zeros(batch, seen));
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
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int k = 0; k < 4; k++) {
            GateWeights gate = gates[k];
            Tensor[] tensors = {gate.W, gate.R, gate.G, gate.p, gate.b};
            for (int n = 0; n < tensors.length; n++) {
                if (tensors[n] != null) {
                    named.put("WRGpb".charAt(n) + "_" + LETTERS.charAt(k), tensors[n]);
                }
            }
        }
        Parameters all = Parameters.none();
        for (Map.Entry<String, Tensor> p : named.entrySet()) {
            all = all.and(p.getKey(), p.getValue());
        }
        return all;
    }
}
