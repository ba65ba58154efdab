package org.carousel.recurrent;

import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The network of Jordan: the hidden layer sees the last <em>output</em> y, and nothing else of the past.
 *
 * <pre>
 * h_t = tanh(W x_t + U y_{t-1} + b)
 * y_t = σ(V h_t + a)
 * </pre>
 *
 * <p>What the outputs do not show is forgotten: a network whose outputs are predictions has no room of its own for
 * memory. {@link #hiddenSize} is the size of y, which is all that goes on.
 *
 * <p>Source: Jordan: Attractor dynamics and parallelism in a connectionist sequential machine, Proceedings of the Eighth
 * Annual Conference of the Cognitive Science Society, 1986. Differs from the paper in: no self-connections of the state
 * units; tanh in the hidden layer.
 *
 * @param W input weights [H×I]
 * @param U weights from the last output [H×K]
 * @param b bias of the hidden layer [H]
 * @param V output weights [K×H]
 * @param a bias of the outputs [K]
 */
public record Jordan(Tensor W, Tensor U, Tensor b, Tensor V, Tensor a) implements TensorCell {
    /** Checks that the shapes belong together. */
    public Jordan {
        int hidden = b.size();
        int outputs = a.size();
        if (W.rank() != 2
                || W.size(0) != hidden
                || !java.util.Arrays.equals(U.shape(), new int[] {hidden, outputs})
                || !java.util.Arrays.equals(V.shape(), new int[] {outputs, hidden})) {
            throw new IllegalArgumentException("jordan: W " + W.shapeText() + ", U " + U.shapeText() + ", b "
                    + b.shapeText() + ", V " + V.shapeText() + ", a " + a.shapeText()
                    + " must be [H×I], [H×K], [H], [K×H] and [K]");
        }
        for (Tensor parameter : new Tensor[] {W, U, b, V, a}) {
            parameter.requiresGradient();
        }
    }

    /** Glorot weights, biases 0. */
    public static Jordan of(int inputSize, int hiddenUnits, int outputSize, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        return new Jordan(
                glorot.matrix(hiddenUnits, inputSize, random.split("W")),
                glorot.matrix(hiddenUnits, outputSize, random.split("U")),
                Tensor.zeros(hiddenUnits),
                glorot.matrix(outputSize, hiddenUnits, random.split("V")),
                Tensor.zeros(outputSize));
    }

    @Override
    public Tensor step(Tensor x, Tensor y) {
        requireStep(x, y);
        return sigmoid(linear(hidden(x, y), V).plus(a));
    }

    private Tensor hidden(Tensor x, Tensor y) {
        return tanh(linear(x, W).plus(linear(y, U)).plus(b));
    }

    @Override
    public Map<String, Tensor> inspectStep(Tensor x, Tensor y) {
        return Map.of("h", hidden(x, y), "y", step(x, y));
    }

    @Override
    public int inputSize() {
        return W.size(1);
    }

    @Override
    public int hiddenSize() {
        return a.size();
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("W", W).and("U", U).and("b", b).and("V", V).and("a", a);
    }
}
