package org.carousel.training.analysis;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * How often a gate is as good as shut or as good as open.
 *
 * <pre>
 * low  = share of all values below 0.1        high = share of all values above 0.9
 * </pre>
 *
 * <p>A saturated gate passes little gradient to its own weights (σ' = σ(1 - σ) is below 0.09 there); a forget gate has
 * to be high to keep an error alive.
 *
 * <p>Source: Karpathy, Johnson, Fei-Fei: Visualizing and understanding recurrent networks, 2015, arXiv:1506.02078, with
 * the same two thresholds.
 *
 * @param low in 0..1
 * @param high in 0..1
 */
public record Saturation(double low, double high) {
    /** Of all values of a gate, of any shape; both are NaN when there is none. */
    public static Saturation of(Tensor gate) {
        int low = 0;
        int high = 0;
        for (double value : gate.toDoubles()) {
            if (value < 0.1) {
                low++;
            } else if (value > 0.9) {
                high++;
            }
        }
        return new Saturation((double) low / gate.size(), (double) high / gate.size());
    }

    /**
     * Of the named gates of a cell.
     *
     * @param inspected what {@link Cell#inspect} found
     * @throws IllegalArgumentException when there is no such gate
     */
    public static Map<String, Saturation> of(Map<String, Tensor> inspected, String... gates) {
        Map<String, Saturation> shares = new LinkedHashMap<>();
        for (String gate : gates) {
            Tensor values = inspected.get(gate);
            if (values == null) {
                throw new IllegalArgumentException("saturation: no \"" + gate + "\" among " + inspected.keySet());
            }
            shares.put(gate, of(values));
        }
        return shares;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f %% below 0.1, %.0f %% above 0.9", 100 * low, 100 * high);
    }
}
