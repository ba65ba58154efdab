package org.carousel.training.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;

/**
 * How much of the error arrives at each earlier state: ‖∂L/∂s_t‖ for every step t and every part of the state.
 *
 * <pre>
 * s_t = step(x_t, s_{t-1}) + e_t,   e_t = 0        so   ∂L/∂e_t = ∂L/∂s_t, over all paths through later steps
 * norm of part p at step t = √(Σ over sequences and units of (∂L/∂p_t)²)
 * </pre>
 *
 * <p>The parts are those of {@link Cell#tensors}, (h, c) for an LSTM. Each is seen as a variable of its own: the way
 * from c_t to h_t within step t belongs to ∂L/∂h_t and is not counted again in ∂L/∂c_t.
 *
 * <p>Source of the question: Hochreiter, Schmidhuber: Long short-term memory, Neural Computation 9(8), 1997, section 3,
 * doi:10.1162/neco.1997.9.8.1735.
 *
 * @param norms ‖∂L/∂s_t‖ as [parts][T+1], the initial state first
 */
public record GradientFlow(double[][] norms) {
    /**
     * Runs the cell's equations forward and the error back. Clears the gradients of the cell's parameters.
     *
     * @param x [B×T×I]
     * @param loss a scalar of the outputs [B×T×H] and the last state
     */
    public static <S> GradientFlow of(Cell<S> cell, Tensor x, S initial, Function<Sequence<S>, Tensor> loss) {
        cell.requireSequence(x);
        List<List<Tensor>> probes = new ArrayList<>();
        Tensor[] h = new Tensor[x.size(1)];
        S state = probed(cell, initial, probes);
        for (int t = 0; t < h.length; t++) {
            state = probed(cell, cell.step(x.select(1, t), state), probes);
            h[t] = cell.output(state);
        }
        loss.apply(new Sequence<>(Tensor.stack(1, h), state)).backward();
        cell.parameters().clearGradients();
        double[][] norms = new double[probes.get(0).size()][probes.size()];
        for (int t = 0; t < probes.size(); t++) {
            for (int part = 0; part < norms.length; part++) {
                norms[part][t] = norm(probes.get(t).get(part));
            }
        }
        return new GradientFlow(norms);
    }

    /** The same state plus zeros whose gradients will tell. */
    private static <S> S probed(Cell<S> cell, S state, List<List<Tensor>> probes) {
        List<Tensor> zeros = new ArrayList<>();
        List<Tensor> parts = new ArrayList<>();
        for (Tensor part : cell.tensors(state)) {
            Tensor zero = Tensor.zeros(part.shape()).requiresGradient();
            zeros.add(zero);
            parts.add(part.plus(zero));
        }
        probes.add(zeros);
        return cell.state(parts);
    }

    private static double norm(Tensor probe) {
        double squares = 0;
        if (probe.hasGradient()) {
            for (double g : probe.gradient().toDoubles()) {
                squares += g * g;
            }
        }
        return Math.sqrt(squares);
    }

    /**
     * ‖∂L/∂s_{T-q}‖ of one part, for the lags q = 0..T: the last state first.
     *
     * @param part the place of the part in {@link Cell#tensors}
     */
    public double[] perLag(int part) {
        int last = norms[part].length - 1;
        double[] reversed = new double[last + 1];
        for (int q = 0; q <= last; q++) {
            reversed[q] = norms[part][last - q];
        }
        return reversed;
    }

    /** ‖∂L/∂s_{T-q}‖ of the whole state, for the lags q = 0..T. */
    public double[] perLag() {
        double[] whole = new double[norms[0].length];
        for (int part = 0; part < norms.length; part++) {
            double[] one = perLag(part);
            for (int q = 0; q < whole.length; q++) {
                whole[q] = Math.sqrt(whole[q] * whole[q] + one[q] * one[q]);
            }
        }
        return whole;
    }
}
