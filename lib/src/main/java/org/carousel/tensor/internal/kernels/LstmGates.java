package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/** The gates of one step of every form of the LSTM, forward and backward; {@link Kernels} has the plain one, faster. */
final class LstmGates {
    private final GateForm form;
    private final int hiddenSize;
    private final int[] visible;
    private final int[] sourceOf = {-1, -1, -1, -1}; // where i f z o stand among the sources, behind h

    LstmGates(GateForm form, int hiddenSize) {
        this.form = form;
        this.hiddenSize = hiddenSize;
        visible = form.visible();
        for (int k = 0; k < visible.length; k++) {
            sourceOf[visible[k]] = (k + 1) * hiddenSize;
        }
    }

    /**
     * One sequence: gates [4H] sums in, activations out; c and h(c) out; h and the visible gates into {@code sources}.
     *
     * @param peepholes [4H], p_i p_f 0 p_o, or null
     */
    void forward(
            Kernels kernels,
            float @Nullable [] peepholes,
            float[] gates,
            int g,
            float[] before,
            int cBefore,
            float[] c,
            int cNow,
            float[] squashed,
            int s,
            float[] sources,
            int h) {
        int n = hiddenSize;
        int f = g + n;
        int z = g + 2 * n;
        int o = g + 3 * n;
        gate(kernels, form.inputGate(), peepholes, 0, before, cBefore, gates, g);
        if (form.coupled()) {
            for (int j = 0; j < n; j++) {
                gates[f + j] = 1 - gates[g + j];
            }
        } else {
            gate(kernels, form.forgetGate(), peepholes, n, before, cBefore, gates, f);
        }
        form.g().apply(kernels, n, gates, z, gates, z);
        kernels.multiply(n, gates, g, gates, z, c, cNow);
        kernels.multiplyAdd(n, gates, f, before, cBefore, c, cNow);
        gate(kernels, form.outputGate(), peepholes, 3 * n, c, cNow, gates, o);
        form.h().apply(kernels, n, c, cNow, squashed, s);
        kernels.multiply(n, gates, o, squashed, s, sources, h);
        for (int k = 0; k < visible.length; k++) {
            System.arraycopy(gates, g + visible[k] * n, sources, h + (k + 1) * n, n);
        }
    }

    private void gate(
            Kernels kernels,
            boolean present,
            float @Nullable [] peepholes,
            int p,
            float[] c,
            int co,
            float[] a,
            int ao) {
        if (!present) {
            java.util.Arrays.fill(a, ao, ao + hiddenSize, 1);
            return;
        }
        if (peepholes != null) {
            kernels.multiplyAdd(hiddenSize, peepholes, p, c, co, a, ao);
        }
        kernels.sigmoid(hiddenSize, a, ao, a, ao);
    }

    /**
     * The step backward for one sequence: activations in, δ out; dc of this step in, of the step before out.
     *
     * @param sources ∂L/∂[h, visible gates] from the step after
     */
    void backward(
            float @Nullable [] peepholes,
            float[] gates,
            int g,
            float[] before,
            int cBefore,
            float[] squashed,
            int s,
            float[] dy,
            int y,
            float[] sources,
            int h,
            float[] dc,
            int d) {
        int n = hiddenSize;
        float @Nullable [] errors = form.peepholeErrors() ? peepholes : null;
        for (int k = 0; k < visible.length; k++) { // what comes back to a gate as a source waits where it is last read
            int at = h + (k + 1) * n;
            int gate = g + visible[k] * n;
            for (int j = 0; j < n; j++) {
                float v = gates[gate + j];
                sources[at + j] *= v * (1 - v);
            }
        }
        boolean inputGate = form.inputGate();
        boolean forgetGate = form.forgetGate();
        boolean outputGate = form.outputGate();
        boolean coupled = form.coupled();
        Squash gRule = form.g();
        Squash hRule = form.h();
        int iSource = sourceOf[0];
        int fSource = sourceOf[1];
        int oSource = sourceOf[3];
        for (int j = 0; j < n; j++) {
            float i = gates[g + j];
            float f = gates[g + n + j];
            float z = gates[g + 2 * n + j];
            float o = gates[g + 3 * n + j];
            float t = squashed[s + j];
            float dh = sources[h + j] + dy[y + j];
            float deltaO = outputGate ? dh * t * (o * (1 - o)) + seen(oSource, sources, h + j) : 0;
            float dcT = Math.fma(dh * o, hRule.derivative(t), dc[d + j]);
            if (errors != null) {
                dcT = Math.fma(errors[3 * n + j], deltaO, dcT);
            }
            float old = before[cBefore + j];
            float deltaI = 0;
            if (inputGate) {
                deltaI = dcT * (coupled ? z - old : z) * (i * (1 - i)) + seen(iSource, sources, h + j);
            }
            float deltaF = forgetGate ? dcT * old * (f * (1 - f)) + seen(fSource, sources, h + j) : 0;
            gates[g + j] = deltaI;
            gates[g + n + j] = deltaF;
            gates[g + 2 * n + j] = dcT * i * gRule.derivative(z);
            gates[g + 3 * n + j] = deltaO;
            float back = dcT * f;
            if (errors != null) {
                back = Math.fma(errors[j], deltaI, back);
                back = Math.fma(errors[n + j], deltaF, back);
            }
            dc[d + j] = back;
        }
    }

    private static float seen(int source, float[] sources, int at) {
        return source < 0 ? 0 : sources[at + source];
    }
}
