package org.carousel.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.carousel.layers.Parameters;

/**
 * Ends training when the held-out loss has not fallen for a while, and keeps the weights of its best moment.
 *
 * <pre>{@code
 * EarlyStopping stop = EarlyStopping.of(parameters, 5);
 * while (stop.goOn(heldOut())) trainer.train(100, loss);
 * stop.restoreBest();
 * }</pre>
 *
 * <p>Source: Prechelt: Early stopping, but when? 1998, doi:10.1007/3-540-49430-8_3, its rule UP.
 */
public final class EarlyStopping {
    private final Parameters parameters;
    private final int patience;
    private final Map<String, float[]> bestWeights = new LinkedHashMap<>();
    private double best = Double.POSITIVE_INFINITY;
    private int bestCheck;
    private int checks;

    private EarlyStopping(Parameters parameters, int patience) {
        this.parameters = parameters;
        this.patience = patience;
    }

    /**
     * Stops after so many checks in a row without a new lowest loss.
     *
     * @param patience 1 or more
     */
    public static EarlyStopping of(Parameters parameters, int patience) {
        if (patience < 1) {
            throw new IllegalArgumentException("early stopping: patience " + patience + " must be at least 1");
        }
        return new EarlyStopping(parameters, patience);
    }

    /** Takes in a held-out loss; false when training should end. A loss that is NaN is no better than any other. */
    public boolean goOn(double heldOutLoss) {
        checks++;
        if (heldOutLoss < best) {
            best = heldOutLoss;
            bestCheck = checks;
            parameters.forEach(
                    p -> bestWeights.put(p.getKey(), p.getValue().toArray().clone()));
        }
        return goesOn();
    }

    /** The weights of the best check, copied; empty before the first that gave a number. */
    Map<String, float[]> bestWeights() {
        return new LinkedHashMap<>(bestWeights);
    }

    /** Takes up what was known after some checks; the weights are those of the best of them. */
    void resume(double[] heldOutLosses, Map<String, float[]> weights) {
        best = Double.POSITIVE_INFINITY;
        bestCheck = 0;
        checks = 0;
        for (double loss : heldOutLosses) {
            checks++;
            if (loss < best) {
                best = loss;
                bestCheck = checks;
            }
        }
        bestWeights.clear();
        bestWeights.putAll(weights);
    }

    /** Whether training may go on after the checks so far. */
    boolean goesOn() {
        return checks - bestCheck < patience;
    }

    /** The lowest loss so far, infinite before the first. */
    public double best() {
        return best;
    }

    /** At which check that was, counted from 1; 0 before the first. */
    public int bestCheck() {
        return bestCheck;
    }

    /** Gives the parameters the weights of the best check. */
    public void restoreBest() {
        if (bestCheck == 0) {
            throw new IllegalStateException("early stopping: no check so far has given a number; there is no best");
        }
        parameters.forEach(p -> {
            float[] kept = bestWeights.get(p.getKey());
            if (kept != null) {
                p.getValue().update(theta -> System.arraycopy(kept, 0, theta, 0, theta.length));
            }
        });
    }
}
