package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.TensorCell;
import org.carousel.recurrent.internal.InspectedCell;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The recurrent highway network: L layers inside every step, each of which may let its input pass.
 *
 * <pre>
 * s^0 = h_{t-1};   for l = 1..L:
 * z^l = tanh(W_z x_t [l = 1] + R_z^l s^{l-1} + b_z^l)
 * g^l = σ(W_g x_t [l = 1] + R_g^l s^{l-1} + b_g^l)      transform gate
 * s^l = z^l ⊙ g^l + s^{l-1} ⊙ (1 - g^l)                 carry gate 1 - g
 * h_t = s^L
 * </pre>
 *
 * <p>Only the first layer sees x_t. The transform biases begin at -2, so a fresh network mostly carries.
 *
 * <p>Source: Zilly, Srivastava, Koutník, Schmidhuber: Recurrent highway networks, ICML 2017, arXiv:1607.03474, eqs. (6)-(9)
 * with coupled gates.
 */
public final class RecurrentHighway implements TensorCell, InspectedCell<Tensor> {
    private static final double CARRY = -2;

    private final List<Net> z = new ArrayList<>();
    private final List<Net> g = new ArrayList<>();

    private RecurrentHighway(int inputSize, int hiddenSize, int depth, RandomStream random) {
        for (int l = 0; l < depth; l++) {
            z.add(Net.of(inputSize, hiddenSize, 0, random.split("z").split(l)));
            g.add(Net.of(inputSize, hiddenSize, CARRY, random.split("g").split(l)));
        }
    }

    /**
     * Glorot input weights, orthogonal recurrent weights.
     *
     * @param depth L, the layers in a step, at least 1
     */
    public static RecurrentHighway of(int inputSize, int hiddenSize, int depth, RandomStream random) {
        if (depth < 1) {
            throw new IllegalArgumentException("recurrent highway: depth " + depth + " is not at least 1");
        }
        return new RecurrentHighway(inputSize, hiddenSize, depth, random);
    }

    /** z1, g1, s1 and so on to sL, which is h. */
    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Tensor s = h;
        for (int l = 0; l < z.size(); l++) {
            Tensor z_l = tanh(net(z.get(l), l, x, s));
            Tensor g_l = sigmoid(net(g.get(l), l, x, s));
            s = z_l.times(g_l).plus(s.times(g_l.oneMinus()));
            all.put("z" + (l + 1), z_l);
            all.put("g" + (l + 1), g_l);
            all.put("s" + (l + 1), s);
        }
        all.put("h", s);
        return all;
    }

    private static Tensor net(Net net, int layer, Tensor x, Tensor s) {
        return layer == 0 ? net.apply(x, s) : linear(s, net.R(), net.b());
    }

    @Override
    public int inputSize() {
        return z.get(0).inputSize();
    }

    @Override
    public int hiddenSize() {
        return z.get(0).hiddenSize();
    }

    @Override
    public Parameters parameters() {
        Parameters all = g.get(0).after(z.get(0).named("z1"), "g1");
        for (int l = 1; l < z.size(); l++) {
            String name = String.valueOf(l + 1);
            all = all.and("R_z" + name, z.get(l).R())
                    .and("b_z" + name, z.get(l).b())
                    .and("R_g" + name, g.get(l).R())
                    .and("b_g" + name, g.get(l).b());
        }
        return all;
    }
}
