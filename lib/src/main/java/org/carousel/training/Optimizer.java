package org.carousel.training;

import java.util.HashMap;
import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;

/** Turns gradients into changes of the parameters. Keeps its memory (momentum) by parameter name. */
public sealed interface Optimizer {
    /**
     * One update of every parameter that has a gradient.
     *
     * @param factor multiplies the learning rate, from a {@link Schedule}
     */
    void step(Parameters parameters, double factor);

    /** θ ← θ - η g. */
    static Optimizer sgd(double learningRate) {
        return new Sgd(learningRate, 0, false);
    }

    /** v ← μ v + g;  θ ← θ - η v. */
    static Optimizer momentum(double learningRate, double momentum) {
        return new Sgd(learningRate, momentum, false);
    }

    /**
     * v ← μ v + g;  θ ← θ - η (g + μ v).
     *
     * <p>Source: Nesterov 1983 in the form of Sutskever, Martens, Dahl, Hinton, ICML 2013, eqs. (3)-(4), rearranged as
     * in PyTorch so that the gradient is taken where the parameters are.
     */
    static Optimizer nesterov(double learningRate, double momentum) {
        return new Sgd(learningRate, momentum, true);
    }

    /** {@link #adam(double, double, double, double)} with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    static Optimizer adam(double learningRate) {
        return adam(learningRate, 0.9, 0.999, 1e-8);
    }

    /**
     * <pre>
     * m ← β₁ m + (1-β₁) g      v ← β₂ v + (1-β₂) g²
     * θ ← θ - η m̂ / (√v̂ + ε)   m̂ = m/(1-β₁ᵗ), v̂ = v/(1-β₂ᵗ)
     * </pre>
     *
     * <p>Source: Kingma, Ba: Adam, 2015, arXiv:1412.6980, algorithm 1.
     */
    static Optimizer adam(double learningRate, double beta1, double beta2, double epsilon) {
        return new Adam(learningRate, beta1, beta2, epsilon);
    }

    private static double checkRate(double learningRate) {
        if (!(learningRate >= 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("optimizer: learning rate " + learningRate + " must be 0 or more");
        }
        return learningRate;
    }

    private static double checkDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("optimizer: " + name + " " + value + " must lie in [0, 1)");
        }
        return value;
    }

    /** Stochastic gradient descent. */
    final class Sgd implements Optimizer {
        private final double learningRate;
        private final double momentum;
        private final boolean nesterov;
        private final Map<String, float[]> velocity = new HashMap<>();

        private Sgd(double learningRate, double momentum, boolean nesterov) {
            this.learningRate = checkRate(learningRate);
            this.momentum = checkDecay("momentum", momentum);
            this.nesterov = nesterov;
        }

        @Override
        public void step(Parameters parameters, double factor) {
            float rate = (float) (learningRate * factor);
            for (Map.Entry<String, Tensor> p : parameters) {
                Tensor theta = p.getValue();
                if (theta.hasGradient()) {
                    float[] g = Fused.gradientBuffer(theta);
                    if (momentum == 0) {
                        theta.update(values -> Elementwise.sgd(values.length, rate, g, values));
                    } else {
                        float[] v = velocity.computeIfAbsent(p.getKey(), name -> new float[g.length]);
                        float mu = (float) momentum;
                        theta.update(values -> Elementwise.momentum(values.length, rate, mu, nesterov, g, v, values));
                    }
                }
            }
        }
    }

    /** Adam. */
    final class Adam implements Optimizer {
        private final double learningRate;
        private final double beta1;
        private final double beta2;
        private final double epsilon;
        private final Map<String, Moments> moments = new HashMap<>();

        private static final class Moments {
            private final float[] m;
            private final float[] v;
            private int t;

            Moments(int size) {
                m = new float[size];
                v = new float[size];
            }
        }

        private Adam(double learningRate, double beta1, double beta2, double epsilon) {
            this.learningRate = checkRate(learningRate);
            this.beta1 = checkDecay("beta1", beta1);
            this.beta2 = checkDecay("beta2", beta2);
            this.epsilon = epsilon;
        }

        @Override
        public void step(Parameters parameters, double factor) {
            for (Map.Entry<String, Tensor> p : parameters) {
                Tensor theta = p.getValue();
                if (theta.hasGradient()) {
                    Moments own = moments.computeIfAbsent(p.getKey(), name -> new Moments(theta.size()));
                    own.t++;
                    float stepSize = (float) (learningRate * factor / (1 - StrictMath.pow(beta1, own.t)));
                    float correction = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, own.t)));
                    theta.update(values -> Kernels.active()
                            .adam(
                                    values.length,
                                    stepSize,
                                    (float) beta1,
                                    (float) beta2,
                                    correction,
                                    (float) epsilon,
                                    Fused.gradientBuffer(theta),
                                    own.m,
                                    own.v,
                                    values));
                }
            }
        }
    }
}
