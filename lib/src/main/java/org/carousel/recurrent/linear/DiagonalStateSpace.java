package org.carousel.recurrent.linear;

import static org.carousel.tensor.Tensor.exp;

import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A diagonal state-space layer with real eigenvalues: every channel drives N leaky integrators of its own, which decay at
 * different speeds, and reads a mixture of them.
 *
 * <pre>
 * u_t = W x_t + b                                              [H]
 * s'(τ) = A s(τ) + u(τ)   in continuous time,  A = -exp(α)     [N×H]
 * a = exp(Δ A),  Δ = exp(δ)                                    one step of Δ, zero-order hold
 * s_t = a ⊙ s_{t-1} + ((a - 1) / A) ⊙ u_t
 * h_t = Σ_N C ⊙ s_t + D ⊙ u_t                                  [H]
 * </pre>
 *
 * <p>At first A = -1, -2, .., -N in every channel (S4D-Real), Δ spread evenly in its logarithm from 0.001 to 0.1 over the
 * channels, C normal, D = 1. No gate sees the input: what is kept how long is fixed after training.
 *
 * <p>Source: Gu, Gupta, Goel, Ré: On the parameterization and initialization of diagonal state space models, NeurIPS 2022,
 * arXiv:2206.11893. Differs from the paper in: real eigenvalues only, and no mixing of channels after the layer.
 */
public final class DiagonalStateSpace implements Cell<DiagonalStateSpace.State> {
    private static final double SLOWEST = 0.001;
    private static final double FASTEST = 0.1;

    private final Affine in;
    private final Tensor alpha;
    private final Tensor delta;
    private final Tensor C;
    private final Tensor D;

    /**
     * What is carried from step to step.
     *
     * @param s the integrators [B×(N·H)]
     * @param h the output [B×H]
     */
    public record State(Tensor s, Tensor h) {}

    private DiagonalStateSpace(Affine in, Tensor alpha, Tensor delta, Tensor C, Tensor D) {
        this.in = in;
        this.alpha = alpha.requiresGradient();
        this.delta = delta.requiresGradient();
        this.C = C.requiresGradient();
        this.D = D.requiresGradient();
    }

    /**
     * As the class says.
     *
     * @param integrators N, the integrators of a channel, at least 1
     */
    public static DiagonalStateSpace of(int inputSize, int hiddenSize, int integrators, RandomStream random) {
        if (integrators < 1) {
            throw new IllegalArgumentException("state space: " + integrators + " integrators a channel; at least 1");
        }
        float[] alpha = new float[hiddenSize * integrators];
        float[] delta = new float[hiddenSize];
        for (int j = 0; j < hiddenSize; j++) {
            double share = hiddenSize == 1 ? 0.5 : (double) j / (hiddenSize - 1);
            delta[j] = (float) (StrictMath.log(SLOWEST) * (1 - share) + StrictMath.log(FASTEST) * share);
            for (int n = 0; n < integrators; n++) {
                alpha[n * hiddenSize + j] = (float) StrictMath.log(n + 1);
            }
        }
        return new DiagonalStateSpace(
                Affine.of(inputSize, hiddenSize, Initializer.glorot(), random.split("in")),
                Tensor.wrap(alpha, integrators, hiddenSize),
                Tensor.wrap(delta, hiddenSize),
                Tensor.normal(random.split("C"), 1, integrators, hiddenSize),
                Tensor.ones(hiddenSize));
    }

    /** a and (a - 1) / A, each [N×H]: what one step keeps, and what it takes in. */
    private Tensor[] discrete() {
        Tensor A = exp(alpha).negate();
        Tensor a = exp(exp(delta).times(A));
        return new Tensor[] {a, a.minus(1).dividedBy(A)};
    }

    @Override
    public State step(Tensor x, State previous) {
        requireStep(x, previous);
        int batch = x.size(0);
        Tensor u = in.apply(x);
        Tensor[] d = discrete();
        Tensor s = previous.s.reshape(batch, integrators(), hiddenSize());
        s = d[0].times(s).plus(d[1].times(u.reshape(batch, 1, hiddenSize())));
        Tensor h = C.times(s).sum(1).plus(D.times(u));
        return new State(s.reshape(batch, hiddenSize() * integrators()), h);
    }

    /** The parallel form: all u_t in one product, {@link Scan#run} over all integrators, then all readings. */
    @Override
    public Sequence<State> run(Tensor x, State initial, int... lengths) {
        requireSequence(x);
        int batch = x.size(0);
        int steps = x.size(1);
        int size = hiddenSize();
        int all = size * integrators();
        Tensor u = in.apply(Ragged.mask(x, lengths));
        Tensor[] d = discrete();
        Tensor taken = d[1].times(u.reshape(batch, steps, 1, size)).reshape(batch, steps, all);
        Tensor kept = d[0].reshape(all).plus(Tensor.zeros(batch, steps, all));
        Sequence<Tensor> s = Scan.run(kept, taken, initial.s, lengths);
        Tensor reading =
                C.times(s.h().reshape(batch, steps, integrators(), size)).sum(2);
        Tensor h = Ragged.mask(reading.plus(D.times(u)), lengths);
        return new Sequence<>(h, new State(s.last(), Ragged.lastOr(initial.h, h, lengths)));
    }

    private int integrators() {
        return C.size(0);
    }

    @Override
    public int inputSize() {
        return in.W().size(1);
    }

    @Override
    public int hiddenSize() {
        return in.W().size(0);
    }

    @Override
    public State initial(int batch) {
        return new State(Tensor.zeros(batch, hiddenSize() * integrators()), Tensor.zeros(batch, hiddenSize()));
    }

    @Override
    public Tensor output(State state) {
        return state.h;
    }

    @Override
    public List<Tensor> tensors(State state) {
        return List.of(state.s, state.h);
    }

    @Override
    public State state(List<Tensor> tensors) {
        return new State(tensors.get(0), tensors.get(1));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("in", in)
                .and("alpha", alpha)
                .and("delta", delta)
                .and("C", C)
                .and("D", D);
    }
}
