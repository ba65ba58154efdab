package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The minimal gated unit: a GRU whose reset gate and update gate are one and the same.
 *
 * <pre>
 * f_t = σ(W_f x_t + R_f h_{t-1} + b_f)
 * z_t = tanh(W_z x_t + R_z (f_t ⊙ h_{t-1}) + b_z)
 * h_t = (1 - f_t) ⊙ h_{t-1} + f_t ⊙ z_t
 * </pre>
 *
 * <p>Source: Zhou, Wu, Zhang, Zhou: Minimal gated unit for recurrent neural networks, 2016, arXiv:1603.09420.
 */
public final class Mgu extends NetCell {
    private final Net f;
    private final Net z;

    private Mgu(Net f, Net z) {
        super(f);
        this.f = f;
        this.z = z;
    }

    /** Glorot input weights, orthogonal recurrent weights, biases 0. */
    public static Mgu of(int inputSize, int hiddenSize, RandomStream random) {
        return new Mgu(
                Net.of(inputSize, hiddenSize, 0, random.split("f")),
                Net.of(inputSize, hiddenSize, 0, random.split("z")));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Tensor f_t = sigmoid(f.apply(x, h));
        Tensor z_t = tanh(z.apply(x, f_t.times(h)));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("f", f_t);
        all.put("z", z_t);
        all.put("h", f_t.oneMinus().times(h).plus(f_t.times(z_t)));
        return all;
    }

    @Override
    public Parameters parameters() {
        return z.after(f.named("f"), "z");
    }
}
