package org.carousel.tensor.internal.kernels.cells;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Normal;

/**
 * The layer-normalised LSTM over whole sequences, p_t = LN(W x_t; γ_x, b) ready.
 *
 * <pre>
 * a = p + γ_h ⊙ u   u = standardised R h'   c = σ(a_f) c' + σ(a_i) tanh(a_z)   h = σ(a_o) tanh(γ ⊙ s + β)   s = standardised c
 * </pre>
 */
public final class NormLstmSequence extends CellSequence {
    private static final float EPSILON = 1e-5f;

    private final float[] gammaH; // [4H]
    private final float[] gamma; // [H]
    private final float[] beta;
    private final float epsilon;
    private final float[] u; // R h' [T×B×4H], its errors afterwards
    private final float[] standardU; // [T×B×4H]
    private final float[] deviationU; // [T×B]
    private final float[] c; // [(T+1)×B×H]
    private final float[] s; // [T×B×H]
    private final float[] deviationC; // [T×B]
    private final float[] t; // tanh [T×B×H], ∂L/∂ of its argument afterwards
    private final float[] dc; // [B×H]

    /**
     * Memory for one pass.
     *
     * @param c0 [B×H]
     */
    public NormLstmSequence(
            int batch,
            int steps,
            int size,
            int[] lengths,
            float[] gammaH,
            float[] gamma,
            float[] beta,
            float epsilon,
            float[] c0,
            int co) {
        super(batch, steps, size, lengths);
        this.gammaH = gammaH;
        this.gamma = gamma;
        this.beta = beta;
        this.epsilon = epsilon;
        u = new float[gates.length];
        standardU = new float[gates.length];
        deviationU = new float[batch * steps];
        deviationC = new float[batch * steps];
        c = new float[units(steps + 1)];
        s = new float[units(steps)];
        t = new float[units(steps)];
        dc = new float[units(1)];
        System.arraycopy(c0, co, c, 0, units(1));
    }

    @Override
    float[] recurrent() {
        return u;
    }

    @Override
    void step(Kernels kernels, int step, int from, int to, float[] p, int po) {
        int wide = 4 * size;
        for (int b = from; b < to; b++) {
            if (step >= lengths[b]) {
                continue;
            }
            int r = step * batch + b;
            int g = r * wide;
            int k = r * size;
            Normal.standardize(kernels, wide, EPSILON, u, g, standardU, g, deviationU, r);
            System.arraycopy(p, po + row(b, step), gates, g, wide);
            kernels.multiplyAdd(wide, gammaH, 0, standardU, g, gates, g);
            kernels.sigmoid(2 * size, gates, g, gates, g);
            kernels.tanh(size, gates, g + 2 * size, gates, g + 2 * size);
            kernels.sigmoid(size, gates, g + 3 * size, gates, g + 3 * size);
            int now = k + units(1);
            kernels.multiply(size, gates, g, gates, g + 2 * size, c, now);
            kernels.multiplyAdd(size, gates, g + size, c, k, c, now);
            Normal.standardize(kernels, size, epsilon, c, now, s, k, deviationC, r);
            kernels.multiply(size, s, k, gamma, 0, t, k);
            kernels.add(size, beta, 0, t, k);
            kernels.tanh(size, t, k, t, k);
            kernels.multiply(size, gates, g + 3 * size, t, k, h, now);
        }
    }

    @Override
    void keep(int step, int b) {
        int at = (step * batch + b) * size;
        System.arraycopy(c, at, c, at + units(1), size);
        java.util.Arrays.fill(s, at, at + size, 0); // what the gains are multiplied with
        java.util.Arrays.fill(t, at, at + size, 0);
        java.util.Arrays.fill(standardU, 4 * at, 4 * (at + size), 0);
    }

    /** c behind the last step [B×H]. */
    public float[] lastC() {
        return lastOf(c);
    }

    /** ∂L/∂c of the last state, before {@link #backward}. */
    public void fromLast(float[] lastC) {
        System.arraycopy(lastC, 0, dc, 0, dc.length);
    }

    /** ∂L/∂c of the first state [B×H], after {@link #backward}. */
    public float[] firstC() {
        return dc;
    }

    @Override
    void stepBackward(Kernels kernels, int step, int from, int to, float[] dh) {
        int wide = 4 * size;
        float[] own = new float[wide];
        float[] error = new float[size];
        for (int b = from; b < to; b++) {
            int r = step * batch + b;
            int g = r * wide;
            int k = r * size;
            int at = b * size;
            System.arraycopy(gates, g, own, 0, wide);
            outputErrors(size, own, t, k, dh, at, error);
            System.arraycopy(error, 0, t, k, size);
            kernels.multiply(size, error, 0, gamma, 0, error, 0);
            Normal.backward(kernels, size, error, 0, s, k, deviationC[r], dc, at);
            gateErrors(size, own, c, k, dc, at);
            System.arraycopy(own, 0, gates, g, wide);
            kernels.multiply(wide, own, 0, gammaH, 0, own, 0);
            java.util.Arrays.fill(u, g, g + wide, 0);
            Normal.backward(kernels, wide, own, 0, standardU, g, deviationU[r], u, g);
        }
        java.util.Arrays.fill(dh, from * size, to * size, 0);
    }

    /** The gate o becomes its δ, error what the argument of tanh gets. */
    private static void outputErrors(int n, float[] gates, float[] tanh, int t, float[] dh, int d, float[] error) {
        for (int j = 0; j < n; j++) {
            float o = gates[3 * n + j];
            float squashed = tanh[t + j];
            error[j] = dh[d + j] * o * Math.fma(-squashed, squashed, 1f);
            gates[3 * n + j] = dh[d + j] * squashed * (o * (1 - o));
        }
    }

    /** The gates i f z become their δ; dc goes on to the step before. */
    private static void gateErrors(int n, float[] gates, float[] before, int c, float[] dc, int d) {
        for (int j = 0; j < n; j++) {
            float i = gates[j];
            float f = gates[n + j];
            float z = gates[2 * n + j];
            float error = dc[d + j];
            gates[j] = error * z * (i * (1 - i));
            gates[n + j] = error * before[c + j] * (f * (1 - f));
            gates[2 * n + j] = error * i * Math.fma(-z, z, 1f);
            dc[d + j] = error * f;
        }
    }

    /** What the gains and the bias of c get, after {@link #backward}; each added to, nothing to an empty array. */
    public void gains(float[] dGammaH, float[] dGamma, float[] dBeta) {
        int rows = batch * steps;
        Normal.gains(rows, 4 * size, gates, standardU, dGammaH, new float[0]);
        Normal.gains(rows, size, t, s, dGamma, dBeta);
    }
}
