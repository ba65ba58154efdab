package org.carousel.tensor.internal.kernels.cells;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Strided;
import org.carousel.tensor.internal.kernels.functions.LogSigmoid;

/**
 * The sLSTM over whole sequences.
 *
 * <pre>
 * ln f = ln σ(f̃)   m = max(ln f + m', ĩ)   i = exp(ĩ - m)   f = exp(ln f + m' - m)   z = tanh(z̃)   o = σ(õ)
 * c = f c' + i z   n = f n' + i   h = o c / n
 * </pre>
 *
 * <p>The loops run over arrays that all begin at the same element, which is what the compiler needs to vectorise them.
 */
public final class SLstmSequence extends CellSequence {
    private final float[] i; // each [T×B×H]
    private final float[] f;
    private final float[] z;
    private final float[] o;
    private final float[] a; // ĩ
    private final float[] logF;
    private final float[] cBefore; // each [(T+1)×B×H]: what a step found
    private final float[] nBefore;
    private final float[] mBefore;
    private final float[] c; // each [T×B×H]: what it left
    private final float[] n;
    private final float[] m;
    private final float[] y;
    private final float[] dc; // each [B×H]
    private final float[] dn;
    private final float[] dm;

    /**
     * Memory for one pass.
     *
     * @param c0 as n0 and m0 [B×H], from its offset on
     */
    public SLstmSequence(
            int batch, int steps, int size, int[] lengths, float[] c0, int co, float[] n0, int no, float[] m0, int mo) {
        super(batch, steps, size, lengths);
        int units = units(steps);
        i = new float[units];
        f = new float[units];
        z = new float[units];
        o = new float[units];
        a = new float[units];
        logF = new float[units];
        c = new float[units];
        n = new float[units];
        m = new float[units];
        y = new float[units];
        cBefore = new float[units(steps + 1)];
        nBefore = new float[units(steps + 1)];
        mBefore = new float[units(steps + 1)];
        dc = new float[units(1)];
        dn = new float[units(1)];
        dm = new float[units(1)];
        System.arraycopy(c0, co, cBefore, 0, units(1));
        System.arraycopy(n0, no, nBefore, 0, units(1));
        System.arraycopy(m0, mo, mBefore, 0, units(1));
    }

    @Override
    void step(Kernels kernels, int t, int fromRow, int toRow, float[] p, int po) {
        int first = (t * batch + fromRow) * size;
        int end = (t * batch + toRow) * size;
        int rows = toRow - fromRow;
        int g = 4 * first;
        int wide = 4 * size;
        Strided.copyRows(rows, size, gates, g, wide, a, first, size);
        Strided.copyRows(rows, size, gates, g + size, wide, logF, first, size);
        Strided.copyRows(rows, size, gates, g + 2 * size, wide, z, first, size);
        Strided.copyRows(rows, size, gates, g + 3 * size, wide, o, first, size);
        LogSigmoid.apply(kernels, end - first, logF, first, logF, first, i, f);
        exponents(first, end, a, logF, mBefore, m, i, f);
        kernels.exp(end - first, i, first, i, first);
        kernels.exp(end - first, f, first, f, first);
        kernels.tanh(end - first, z, first, z, first);
        kernels.sigmoid(end - first, o, first, o, first);
        outputs(first, end);
        int next = first + units(1);
        System.arraycopy(y, first, h, next, end - first);
        System.arraycopy(c, first, cBefore, next, end - first);
        System.arraycopy(n, first, nBefore, next, end - first);
        System.arraycopy(m, first, mBefore, next, end - first);
    }

    private static void exponents(
            int first, int end, float[] a, float[] logF, float[] before, float[] m, float[] i, float[] f) {
        for (int k = first; k < end; k++) {
            float carried = logF[k] + before[k];
            float largest = a[k] + Math.max(carried - a[k], 0f);
            m[k] = largest;
            i[k] = a[k] - largest;
            f[k] = carried - largest;
        }
    }

    private void outputs(int first, int end) {
        for (int k = first; k < end; k++) {
            float now = Math.fma(f[k], cBefore[k], i[k] * z[k]);
            float count = Math.fma(f[k], nBefore[k], i[k]);
            c[k] = now;
            n[k] = count;
            y[k] = o[k] * (now / count);
        }
    }

    @Override
    void keep(int t, int b) {
        int at = (t * batch + b) * size;
        int next = at + units(1);
        System.arraycopy(cBefore, at, cBefore, next, size);
        System.arraycopy(nBefore, at, nBefore, next, size);
        System.arraycopy(mBefore, at, mBefore, next, size);
    }

    /** What the last state asks of its parts, before {@link #backward}: ∂L/∂c, n and m, each [B×H]. */
    public void fromLast(float[] lastC, float[] lastN, float[] lastM) {
        System.arraycopy(lastC, 0, dc, 0, dc.length);
        System.arraycopy(lastN, 0, dn, 0, dn.length);
        System.arraycopy(lastM, 0, dm, 0, dm.length);
    }

    /** ∂L/∂c of the first state [B×H], after {@link #backward}. */
    public float[] firstC() {
        return dc;
    }

    /** ∂L/∂n of the first state [B×H]. */
    public float[] firstN() {
        return dn;
    }

    /** ∂L/∂m of the first state [B×H]. */
    public float[] firstM() {
        return dm;
    }

    /** c behind the last step [B×H]. */
    public float[] lastC() {
        return lastOf(cBefore);
    }

    /** n behind the last step [B×H]. */
    public float[] lastN() {
        return lastOf(nBefore);
    }

    /** m behind the last step [B×H]. */
    public float[] lastM() {
        return lastOf(mBefore);
    }

    @Override
    void stepBackward(Kernels kernels, int t, int fromRow, int toRow, float[] dh) {
        int first = (t * batch + fromRow) * size;
        int count = (toRow - fromRow) * size;
        int at = fromRow * size;
        float[] dhs = room(dh, at, count); // arrays of their own that begin at 0, for the compiler's sake
        float[] dcs = room(dc, at, count);
        float[] dns = room(dn, at, count);
        float[] dms = room(dm, at, count);
        float[] is = room(i, first, count);
        float[] fs = room(f, first, count);
        float[] zs = room(z, first, count);
        float[] os = room(o, first, count);
        float[] cs = room(c, first, count);
        float[] ns = room(n, first, count);
        float[] as = room(a, first, count);
        float[] ls = room(logF, first, count);
        float[] cb = room(cBefore, first, count);
        float[] nb = room(nBefore, first, count);
        float[] mb = room(mBefore, first, count);
        float[] sf = new float[count];
        kernels.exp(count, ls, 0, sf, 0); // σ(f̃)
        throughOutput(count, dhs, os, cs, ns, dcs, dns);
        throughState(count, dcs, dns, is, fs, zs, cb, nb);
        throughGates(count, dms, is, fs, as, ls, mb, sf);
        int wide = 4 * size;
        int g = 4 * first;
        int rows = toRow - fromRow;
        Strided.copyRows(rows, size, as, 0, size, gates, g, wide);
        Strided.copyRows(rows, size, ls, 0, size, gates, g + size, wide);
        Strided.copyRows(rows, size, zs, 0, size, gates, g + 2 * size, wide);
        Strided.copyRows(rows, size, os, 0, size, gates, g + 3 * size, wide);
        System.arraycopy(dcs, 0, dc, at, count);
        System.arraycopy(dns, 0, dn, at, count);
        System.arraycopy(dms, 0, dm, at, count);
        java.util.Arrays.fill(dh, at, at + count, 0);
    }

    private static float[] room(float[] x, int at, int count) {
        return java.util.Arrays.copyOfRange(x, at, at + count);
    }

    /** h = o c / n: o becomes δ of õ, dc and dn take what h asks of them. */
    private static void throughOutput(int count, float[] dh, float[] o, float[] c, float[] n, float[] dc, float[] dn) {
        for (int k = 0; k < count; k++) {
            float ratio = c[k] / n[k];
            float along = dh[k] * o[k] / n[k];
            dc[k] += along;
            dn[k] -= along * ratio;
            o[k] = dh[k] * ratio * (o[k] * (1 - o[k]));
        }
    }

    /** c = f c' + i z, n = f n' + i: z becomes its δ, i and f ∂L/∂ln i and ∂L/∂ln f; dc and dn go on to the step before. */
    private static void throughState(
            int count, float[] dc, float[] dn, float[] i, float[] f, float[] z, float[] cb, float[] nb) {
        for (int k = 0; k < count; k++) {
            float ofC = dc[k];
            float ofN = dn[k];
            float ofI = Math.fma(ofC, z[k], ofN) * i[k];
            float ofF = Math.fma(ofC, cb[k], ofN * nb[k]) * f[k];
            z[k] = ofC * i[k] * Math.fma(-z[k], z[k], 1f);
            dc[k] = ofC * f[k];
            dn[k] = ofN * f[k];
            i[k] = ofI;
            f[k] = ofF;
        }
    }

    /** i = exp(ĩ - m), f = exp(ln f + m' - m): a and l become δ of ĩ and f̃, dm goes on to the step before. */
    private static void throughGates(
            int count, float[] dm, float[] ofI, float[] ofF, float[] a, float[] l, float[] mb, float[] sf) {
        for (int k = 0; k < count; k++) {
            float ofM = dm[k] - ofI[k] - ofF[k];
            boolean carries = l[k] + mb[k] > a[k];
            float carried = carries ? ofF[k] + ofM : ofF[k];
            a[k] = carries ? ofI[k] : ofI[k] + ofM;
            l[k] = carried * (1 - sf[k]);
            dm[k] = carried;
        }
    }
}
