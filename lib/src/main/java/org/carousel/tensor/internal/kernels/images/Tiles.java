package org.carousel.tensor.internal.kernels.images;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * The transforms of {@link Winograd} for a row of tiles, channel by channel: additions and subtractions alone, in one order
 * for every kind of kernels.
 *
 * <pre>
 * Bᵀ = 1  0 -1  0      Aᵀ = 1  1  1  0
 *      0  1  1  0           0  1 -1 -1
 *      0 -1  1  0
 *      0  1  0 -1
 * </pre>
 *
 * <p>Channels go in groups of 16. The 16 elements of a transformed tile lie {@code plane} floats apart; in each plane a
 * group has a row of 16 for every tile. Tiles begin two columns apart, so that the four columns read overlap and the two
 * columns written do not.
 */
public class Tiles {
    static final int UNIT = 16; // channels that vectors go through together

    /**
     * Bᵀ x B of a group. Modified: {@code v}.
     *
     * @param x rows {@code line} apart: of the group, the even columns, then the odd ones, tiles + 1 of each
     */
    public void read(int tiles, float[] x, int xo, int line, float[] v, int vo, int plane) {
        int half = (tiles + 1) * UNIT;
        int e0 = xo;
        int e1 = e0 + line;
        int e2 = e1 + line;
        int e3 = e2 + line;
        int to0 = vo;
        int to1 = to0 + 4 * plane;
        int to2 = to1 + 4 * plane;
        int to3 = to2 + 4 * plane;
        for (int i = 0; i < tiles * UNIT; i++) {
            float x00 = x[e0 + i];
            float x10 = x[e1 + i];
            float x20 = x[e2 + i];
            float x30 = x[e3 + i];
            float a0 = x00 - x20;
            float b0 = x10 + x20;
            float c0 = x20 - x10;
            float d0 = x10 - x30;
            float x01 = x[e0 + half + i];
            float x11 = x[e1 + half + i];
            float x21 = x[e2 + half + i];
            float x31 = x[e3 + half + i];
            float a1 = x01 - x21;
            float b1 = x11 + x21;
            float c1 = x21 - x11;
            float d1 = x11 - x31;
            float x02 = x[e0 + UNIT + i];
            float x12 = x[e1 + UNIT + i];
            float x22 = x[e2 + UNIT + i];
            float x32 = x[e3 + UNIT + i];
            float a2 = x02 - x22;
            float b2 = x12 + x22;
            float c2 = x22 - x12;
            float d2 = x12 - x32;
            float x03 = x[e0 + half + UNIT + i];
            float x13 = x[e1 + half + UNIT + i];
            float x23 = x[e2 + half + UNIT + i];
            float x33 = x[e3 + half + UNIT + i];
            float a3 = x03 - x23;
            float b3 = x13 + x23;
            float c3 = x23 - x13;
            float d3 = x13 - x33;
            v[to0 + i] = a0 - a2;
            v[to0 + plane + i] = a1 + a2;
            v[to0 + 2 * plane + i] = a2 - a1;
            v[to0 + 3 * plane + i] = a1 - a3;
            v[to1 + i] = b0 - b2;
            v[to1 + plane + i] = b1 + b2;
            v[to1 + 2 * plane + i] = b2 - b1;
            v[to1 + 3 * plane + i] = b1 - b3;
            v[to2 + i] = c0 - c2;
            v[to2 + plane + i] = c1 + c2;
            v[to2 + 2 * plane + i] = c2 - c1;
            v[to2 + 3 * plane + i] = c1 - c3;
            v[to3 + i] = d0 - d2;
            v[to3 + plane + i] = d1 + d2;
            v[to3 + 2 * plane + i] = d2 - d1;
            v[to3 + 3 * plane + i] = d1 - d3;
        }
    }

    /**
     * start + Aᵀ m A of a group. Modified: {@code y}.
     *
     * @param across floats of start from one column to the next, or 0 when all start alike
     * @param down floats of start from one row to the next
     * @param n floats of y from one column to the next
     * @param line floats of y from one row to the next
     */
    public void write(
            int tiles,
            float[] m,
            int mo,
            int plane,
            float[] start,
            int so,
            int across,
            int down,
            float[] y,
            int yo,
            int n,
            int line) {
        int p0 = mo;
        int p1 = p0 + 4 * plane;
        int p2 = p1 + 4 * plane;
        int p3 = p2 + 4 * plane;
        for (int i = 0; i < tiles * UNIT; i++) {
            float m00 = m[p0 + i];
            float m10 = m[p1 + i];
            float m20 = m[p2 + i];
            float m30 = m[p3 + i];
            float s0 = m00 + m10 + m20;
            float t0 = m10 - m20 - m30;
            float m01 = m[p0 + plane + i];
            float m11 = m[p1 + plane + i];
            float m21 = m[p2 + plane + i];
            float m31 = m[p3 + plane + i];
            float s1 = m01 + m11 + m21;
            float t1 = m11 - m21 - m31;
            float m02 = m[p0 + 2 * plane + i];
            float m12 = m[p1 + 2 * plane + i];
            float m22 = m[p2 + 2 * plane + i];
            float m32 = m[p3 + 2 * plane + i];
            float s2 = m02 + m12 + m22;
            float t2 = m12 - m22 - m32;
            float m03 = m[p0 + 3 * plane + i];
            float m13 = m[p1 + 3 * plane + i];
            float m23 = m[p2 + 3 * plane + i];
            float m33 = m[p3 + 3 * plane + i];
            float s3 = m03 + m13 + m23;
            float t3 = m13 - m23 - m33;
            int from = so + i / UNIT * 2 * across + i % UNIT;
            int to = yo + i / UNIT * 2 * n + i % UNIT;
            y[to] = start[from] + (s0 + s1 + s2);
            y[to + n] = start[from + across] + (s1 - s2 - s3);
            y[to + line] = start[from + down] + (t0 + t1 + t2);
            y[to + line + n] = start[from + down + across] + (t1 - t2 - t3);
        }
    }

    /**
     * A g Aᵀ, the way back of {@link #write}: element p of tile t is row {@code row + t + p · rows} of u. Modified: {@code u}.
     *
     * @param line floats of g from one row to the next
     */
    public void spread(int tiles, int n, float[] g, int go, int line, PackedMatrix u, int row, int rows) {
        float[][] to = new float[16][];
        for (int t = 0; t < tiles; t++) {
            for (int j = 0; j < n; j += UNIT) {
                for (int p = 0; p < 16; p++) {
                    to[p] = u.array(row + t + p * rows, j);
                }
                int apart = u.offset(row + t + rows, j) - u.offset(row + t, j); // 0 where every row is an array
                spread(g, go + 2 * t * n + j, n, line, to, u.offset(row + t, j), apart);
            }
        }
    }

    private static void spread(float[] g, int go, int n, int line, float[][] to, int at, int apart) {
        for (int k = 0; k < UNIT; k++) {
            float g0 = g[go + k];
            float g1 = g[go + n + k];
            float h0 = g[go + line + k];
            float h1 = g[go + line + n + k];
            spread(g0, g1, to, 0, at + k, apart);
            spread(g0 + h0, g1 + h1, to, 4, at + k, apart);
            spread(g0 - h0, g1 - h1, to, 8, at + k, apart);
            spread(-h0, -h1, to, 12, at + k, apart);
        }
    }

    private static void spread(float a, float b, float[][] to, int p, int at, int apart) {
        to[p][at + p * apart] = a;
        to[p + 1][at + (p + 1) * apart] = a + b;
        to[p + 2][at + (p + 2) * apart] = a - b;
        to[p + 3][at + (p + 3) * apart] = -b;
    }

    /**
     * C [rows×16m] ← A [rows×16·groups] · B, each sum from 0 on in the order of its terms; the groups of A and C follow each
     * other, [groups×rows×16]. Modified: {@code c}.
     *
     * @param rows a multiple of 8
     * @param w B, packed
     * @param m groups of C
     */
    public void multiply(
            Kernels kernels, int rows, int groups, float[] v, int vo, PackedMatrix w, int m, float[] c, int co) {
        int[] runs = new int[groups];
        for (int g = 0; g < groups; g++) {
            runs[g] = g * rows * UNIT;
        }
        float[] whole = new float[rows * m * UNIT];
        kernels.multiplyRuns(rows, runs, UNIT, v, vo, UNIT, w, new float[m * UNIT], 0, 0, whole, 0, m * UNIT);
        for (int j = 0; j < m; j++) {
            Strided.copyRows(rows, UNIT, whole, j * UNIT, m * UNIT, c, co + j * rows * UNIT, UNIT);
        }
    }
}
