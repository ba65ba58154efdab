package org.carousel.training;

import java.util.Map;
import java.util.function.Function;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.functions.Updates;

/**
 * Turns gradients into changes of the parameters.
 *
 * <p>What an optimiser remembers (momentum, moments) belongs to the tensors and not to their names: one optimiser may
 * serve several models, also of equal names, and models that grow; each tensor is treated as if it were alone. The
 * memory of a tensor that nobody uses any more is given back.
 *
 * <p>Parameter groups: {@link #byName}. Averages of the weights: {@link WeightAverage}.
 */
public sealed interface Optimizer permits TensorOptimizer, GroupOptimizer {
    /**
     * One update of every parameter that has a gradient.
     *
     * @param factor multiplies the learning rate, from a {@link Schedule}
     * @throws IllegalArgumentException when the factor is negative or not finite; nothing is changed then
     */
    void step(Parameters parameters, double factor);

    /**
     * What it remembers of these parameters, copied, under {@code name/part}: for Adam {@code lstm.bias_ih_l0/m},
     * {@code ../v} and {@code ../steps}, the number of updates n as [n / 2²⁰, n mod 2²⁰]. Nothing for parameters that
     * had no update yet.
     */
    Map<String, Tensor> state(Parameters parameters);

    /**
     * Takes up what {@link #state} gave, and forgets what it knew of these parameters: training goes on with the same
     * bits.
     *
     * @throws IllegalArgumentException naming what is missing, unknown or of another shape; nothing is changed then
     */
    void restore(Parameters parameters, Map<String, Tensor> state);

    /** The rule for a parameter of this name with all its settings, such as {@code sgd(learning rate 0.1)}. */
    String describe(String parameter);

    /** θ ← θ - η g. Of a table that was only looked up, the rows that were read, which gives the same bits. */
    static Optimizer sgd(double learningRate) {
        return new TensorOptimizer(
                "sgd",
                learningRate,
                "",
                true,
                (theta, g, memory, t, eta) -> (from, to) -> Updates.sgd(from, to, (float) eta, g, theta));
    }

    /** v ← μ v + g;  θ ← θ - η v. */
    static Optimizer momentum(double learningRate, double momentum) {
        return momentum(learningRate, momentum, false);
    }

    /**
     * v ← μ v + g;  θ ← θ - η (g + μ v).
     *
     * <p>Source: Nesterov 1983 in the form of Sutskever, Martens, Dahl, Hinton, ICML 2013, eqs. (3)-(4), rearranged as
     * in PyTorch so that the gradient is taken where the parameters are.
     */
    static Optimizer nesterov(double learningRate, double momentum) {
        return momentum(learningRate, momentum, true);
    }

    private static Optimizer momentum(double learningRate, double momentum, boolean nesterov) {
        float mu = (float) checkDecay("momentum", momentum);
        if (momentum == 0) {
            return sgd(learningRate);
        }
        return new TensorOptimizer(
                nesterov ? "nesterov" : "momentum",
                learningRate,
                ", momentum " + momentum,
                false,
                (theta, g, memory, t, eta) -> (from, to) -> {
                    if (nesterov) {
                        Updates.nesterov(from, to, (float) eta, mu, g, memory[0], theta);
                    } else {
                        Updates.momentum(from, to, (float) eta, mu, g, memory[0], theta);
                    }
                },
                "velocity");
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
        return adamW(learningRate, beta1, beta2, epsilon, 0);
    }

    /** {@link #adamW(double, double, double, double, double)} with β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
    static Optimizer adamW(double learningRate, double weightDecay) {
        return adamW(learningRate, 0.9, 0.999, 1e-8, weightDecay);
    }

    /**
     * θ ← θ - η λ θ, then the step of {@link #adam}: the weights decay beside the gradient and not through it.
     *
     * <p>Source: Loshchilov, Hutter: Decoupled weight decay regularization, 2019, arXiv:1711.05101, algorithm 2, with
     * the learning rate as a factor of the decay as in PyTorch.
     *
     * @param weightDecay λ, 0 or more
     */
    static Optimizer adamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
        checkDecay("beta1", beta1);
        checkDecay("beta2", beta2);
        checkNotNegative("epsilon", epsilon);
        checkNotNegative("weight decay", weightDecay);
        return new TensorOptimizer(
                weightDecay == 0 ? "adam" : "adamW",
                learningRate,
                ", β₁ " + beta1 + ", β₂ " + beta2 + ", ε " + epsilon
                        + (weightDecay == 0 ? "" : ", weight decay " + weightDecay),
                false,
                adamRule(beta1, beta2, epsilon, weightDecay),
                "m",
                "v");
    }

    /**
     * {@link #adam(double)} that leaves the rows of a table alone that no look-up has read since the last update, and
     * their moments with them: a step over a large vocabulary then costs what its words cost. Dense Adam lets m of those
     * rows fade and moves them by it, so that the two learn different tables. t counts all updates. What was not read by
     * look-ups alone, such as the table that also writes the words, is updated as a whole.
     *
     * <p>PyTorch's {@code SparseAdam}.
     */
    static Optimizer lazyAdam(double learningRate) {
        return new TensorOptimizer("lazyAdam", learningRate, "", true, adamRule(0.9, 0.999, 1e-8, 0), "m", "v");
    }

    private static TensorOptimizer.Rule adamRule(double beta1, double beta2, double epsilon, double weightDecay) {
        return (theta, g, memory, t, eta) -> {
            float kept = (float) (1 - eta * weightDecay);
            float stepSize = (float) (eta / (1 - StrictMath.pow(beta1, t)));
            float correction = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, t)));
            return (from, to) -> {
                if (weightDecay != 0) {
                    Elementwise.scale(to - from, kept, theta, from);
                }
                Kernels.active()
                        .adam(
                                from,
                                to,
                                stepSize,
                                (float) beta1,
                                (float) beta2,
                                correction,
                                (float) epsilon,
                                g,
                                memory[0],
                                memory[1],
                                theta);
            };
        };
    }

    /** {@link #rmsProp(double, double, double)} with α = 0.99, ε = 1e-8. */
    static Optimizer rmsProp(double learningRate) {
        return rmsProp(learningRate, 0.99, 1e-8);
    }

    /**
     * v ← α v + (1-α) g²;  θ ← θ - η g / (√v + ε).
     *
     * <p>Source: Tieleman, Hinton: Neural networks for machine learning, lecture 6.5, 2012.
     */
    static Optimizer rmsProp(double learningRate, double alpha, double epsilon) {
        float a = (float) checkDecay("alpha", alpha);
        float b = (float) (1 - alpha);
        float e = (float) checkNotNegative("epsilon", epsilon);
        return new TensorOptimizer(
                "rmsProp",
                learningRate,
                ", α " + alpha + ", ε " + epsilon,
                false,
                (theta, g, memory, t, eta) ->
                        (from, to) -> Updates.rootOfSquares(from, to, (float) eta, a, b, e, g, memory[0], theta),
                "v");
    }

    /**
     * s ← s + g²;  θ ← θ - η g / (√s + ε), with ε = 1e-10: the rate of a parameter falls with all it has learnt.
     *
     * <p>Source: Duchi, Hazan, Singer: Adaptive subgradient methods, Journal of Machine Learning Research 12, 2011.
     */
    static Optimizer adagrad(double learningRate) {
        return new TensorOptimizer(
                "adagrad",
                learningRate,
                "",
                true,
                (theta, g, memory, t, eta) ->
                        (from, to) -> Updates.rootOfSquares(from, to, (float) eta, 1, 1, 1e-10f, g, memory[0], theta),
                "sum");
    }

    /**
     * Parameter groups: each parameter is updated by the optimiser chosen for its name, which must always be the same.
     *
     * <pre>{@code
     * Optimizer slow = Optimizer.adam(0.001), fast = Optimizer.adam(0.01);
     * Optimizer.byName(name -> name.startsWith("rnn.") ? slow : fast);
     * }</pre>
     */
    static Optimizer byName(Function<String, Optimizer> choice) {
        return new GroupOptimizer(choice);
    }

    private static double checkDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException("optimizer: " + name + " " + value + " must lie in [0, 1)");
        }
        return value;
    }

    /** The value, which must be finite and 0 or more. */
    static double checkNotNegative(String name, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("optimizer: " + name + " " + value + " must be 0 or more");
        }
        return value;
    }
}
