package org.carousel.recurrent.compact;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The three cells that an evolutionary search over some ten thousand architectures found; all are relatives of the GRU.
 *
 * <pre>
 * h_t = n_t ⊙ z_t + h_{t-1} ⊙ (1 - z_t)
 *
 * MUT1   z_t = σ(W_z x_t + b_z)
 *        r_t = σ(W_r x_t + R_r h_{t-1} + b_r)
 *        n_t = tanh(R_n (r_t ⊙ h_{t-1}) + tanh(W_n x_t) + b_n)
 * MUT2   z_t = σ(W_z x_t + R_z h_{t-1} + b_z)
 *        r_t = σ(W_r x_t + R_r h_{t-1} + b_r)
 *        n_t = tanh(R_n (r_t ⊙ h_{t-1}) + W_n x_t + b_n)
 * MUT3   z_t = σ(W_z x_t + R_z tanh(h_{t-1}) + b_z)
 *        r_t = σ(W_r x_t + R_r h_{t-1} + b_r)
 *        n_t = tanh(R_n (r_t ⊙ h_{t-1}) + W_n x_t + b_n)
 * </pre>
 *
 * <p>Source: Jozefowicz, Zaremba, Sutskever: An empirical exploration of recurrent network architectures, ICML 2015,
 * section 3.4. Differs from the paper in: where MUT1 (in n) and MUT2 (in r) use x_t itself, which has to have H elements
 * then, W x_t stands here. That makes MUT2 the GRU with the reset before the product and the update gate's sense turned
 * round.
 */
public final class Mut extends NetCell {
    private enum Form {
        MUT1,
        MUT2,
        MUT3
    }

    private final Form form;
    private final Net z;
    private final Net r;
    private final Net n;

    private Mut(Form form, Net z, Net r, Net n) {
        super(n);
        this.form = form;
        this.z = z;
        this.r = r;
        this.n = n;
    }

    private static Mut of(Form form, int inputSize, int hiddenSize, RandomStream random) {
        return new Mut(
                form,
                Net.of(inputSize, hiddenSize, 0, random.split("z")),
                Net.of(inputSize, hiddenSize, 0, random.split("r")),
                Net.of(inputSize, hiddenSize, 0, random.split("n")));
    }

    /** MUT1: Glorot input weights, orthogonal recurrent weights, biases 0. */
    public static Mut mut1(int inputSize, int hiddenSize, RandomStream random) {
        return of(Form.MUT1, inputSize, hiddenSize, random);
    }

    /** MUT2, begun as {@link #mut1}. */
    public static Mut mut2(int inputSize, int hiddenSize, RandomStream random) {
        return of(Form.MUT2, inputSize, hiddenSize, random);
    }

    /** MUT3, begun as {@link #mut1}. */
    public static Mut mut3(int inputSize, int hiddenSize, RandomStream random) {
        return of(Form.MUT3, inputSize, hiddenSize, random);
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor h) {
        Tensor z_t = sigmoid(
                switch (form) {
                    case MUT1 -> linear(x, z.W(), z.b());
                    case MUT2 -> z.apply(x, h);
                    case MUT3 -> z.apply(x, tanh(h));
                });
        Tensor r_t = sigmoid(r.apply(x, h));
        Tensor kept = r_t.times(h);
        Tensor n_t =
                tanh(form == Form.MUT1 ? tanh(linear(x, n.W())).plus(linear(kept, n.R(), n.b())) : n.apply(x, kept));
        Map<String, Tensor> all = new LinkedHashMap<>();
        all.put("z", z_t);
        all.put("r", r_t);
        all.put("n", n_t);
        all.put("h", n_t.times(z_t).plus(h.times(z_t.oneMinus())));
        return all;
    }

    @Override
    public Parameters parameters() {
        Parameters update = form == Form.MUT1 ? Parameters.of("W_z", z.W()).and("b_z", z.b()) : z.named("z");
        return n.after(r.after(update, "r"), "n");
    }
}
