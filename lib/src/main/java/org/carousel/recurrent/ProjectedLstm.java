package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.internal.LstmCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * An LSTM with a recurrent projection: many memory cells, and a smaller output that goes round.
 *
 * <pre>
 * i_t = σ(W_i x_t + R_i h_{t-1} + b_i)      f_t, o_t alike
 * z_t = tanh(W_z x_t + R_z h_{t-1} + b_z)
 * c_t = f_t ⊙ c_{t-1} + i_t ⊙ z_t           [B×H]
 * h_t = P (o_t ⊙ tanh(c_t))                 [B×K], K below H
 * </pre>
 *
 * <p>The recurrent weights are 4HK numbers instead of 4H². Source: Sak, Senior, Beaufays 2014, arXiv:1402.1128, eq. (1) to
 * (7) without peepholes and without the second projection; PyTorch's {@code nn.LSTM} with {@code proj_size}.
 *
 * @param W input weights [4H×I], gates in the order i f z o, PyTorch's {@code weight_ih_l0}
 * @param R recurrent weights [4H×K], {@code weight_hh_l0}
 * @param b bias [4H], the sum of PyTorch's two
 * @param P projection [K×H], {@code weight_hr_l0}
 */
public record ProjectedLstm(Tensor W, Tensor R, Tensor b, Tensor P) implements LstmCell {
    /** Checks that the shapes belong together. */
    public ProjectedLstm {
        if (W.rank() != 2
                || R.rank() != 2
                || P.rank() != 2
                || R.size(1) != P.size(0)
                || R.size(0) != 4 * P.size(1)
                || W.size(0) != R.size(0)
                || b.rank() != 1
                || b.size() != R.size(0)) {
            throw new IllegalArgumentException("projected lstm: W " + W.shapeText() + ", R " + R.shapeText() + ", b "
                    + b.shapeText() + ", P " + P.shapeText() + " must be [4H×I], [4H×K], [4H] and [K×H]");
        }
        for (Tensor parameter : new Tensor[] {W, R, b, P}) {
            parameter.requiresGradient();
        }
    }

    /**
     * Glorot weights, biases 0 but for the forget gates' of 1.
     *
     * @param cells H, how many memory cells
     * @param hiddenSize K, the size of the output
     */
    public static ProjectedLstm of(int inputSize, int cells, int hiddenSize, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        Tensor[] W = new Tensor[4];
        Tensor[] R = new Tensor[4];
        Tensor[] b = new Tensor[4];
        for (Gate gate : Gate.values()) {
            int k = gate.place();
            W[k] = glorot.matrix(cells, inputSize, random.split("W").split(k));
            R[k] = glorot.matrix(cells, hiddenSize, random.split("R").split(k));
            b[k] = gate == Gate.FORGET ? Tensor.ones(cells) : Tensor.zeros(cells);
        }
        return new ProjectedLstm(
                Tensor.concat(0, W),
                Tensor.concat(0, R),
                Tensor.concat(0, b),
                glorot.matrix(hiddenSize, cells, random.split("P")));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Lstm.State previous) {
        requireStep(x, previous);
        Tensor net = linear(x, W).plus(linear(previous.h(), R)).plus(b);
        Tensor i = sigmoid(gate(Gate.INPUT, net));
        Tensor f = sigmoid(gate(Gate.FORGET, net));
        Tensor z = tanh(gate(Gate.BLOCK_INPUT, net));
        Tensor o = sigmoid(gate(Gate.OUTPUT, net));
        Tensor c = f.times(previous.c()).plus(i.times(z));
        return new Lstm.Activations(i, f, z, o, c, linear(o.times(tanh(c)), P)).byName();
    }

    private Tensor gate(Gate gate, Tensor net) {
        int from = gate.place() * cells();
        return net.slice(1, from, from + cells());
    }

    /** H. */
    public int cells() {
        return P.size(1);
    }

    @Override
    public Lstm.State initial(int batch) {
        return new Lstm.State(Tensor.zeros(batch, hiddenSize()), Tensor.zeros(batch, cells()));
    }

    @Override
    public int inputSize() {
        return W.size(1);
    }

    /** K, the size of the output. */
    @Override
    public int hiddenSize() {
        return P.size(0);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight_ih_l0", W)
                .and("weight_hh_l0", R)
                .and("bias_ih_l0", b)
                .and("weight_hr_l0", P);
    }
}
