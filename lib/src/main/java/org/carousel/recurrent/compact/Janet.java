package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Just another network: the LSTM with its forget gate and no other.
 *
 * <pre>
 * s_t = W_f x_t + R_f h_{t-1} + b_f
 * z_t = tanh(W_z x_t + R_z h_{t-1} + b_z)
 * h_t = σ(s_t) ⊙ h_{t-1} + (1 - σ(s_t - β)) ⊙ z_t,   β = 1
 * </pre>
 *
 * <p>β lets a little more in than is forgotten. The cell state is the output.
 *
 * <p>Source: van der Westhuizen, Lasenby: The unreasonable effectiveness of the forget gate, 2018, arXiv:1804.04849.
 * Differs from the paper in: the forget bias begins at 1; {@link #of(int, int, int, RandomStream)} begins as the paper
 * does.
 */
public final class Janet extends NetCell {
    private static final double BETA = 1;

    private final Net f;
    private final Net z;

    private Janet(Net f, Net z) {
        super(f);
        this.f = f;
        this.z = z;
    }

    /** Glorot input weights, orthogonal recurrent weights, forget bias 1. */
    public static Janet of(int inputSize, int hiddenSize, RandomStream random) {
        return new Janet(
                Net.of(inputSize, hiddenSize, 1, random.split("f")),
                Net.of(inputSize, hiddenSize, 0, random.split("z")));
    }

    /**
     * Forget biases ln u with u uniform in [1, longest - 1], so that the units begin with memories of all lengths up to the
     * longest (Tallec, Ollivier 2018, arXiv:1804.11188).
     *
     * @param longest the longest dependency in steps, at least 3
     */
    public static Janet of(int inputSize, int hiddenSize, int longest, RandomStream random) {
        if (longest < 3) {
            throw new IllegalArgumentException("janet: a longest dependency of " + longest + " steps; at least 3");
        }
        Janet cell = of(inputSize, hiddenSize, random);
        RandomStream u = random.split("chrono");
        cell.f.b().update(bias -> {
            for (int j = 0; j < bias.length; j++) {
                bias[j] = (float) StrictMath.log(1 + (longest - 2) * u.nextDouble());
            }
        });
        return cell;
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Tensor s = f.apply(x, h);
        Tensor f_t = sigmoid(s);
        Tensor i_t = sigmoid(s.minus(BETA)).oneMinus();
        Tensor z_t = tanh(z.apply(x, h));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("f", f_t);
        all.put("i", i_t);
        all.put("z", z_t);
        all.put("h", f_t.times(h).plus(i_t.times(z_t)));
        return all;
    }

    @Override
    public Parameters parameters() {
        return z.after(f.named("f"), "z");
    }
}
