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
        for (int i = 0; i < tiles * UNIT; i++) {
            int to = vo + i;
            for (int c = 0; c < 4; c++) { // Bᵀ x, column by column
                int at = xo + c % 2 * half + c / 2 * UNIT + i;
                float x0 = x[at];
                float x1 = x[at + line];
                float x2 = x[at + 2 * line];
                float x3 = x[at + 3 * line];
                v[to + c * plane] = x0 - x2;
                v[to + (4 + c) * plane] = x1 + x2;
                v[to + (8 + c) * plane] = x2 - x1;
                v[to + (12 + c) * plane] = x1 - x3;
            }
            for (int r = 0, p = to; r < 4; r++, p += 4 * plane) { // times B, row by row
                float t0 = v[p];
                float t1 = v[p + plane];
                float t2 = v[p + 2 * plane];
                float t3 = v[p + 3 * plane];
                v[p] = t0 - t2;
                v[p + plane] = t1 + t2;
                v[p + 2 * plane] = t2 - t1;
                v[p + 3 * plane] = t1 - t3;
            }
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
        for (int t = 0; t < tiles; t++) {
            for (int k = 0; k < UNIT; k++) {
                int p = mo + t * UNIT + k;
                int from = so + 2 * t * across + k;
                int to = yo + 2 * t * n + k;
                for (int r = 0; r < 2; r++, from += down, to += line) { // Aᵀ m for one row, then times A
                    float s0 = sum(r, m, p, 4 * plane);
                    float s1 = sum(r, m, p + plane, 4 * plane);
                    float s2 = sum(r, m, p + 2 * plane, 4 * plane);
                    float s3 = sum(r, m, p + 3 * plane, 4 * plane);
                    y[to] = start[from] + (s0 + s1 + s2);
                    y[to + n] = start[from + across] + (s1 - s2 - s3);
                }
            }
        }
    }

    private static float sum(int row, float[] m, int at, int step) {
        return row == 0 ? m[at] + m[at + step] + m[at + 2 * step] : m[at + step] - m[at + 2 * step] - m[at + 3 * step];
    }

    /**
     * A g Aᵀ, the way back of {@link #write}: element p of tile t is row {@code row + t + p · rows} of u. Modified: {@code u}.
     *
     * @param line floats of g from one row to the next
     */
    public void spread(int tiles, int n, float[] g, int go, int line, PackedMatrix u, int row, int rows) {
        for (int t = 0; t < tiles; t++) {
            for (int j = 0; j < n; j += UNIT) {
                float[][] to = new float[16][];
                for (int p = 0; p < 16; p++) {
                    to[p] = u.array(row + t + p * rows, j);
                }
                for (int k = j; k < j + UNIT; k++) {
                    int at = go + 2 * t * n + k;
                    float g0 = g[at];
                    float g1 = g[at + n];
                    float h0 = g[at + line];
                    float h1 = g[at + line + n];
                    spread(0, g0, g1, to, u, row + t, rows, k);
                    spread(4, g0 + h0, g1 + h1, to, u, row + t, rows, k);
                    spread(8, g0 - h0, g1 - h1, to, u, row + t, rows, k);
                    spread(12, -h0, -h1, to, u, row + t, rows, k);
                }
            }
        }
    }

    private static void spread(int p, float a, float b, float[][] to, PackedMatrix u, int row, int rows, int k) {
        to[p][u.offset(row + p * rows, k)] = a;
        to[p + 1][u.offset(row + (p + 1) * rows, k)] = a + b;
        to[p + 2][u.offset(row + (p + 2) * rows, k)] = a - b;
        to[p + 3][u.offset(row + (p + 3) * rows, k)] = -b;
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
