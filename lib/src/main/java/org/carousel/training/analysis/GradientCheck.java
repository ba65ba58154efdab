package org.carousel.training.analysis;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;

/**
 * Compares the gradients of backpropagation with central differences.
 *
 * <pre>
 * L(θ) = Σ w_k y_k(θ)                         y any result, w fixed random weights, summed in double
 * ∂L/∂θ_j ≈ (8 (L(θ_j+ε) - L(θ_j-ε)) - (L(θ_j+2ε) - L(θ_j-2ε))) / 12ε
 * error of a parameter = ‖numeric - analytic‖ / (‖numeric‖ + ‖analytic‖)
 * </pre>
 *
 * <p>In float32 a correct gradient shows an error of about 1e-3 or less, a wrong one 0.1 to 1. The weights w keep
 * errors from cancelling in a plain sum; the fourth-order formula allows a large ε, which float32 needs.
 *
 * @param error the largest error of all parameters
 * @param parameter the name of the parameter with that error
 */
public record GradientCheck(double error, String parameter) {
    private static final double EPSILON = 1e-2;

    /**
     * Checks every number of every parameter.
     *
     * @param result computes y from the parameters; must give the same y each time
     * @throws IllegalStateException when a parameter receives no gradient at all
     */
    public static GradientCheck of(Parameters parameters, Supplier<Tensor> result) {
        parameters.clearGradients();
        Tensor y = result.get();
        Tensor w = Tensor.uniform(RandomStream.of(17), -1, 1, y.shape());
        y.backward(w);
        GradientCheck worst = new GradientCheck(0, "none");
        for (Map.Entry<String, Tensor> p : parameters) {
            if (!p.getValue().hasGradient()) {
                throw new IllegalStateException("gradient check: " + p.getKey() + " receives no gradient");
            }
            double error = error(p.getValue(), () -> Tensor.withoutGradient(() -> weighted(result.get(), w)));
            if (!(error <= worst.error)) { // a NaN must not pass
                worst = new GradientCheck(error, p.getKey());
            }
        }
        return worst;
    }

    private static double error(Tensor parameter, Supplier<Double> loss) {
        float[] analytic = parameter.gradient().toArray();
        double difference = 0;
        double numericSquares = 0;
        double analyticSquares = 0;
        for (int j = 0; j < parameter.size(); j++) {
            double near = at(parameter, j, EPSILON, loss) - at(parameter, j, -EPSILON, loss);
            double far = at(parameter, j, 2 * EPSILON, loss) - at(parameter, j, -2 * EPSILON, loss);
            double numeric = (8 * near - far) / (12 * EPSILON);
            difference += (numeric - analytic[j]) * (numeric - analytic[j]);
            numericSquares += numeric * numeric;
            analyticSquares += (double) analytic[j] * analytic[j];
        }
        double scale = Math.sqrt(numericSquares) + Math.sqrt(analyticSquares);
        return scale == 0 ? 0 : Math.sqrt(difference) / scale;
    }

    private static double at(Tensor parameter, int j, double shift, Supplier<Double> loss) {
        float kept = Fused.array(parameter)[j];
        parameter.update(values -> values[j] = (float) (kept + shift));
        try {
            return loss.get();
        } finally {
            parameter.update(values -> values[j] = kept);
        }
    }

    private static double weighted(Tensor y, Tensor w) {
        double sum = 0;
        float[] values = y.toArray();
        float[] weights = w.toArray();
        for (int k = 0; k < values.length; k++) {
            sum += (double) weights[k] * values[k];
        }
        return sum;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "gradient check: largest relative error %.1e (%s)", error, parameter);
    }
}
