package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernels for scattered rows against sums in double, and the back ends against each other bit for bit. */
class RowKernelsTest {
    private static final int ROWS = 40;
    private final RandomStream random = RandomStream.of(7);

    private RowTable table(int dimension) {
        RowTable table = new RowTable(ROWS, dimension);
        float[] row = new float[dimension];
        for (int r = 0; r < ROWS; r++) {
            for (int k = 0; k < dimension; k++) {
                row[k] = (float) random.nextGaussian();
            }
            table.set(r, row, 0);
        }
        return table;
    }

    private int[] rows(int n) {
        int[] result = new int[n];
        Arrays.setAll(result, i -> random.nextInt(ROWS));
        return result;
    }

    private static float[] row(RowTable table, int row) {
        float[] result = new float[table.dimension()];
        table.get(row, result, 0);
        return result;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (double) a[k] * b[k];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1,1,5", "1,2,16", "1,6,100", "1,37,33", "2,1,100", "3,2,17", "5,6,100", "10,6,100", "7,13,1", "2,3,300"
    })
    void dotsAreDots(int m, int n, int dimension) {
        RowTable x = table(dimension);
        RowTable y = table(dimension);
        int[] xRows = rows(m);
        int[] yRows = rows(n);
        float[] active = new float[RowKernels.room(m * n)];
        float[] plain = new float[active.length];
        RowKernels.active().dots(m, x, xRows, n, y, yRows, active);
        Kernels.plain().rowKernels().dots(m, x, xRows, n, y, yRows, plain);
        assertArrayEquals(Arrays.copyOf(plain, m * n), Arrays.copyOf(active, m * n));
        for (int i = 0; i < m * n; i++) {
            double expected = dot(row(x, xRows[i / n]), row(y, yRows[i % n]));
            assertEquals(expected, active[i], 1e-4 * (1 + Math.sqrt(dimension)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1,5", "1,16,16", "6,1,100", "6,10,100", "3,7,17", "2,4,33", "13,2,100", "4,37,1", "5,5,300"})
    void addAddsWeightedRows(int m, int n, int dimension) {
        RowTable z = table(dimension);
        RowTable y = table(dimension);
        RowTable plain = z.resized(ROWS);
        float[] e = new float[m * n];
        for (int i = 0; i < e.length; i++) {
            e[i] = (float) random.nextGaussian();
        }
        int[] zRows = rows(m);
        zRows[m - 1] = zRows[0]; // a row may appear twice
        int[] yRows = rows(n);
        double[][] expected = new double[ROWS][dimension];
        for (int r = 0; r < ROWS; r++) {
            for (int k = 0; k < dimension; k++) {
                expected[r][k] = row(z, r)[k];
            }
        }
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float[] add = row(y, yRows[j]);
                for (int k = 0; k < dimension; k++) {
                    expected[zRows[i]][k] += (double) e[j * m + i] * add[k];
                }
            }
        }
        RowKernels.active().add(m, zRows, z, n, e, 1, m, y, yRows);
        Kernels.plain().rowKernels().add(m, zRows, plain, n, e, 1, m, y, yRows);
        assertArrayEquals(plain.values, z.values);
        for (int r = 0; r < ROWS; r++) {
            for (int k = 0; k < dimension; k++) {
                assertEquals(expected[r][k], row(z, r)[k], 1e-4);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "16", "36", "100", "5000"})
    void errorsAndLossAreThoseOfLogisticRegression(int count) {
        float[] s = new float[RowKernels.room(count)];
        float[] d = new float[s.length];
        for (int i = 0; i < count; i++) {
            s[i] = (float) random.nextGaussian() * (count > 1000 ? 0.01f : 10); // near 0 the factors are largest
            d[i] = random.nextInt(2);
        }
        s[0] = 300; // far beyond where eˢ is a float
        float[] e = new float[s.length];
        float[] plain = new float[s.length];
        LogisticLoss loss = new LogisticLoss();
        LogisticLoss plainLoss = new LogisticLoss();
        double expected = 0;
        for (int times = 0; times < 20; times++) {
            RowKernels.active().errors(count, s, d, 0.5f, e, loss);
            Kernels.plain().rowKernels().errors(count, s, d, 0.5f, plain, plainLoss);
            assertArrayEquals(plain, e);
            for (int i = 0; i < count; i++) {
                double probability = 1 / (1 + Math.exp(-s[i]));
                assertEquals(0.5 * (d[i] - probability), e[i], 1e-6);
                expected += Math.max(s[i], 0) - d[i] * s[i] + Math.log1p(Math.exp(-Math.abs(s[i])));
            }
        }
        double sum = loss.take();
        assertEquals(plainLoss.take(), sum);
        assertEquals(expected, sum, 1e-5 * Math.max(1, expected));
        assertEquals(0, loss.take(), "taken once");
    }

    @Test
    void whatLiesBehindARowStaysZero() {
        RowTable z = table(5);
        RowTable y = table(5);
        RowKernels.active().add(3, new int[] {0, 1, 2}, z, 1, new float[] {2}, 0, 0, y, new int[] {3});
        for (int r = 0; r < ROWS; r++) {
            for (int k = 5; k < 16; k++) {
                assertEquals(0, z.values[z.offset(r) + k]);
            }
        }
    }

    /** Moves at right angles add up, equal moves count once, opposite moves cancel. */
    @Test
    void joinedMovesNeverGoTwiceAsFar() {
        assertMoved(new float[] {3, 2}, new float[] {3, 0}, new float[] {0, 2});
        assertMoved(new float[] {3, 1}, new float[] {3, 1}, new float[] {3, 1});
        assertMoved(new float[] {0, 0}, new float[] {3, 1}, new float[] {-3, -1});
        assertMoved(new float[] {4, 2}, new float[] {1, 2}, new float[] {4, 0}); // the part (0, 2) of the smaller
        assertMoved(new float[] {3, 1}, new float[] {0, 0}, new float[] {3, 1});
    }

    private static void assertMoved(float[] expected, float[] first, float[] second) {
        RowTable base = new RowTable(2, 2);
        base.set(1, new float[] {10, 20}, 0);
        RowTable[] tables = {new RowTable(1, 2), new RowTable(3, 2)};
        tables[0].set(0, new float[] {10 + first[0], 20 + first[1]}, 0);
        tables[1].set(2, new float[] {10 + second[0], 20 + second[1]}, 0);
        RowKernels.active().join(2, tables, new int[] {0, 2}, base, 1, new float[RowKernels.JOIN_ROOM]);
        assertArrayEquals(new float[] {10 + expected[0], 20 + expected[1]}, row(base, 1), 1e-5f);
        assertArrayEquals(new float[2], row(base, 0), "other rows stay");
        assertArrayEquals(row(base, 1), row(tables[0], 0), "the copies are the same again");
        assertArrayEquals(row(base, 1), row(tables[1], 2));
    }

    /** A third move is joined with what the first two became; every copy ends as the base. */
    @Test
    void severalCopiesAreJoinedOneAfterTheOther() {
        RowTable base = new RowTable(1, 3);
        base.set(0, new float[] {1, 1, 1}, 0);
        float[][] moves = {{2, 0, 0}, {1, 1, 0}, {1, 1, 4}};
        RowTable[] tables = new RowTable[3];
        for (int t = 0; t < 3; t++) {
            tables[t] = new RowTable(1, 3);
            tables[t].set(0, new float[] {1 + moves[t][0], 1 + moves[t][1], 1 + moves[t][2]}, 0);
        }
        RowKernels.active().join(3, tables, new int[3], base, 0, new float[RowKernels.JOIN_ROOM]);
        // (2, 0, 0) and (0, 1, 0), the part of (1, 1, 0) at right angles; then (1, 1, 4) is larger than (2, 1, 0): of
        // this, 3/18 of the larger goes
        float share = 1 - 3f / 18;
        float[] joined = {1 + 2 + share, 1 + 1 + share, 1 + 4 * share};
        assertArrayEquals(joined, row(base, 0), 1e-5f);
        for (RowTable table : tables) {
            assertArrayEquals(row(base, 0), row(table, 0));
        }
    }

    @Test
    void aResizedTableHasTheSameRows() {
        RowTable table = table(5);
        RowTable more = table.resized(ROWS + 2);
        RowTable fewer = more.resized(3);
        for (int r = 0; r < ROWS; r++) {
            assertArrayEquals(row(table, r), row(more, r));
        }
        assertArrayEquals(new float[5], row(more, ROWS + 1));
        assertArrayEquals(row(table, 2), row(fewer, 2));
        assertEquals(3, fewer.rows());
        fewer.copy(0, table, 7);
        assertArrayEquals(row(table, 7), row(fewer, 0));
        assertArrayEquals(row(table, 1), row(fewer, 1));
    }

    @Test
    void tablesBeyondTheLargestArrayAreRefused() {
        IllegalArgumentException e = org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> new RowTable(30_000_000, 100));
        assertTrue(e.getMessage().contains("30000000 rows of 100"), e.getMessage());
    }
}
