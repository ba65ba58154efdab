package org.carousel.attention;

import static org.carousel.tensor.Tensor.exp;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.sigmoid;
import static org.carousel.tensor.Tensor.softmax;
import static org.carousel.tensor.Tensor.tanh;

import org.carousel.layers.Initializer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Local attention: only a window of the source is read, around a place p.
 *
 * <pre>
 * monotonic:   p_t = t
 * predictive:  p_t = U σ(vᵀ tanh(W s_t))        U the length of the source
 * α_j = softmax over |j - p_t| ≤ D of e_j       predictive: times exp(-(j - p_t)² / 2σ²), σ = D/2
 * </pre>
 *
 * <p>The window lies over the states of the <em>encoder</em>. With the Gaussian the weights sum to less than 1, as in the
 * paper. Steps count from 0.
 *
 * <p>Source: Luong, Pham, Manning 2015, arXiv:1508.04025, section 3.2, eqs. (9)-(10).
 *
 * @param global what computes the scores
 * @param halfWindow D, at least 1
 * @param W [A×S], or null for the monotonic kind
 * @param v [1×A], or null for the monotonic kind
 */
public record Local(Attention global, int halfWindow, @Nullable Tensor W, @Nullable Tensor v) implements SourceReader {

    /** Marks the parameters and checks the window. */
    public Local {
        if (halfWindow < 1) {
            throw new IllegalArgumentException("local attention: half window " + halfWindow + "; must be at least 1");
        }
        if (W != null && v != null) {
            W.requiresGradient();
            v.requiresGradient();
        }
    }

    /** p_t = t. */
    public static Local monotonic(Attention global, int halfWindow) {
        return new Local(global, halfWindow, null, null);
    }

    /** A learned p_t, with Glorot weights. */
    public static Local predictive(Attention global, int halfWindow, int querySize, int size, RandomStream random) {
        Initializer glorot = Initializer.glorot();
        return new Local(
                global,
                halfWindow,
                glorot.matrix(size, querySize, random.split("W")),
                glorot.matrix(1, size, random.split("v")));
    }

    /** p [B×1]: where the query s [B×S] of step t looks. */
    public Tensor place(int t, Tensor query, Attention.Memory memory) {
        int batch = query.size(0);
        float[] length = new float[batch];
        for (int b = 0; b < batch; b++) {
            length[b] = memory.lengths()[b];
        }
        if (W == null || v == null) {
            float[] own = new float[batch];
            for (int b = 0; b < batch; b++) { // a source that is shorter than the target is read at its end
                own[b] = Math.min(t, length[b] - 1);
            }
            return Tensor.wrap(own, batch, 1);
        }
        return sigmoid(linear(tanh(linear(query, W)), v)).times(Tensor.wrap(length, batch, 1));
    }

    /** -1/2σ² of the Gaussian, σ = D/2. */
    float slope() {
        return (float) (-2.0 / (halfWindow * halfWindow));
    }

    @Override
    public Attention.Memory memory(Tensor source, int... lengths) {
        return global.memory(source, lengths);
    }

    @Override
    public Attention.Reading read(int t, Tensor query, Attention.Memory memory) {
        int batch = query.size(0);
        int steps = memory.values().size(1);
        Tensor p = place(t, query, memory);
        float[] outside = new float[batch * steps];
        float[] places = new float[steps];
        for (int j = 0; j < steps; j++) {
            places[j] = j;
            for (int b = 0; b < batch; b++) {
                double middle = Math.min(p.get(b, 0), memory.lengths()[b] - 1);
                outside[b * steps + j] = Math.abs(j - middle) <= halfWindow ? 0 : Ragged.NEVER;
            }
        }
        Tensor weights =
                softmax(global.scores(query, memory).plus(memory.hidden()).plus(Tensor.wrap(outside, batch, steps)));
        if (W != null) {
            Tensor distance = Tensor.wrap(places, 1, steps).minus(p);
            weights = weights.times(exp(distance.squared().times(slope())));
        }
        return Attention.Reading.of(weights, memory);
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.of("global", global);
        return W == null || v == null ? all : all.and("W", W).and("v", v);
    }
}
