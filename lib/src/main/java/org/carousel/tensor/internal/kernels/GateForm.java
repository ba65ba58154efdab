package org.carousel.tensor.internal.kernels;

/**
 * Which equations of the vanilla LSTM a fused sequence changes.
 *
 * @param inputGate whether i is a gate, else 1
 * @param forgetGate whether f is a gate, else 1
 * @param coupled whether f = 1 - i
 * @param outputGate whether o is a gate, else 1
 * @param g of the block input
 * @param h of the cell state on its way out
 * @param peepholeErrors whether gradients go back through the peepholes
 * @param gatesSeeGates whether the gates of a step are sources of the next
 */
public record GateForm(
        boolean inputGate,
        boolean forgetGate,
        boolean coupled,
        boolean outputGate,
        Squash g,
        Squash h,
        boolean peepholeErrors,
        boolean gatesSeeGates) {
    /** How many gates of a step the next one sees. */
    public int visibleGates() {
        return gatesSeeGates ? (inputGate ? 1 : 0) + (forgetGate ? 1 : 0) + (outputGate ? 1 : 0) : 0;
    }

    /** The place of every visible gate among i f z o. */
    int[] visible() {
        int[] places = new int[visibleGates()];
        int n = 0;
        for (int k = 0; k < 4 && n < places.length; k++) {
            if (k == 0 ? inputGate : k == 1 ? forgetGate : k == 3 && outputGate) {
                places[n++] = k;
            }
        }
        return places;
    }
}
