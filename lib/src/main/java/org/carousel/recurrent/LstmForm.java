package org.carousel.recurrent;

/**
 * Which equations of the vanilla LSTM a variant keeps, and what it changes in the others. Each method below changes one
 * thing and returns a new form.
 *
 * <pre>{@code
 * LstmForm.vanilla().coupled()                                 // CIFG: f = 1 - i
 * LstmForm.vanilla().blockInput(Activation.identity())         // NIAF: g(a) = a
 * LstmForm.vanilla().peepholes(LstmForm.Peepholes.FORWARD)     // no error through the peepholes, as in 2000
 * }</pre>
 *
 * @param inputGate whether i is a gate; else it is 1
 * @param forget what f is
 * @param outputGate whether o is a gate; else it is 1
 * @param g the function of the block input
 * @param h the function of the cell state on its way out
 * @param peepholes whether the gates see the cell state
 * @param gatesSeeInput whether the gates see x_t; the block input always does
 * @param blockInputSeesOutput whether the block input sees h_{t-1}; the gates always do
 * @param gatesSeeGates whether the gates see all gates of the step before (full gate recurrence)
 */
public record LstmForm(
        boolean inputGate,
        Forget forget,
        boolean outputGate,
        Activation g,
        Activation h,
        Peepholes peepholes,
        boolean gatesSeeInput,
        boolean blockInputSeesOutput,
        boolean gatesSeeGates) {
    /** What the forget gate is. */
    public enum Forget {
        /** A gate of its own. */
        GATE,
        /** 1: the cell never forgets, as in 1997. */
        ONE,
        /** 1 - i. */
        COUPLED
    }

    /** The connections from the cell state to its gates. */
    public enum Peepholes {
        /** There are none. */
        NONE,
        /** Gates see the state, errors do not go back through them (Gers and Schmidhuber 2000). */
        FORWARD,
        /** With the full gradient (Graves and Schmidhuber 2005, Greff et al. 2017). */
        FULL
    }

    /** Throws when the form has no gate that could do what it asks for. */
    public LstmForm {
        if (forget == Forget.COUPLED && !inputGate) {
            throw new IllegalArgumentException("lstm form: f = 1 - i needs an input gate");
        }
    }

    /** Greff's vanilla LSTM: three gates, peepholes with the full gradient, tanh twice. */
    public static LstmForm vanilla() {
        Activation tanh = Activation.tanh();
        return new LstmForm(true, Forget.GATE, true, tanh, tanh, Peepholes.FULL, true, true, false);
    }

    /** i = 1 (NIG). */
    public LstmForm noInputGate() {
        return new LstmForm(
                false, forget, outputGate, g, h, peepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** f = 1 (NFG). */
    public LstmForm noForgetGate() {
        return with(Forget.ONE);
    }

    /** f = 1 - i (CIFG). */
    public LstmForm coupled() {
        return with(Forget.COUPLED);
    }

    private LstmForm with(Forget newForget) {
        return new LstmForm(
                inputGate, newForget, outputGate, g, h, peepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** o = 1 (NOG). */
    public LstmForm noOutputGate() {
        return new LstmForm(
                inputGate, forget, false, g, h, peepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** Another g; the identity is NIAF. */
    public LstmForm blockInput(Activation newG) {
        return new LstmForm(
                inputGate, forget, outputGate, newG, h, peepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** Another h; the identity is NOAF. */
    public LstmForm output(Activation newH) {
        return new LstmForm(
                inputGate, forget, outputGate, g, newH, peepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** Another kind of peepholes; none is NP. */
    public LstmForm peepholes(Peepholes newPeepholes) {
        return new LstmForm(
                inputGate, forget, outputGate, g, h, newPeepholes, gatesSeeInput, blockInputSeesOutput, gatesSeeGates);
    }

    /** Every gate sees all gates of the step before (FGR). */
    public LstmForm fullGateRecurrence() {
        return new LstmForm(inputGate, forget, outputGate, g, h, peepholes, gatesSeeInput, blockInputSeesOutput, true);
    }

    /** Gates see only h_{t-1}, the block input only x_t: the focused LSTM's wiring. */
    public LstmForm focused() {
        return new LstmForm(inputGate, forget, outputGate, g, h, peepholes, false, false, gatesSeeGates);
    }

    /** The equations in LaTeX, with the letters of Greff et al. and h for their y. */
    public String latex() {
        String z = "z_t &= " + g.latex() + "(W_z x_t" + (blockInputSeesOutput ? " + R_z h_{t-1}" : "") + " + b_z)";
        String i = "i_t &= " + (inputGate ? gate("i", "t-1") : "1");
        String f = "f_t &= "
                + switch (forget) {
                    case GATE -> gate("f", "t-1");
                    case ONE -> "1";
                    case COUPLED -> "1 - i_t";
                };
        String c = "c_t &= f_t \\odot c_{t-1} + i_t \\odot z_t";
        String o = "o_t &= " + (outputGate ? gate("o", "t") : "1");
        String y = "h_t &= o_t \\odot " + h.latex() + (h.latex().isEmpty() ? "c_t" : "(c_t)");
        return "\\begin{aligned}" + String.join(" \\\\ ", z, i, f, c, o, y) + "\\end{aligned}";
    }

    private String gate(String letter, String seen) {
        StringBuilder net = new StringBuilder(gatesSeeInput ? "W_" + letter + " x_t + " : "");
        net.append("R_").append(letter).append(" h_{t-1}");
        if (gatesSeeGates) {
            net.append(" + G_").append(letter).append(" [i_{t-1}\\ f_{t-1}\\ o_{t-1}]");
        }
        if (peepholes != Peepholes.NONE) {
            net.append(" + p_")
                    .append(letter)
                    .append(" \\odot c_{")
                    .append(seen)
                    .append('}');
        }
        return "\\sigma(" + net.append(" + b_").append(letter).append(")");
    }
}
