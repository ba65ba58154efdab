package org.carousel.training;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.functions.Updates;

/** The gradient of all parameters seen as one long vector. */
public final class Gradient {
    private Gradient() {}

    /** ‖g‖ = √(Σ g²) over all parameters that have a gradient, summed in double. */
    public static double norm(Parameters parameters) {
        List<Tensor> all = new ArrayList<>();
        long elements = 0;
        for (Tensor p : parameters.tensors()) {
            if (p.hasGradient()) {
                all.add(p);
                elements += p.size();
            }
        }
        double[] parts = new double[all.size()]; // a sum of one parameter is the work of one thread
        Parallel.over(parts.length, Costs.ADD * elements, (from, to) -> {
            for (int k = from; k < to; k++) {
                Tensor p = all.get(k);
                float[] g = Fused.gradientToRead(p);
                int[] rows = Fused.gradientRows(p);
                parts[k] = rows == null
                        ? Elementwise.sumOfSquares(p.size(), g, 0)
                        : Elementwise.sumOfSquares(rows, p.size(1), g);
            }
        });
        double squares = 0;
        for (double part : parts) {
            squares += part;
        }
        return Math.sqrt(squares);
    }

    /**
     * g ← g · largest/‖g‖ when ‖g‖ is above {@code largest}: the direction stays, the length is limited.
     *
     * <p>Source: Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013,
     * arXiv:1211.5063, algorithm 1.
     *
     * @param norm ‖g‖, from {@link #norm}
     */
    public static void clip(Parameters parameters, double norm, double largest) {
        if (norm > largest) {
            float factor = (float) (largest / norm);
            for (Tensor p : parameters.tensors()) {
                if (p.hasGradient()) {
                    float[] g = Fused.gradientToRead(p);
                    Updates.Range shorten = (from, to) -> Elementwise.scale(to - from, factor, g, from);
                    int[] rows = Fused.gradientRows(p);
                    if (rows == null) {
                        Updates.each(p.size(), shorten);
                    } else {
                        Updates.eachOf(rows, p.size(1), shorten);
                    }
                }
            }
        }
    }
}
