package org.carousel.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;

/**
 * An average of the weights over the steps of a training, beside the weights themselves.
 *
 * <pre>
 * of the last steps, equally:  a ← a + (θ - a) / n                 (stochastic weight averaging)
 * exponentially:               a ← a + (θ - a) · max(1-β, 1/n)     n = 1, 2, .. counts the updates
 * </pre>
 *
 * <p>The largest of the two rates lets the exponential average begin as an equal one, without a bias to its start.
 *
 * <pre>{@code
 * WeightAverage average = WeightAverage.exponential(parameters, 0.99);
 * Trainer.of(parameters, adam).listener((step, steps, loss) -> average.update()).train(..);
 * double heldOut = average.during(() -> evaluate(model));
 * }</pre>
 *
 * <p>Sources: Polyak, Juditsky: Acceleration of stochastic approximation by averaging, SIAM J. Control Optim. 30(4),
 * 1992; Izmailov et al.: Averaging weights leads to wider optima, 2018, arXiv:1803.05407.
 */
public final class WeightAverage {
    private final Parameters parameters;
    private final double rate; // 1-β, or 0
    private final Map<String, float[]> averages = new LinkedHashMap<>();
    private int updates;

    private WeightAverage(Parameters parameters, double rate) {
        this.parameters = parameters;
        this.rate = rate;
        parameters.forEach(p -> averages.put(p.getKey(), p.getValue().toArray().clone()));
    }

    /** All updates count equally. */
    public static WeightAverage equal(Parameters parameters) {
        return new WeightAverage(parameters, 0);
    }

    /**
     * The last some 1/(1-β) updates count most.
     *
     * @param decay β in [0, 1)
     */
    public static WeightAverage exponential(Parameters parameters, double decay) {
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("weight average: decay " + decay + " must lie in [0, 1)");
        }
        return new WeightAverage(parameters, 1 - decay);
    }

    /** Takes in the weights as they are now. */
    public void update() {
        updates++;
        float share = (float) Math.max(rate, 1.0 / updates);
        parameters.forEach(p -> {
            float[] a = averages.get(p.getKey());
            if (a != null) {
                Elementwise.approach(a.length, share, p.getValue().toArray(), a);
            }
        });
    }

    /** The averages by name, not copied. */
    Map<String, float[]> averages() {
        return averages;
    }

    /** How it averages, in words. */
    String describe() {
        return rate == 0 ? "equal" : "exponential, 1-β = " + rate;
    }

    /** Takes up what it was after so many updates. */
    void resume(int updatesThen, Map<String, float[]> then) {
        updates = updatesThen;
        averages.replaceAll((name, now) -> then.getOrDefault(name, now).clone());
    }

    /** How often weights were taken in. */
    public int updates() {
        return updates;
    }

    /** Does something with the averages in place of the weights, which come back afterwards, whatever happens. */
    public <T> T during(Supplier<T> body) {
        Map<String, float[]> own = new LinkedHashMap<>();
        parameters.forEach(p -> own.put(p.getKey(), p.getValue().toArray().clone()));
        try {
            set(averages);
            return body.get();
        } finally {
            set(own);
        }
    }

    private void set(Map<String, float[]> values) {
        for (Map.Entry<String, Tensor> p : parameters) {
            float[] given = values.get(p.getKey());
            if (given != null) {
                p.getValue().update(theta -> System.arraycopy(given, 0, theta, 0, theta.length));
            }
        }
    }
}
