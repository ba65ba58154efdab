package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both kernels, any number of threads: the same bits; and those of the arithmetic contract. */
class KernelsTest {
    private static final int[] SIZES = {1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 63, 64, 65, 100, 257, 300};
    private static final int THREADS = Parallel.threads();

    private final Kernels vector = Kernels.vectorKernels();
    private final RandomStream random = RandomStream.of(11);

    @AfterEach
    void restoreThreads() {
        Parallel.threads(THREADS);
    }

    private float[] numbers(int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    private int size() {
        return SIZES[random.nextInt(SIZES.length)];
    }

    private record Product(
            boolean ta,
            boolean tb,
            int m,
            int n,
            int k,
            float[] a,
            int as,
            float[] b,
            int bs,
            float[] c,
            int cs,
            boolean acc) {
        float[] with(Kernels kernels) {
            float[] result = c.clone();
            kernels.matmul(ta, tb, m, n, k, a, 3, as, b, 5, bs, result, 7, cs, acc);
            return result;
        }

        float[] packed(Kernels kernels) {
            float[] result = c.clone();
            PackedMatrix packed = kernels.pack(tb, k, n, b, 5, bs, null);
            if (acc) {
                kernels.matmulPacked(m, a, 3, as, packed, result, 7, cs, result, 7, cs);
            } else {
                kernels.matmulPacked(m, a, 3, as, packed, result, 7, cs);
            }
            return result;
        }

        /** The contract, word by word. */
        float[] naive() {
            float[] result = c.clone();
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    float sum = acc ? result[7 + i * cs + j] : 0;
                    for (int x = 0; x < k; x++) {
                        float av = a[3 + (ta ? x * as + i : i * as + x)];
                        float bv = b[5 + (tb ? j * bs + x : x * bs + j)];
                        sum = Math.fma(av, bv, sum);
                    }
                    result[7 + i * cs + j] = sum;
                }
            }
            return result;
        }
    }

    private Product product(boolean transposeA) {
        boolean tb = random.nextBoolean();
        int m = size();
        int n = size();
        int k = size();
        int as = (transposeA ? m : k) + random.nextInt(4);
        int bs = (tb ? k : n) + random.nextInt(4);
        int cs = n + random.nextInt(4);
        return new Product(
                transposeA,
                tb,
                m,
                n,
                k,
                numbers(3 + as * (transposeA ? k : m)),
                as,
                numbers(5 + bs * (tb ? n : k)),
                bs,
                numbers(7 + cs * m),
                cs,
                random.nextBoolean());
    }

    @Test
    void matrixProductsKeepToTheContractBitForBit() {
        for (int trial = 0; trial < 150; trial++) {
            Product p = product(random.nextBoolean());
            String what = "m " + p.m + " n " + p.n + " k " + p.k + " " + p.ta + p.tb + p.acc;
            float[] expected = p.naive();
            assertArrayEquals(expected, p.with(Kernels.plain()), "plain " + what);
            assertArrayEquals(expected, p.with(vector), "vector " + what);
            if (!p.ta) {
                assertArrayEquals(expected, p.packed(Kernels.plain()), "plain packed " + what);
                assertArrayEquals(expected, p.packed(vector), "vector packed " + what);
            }
        }
    }

    @Test
    void productsOutsideTheirArraysOrOverThemselvesAreRefused() {
        float[] a = new float[12];
        float[] c = new float[12];
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> vector.matmul(false, false, 3, 3, 5, a, 0, 5, a, 0, 3, c, 0, 3, false))
                .getMessage()
                .contains("matmul: A of 3×5 from 0 with rows 5 apart does not lie within 12 elements"));
        assertThrows(
                IllegalArgumentException.class,
                () -> vector.matmul(false, false, -1, 3, 3, a, 0, 3, a, 0, 3, c, 0, 3, false));
        assertThrows(
                IllegalArgumentException.class,
                () -> vector.matmul(false, false, 1 << 20, 1 << 20, 1, a, 0, 1, a, 0, 1, c, 0, 1 << 20, false));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> vector.matmul(false, false, 2, 2, 2, a, 0, 2, c, 0, 2, c, 3, 2, false))
                .getMessage()
                .contains("B and C overlap"));
        PackedMatrix packed = vector.pack(false, 2, 2, a, 0, 2, null);
        assertThrows(IllegalArgumentException.class, () -> vector.matmulPacked(2, c, 0, 2, packed, c, 0, 2));
        vector.matmulPacked(2, c, 0, 2, packed, c, 4, 2);
        assertThrows(IllegalArgumentException.class, () -> vector.pack(false, 4, 4, a, 0, 4, null));
    }

    @Test
    void valuesThatAreNotFiniteGoThroughAsInIeee754() {
        for (Kernels kernels : new Kernels[] {Kernels.plain(), vector}) {
            float[] a = new float[17 * 3];
            a[5 * 3 + 1] = Float.NaN;
            a[7 * 3] = Float.POSITIVE_INFINITY;
            float[] b = numbers(3 * 33);
            float[] c = new float[17 * 33];
            kernels.matmul(false, false, 17, 33, 3, a, 0, 3, b, 0, 33, c, 0, 33, false);
            for (int i = 0; i < 17; i++) {
                for (int j = 0; j < 33; j++) {
                    float expected = i == 5 ? Float.NaN : i == 7 ? b[j] * Float.POSITIVE_INFINITY : 0;
                    assertEquals(expected, c[i * 33 + j], 0.0f, kernels.describe() + " " + i + " " + j);
                }
            }
        }
    }

    @Test
    void anEmptyInnerAxisGivesZeros() {
        float[] c = {1, 2, 3, 4};
        vector.matmul(false, false, 2, 2, 0, new float[0], 0, 0, new float[0], 0, 2, c, 0, 2, false);
        assertArrayEquals(new float[4], c);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void threadsDoNotChangeBits(int threads) {
        Product p = new Product(
                true, false, 300, 200, 300, numbers(100_000), 310, numbers(70_000), 210, numbers(70_000), 200, true);
        Product q = new Product(
                false, true, 9, 700, 600, numbers(9_000), 610, numbers(430_000), 605, numbers(7_000), 710, false);
        Parallel.threads(1);
        float[] one = p.with(vector);
        float[] other = q.packed(vector);
        Parallel.threads(threads);
        assertArrayEquals(one, p.with(vector));
        assertArrayEquals(other, q.packed(vector));
        assertArrayEquals(one, p.with(Kernels.plain()));
    }

    private interface Unary {
        void run(Kernels kernels, int n, float[] x, float[] y);
    }

    private void compareUnary(Unary function, DoubleUnaryOperator exact, double from, double to, double error) {
        int n = 100_003;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (from + (to - from) * i / (n - 1));
        }
        float[] special = {
            Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0f, -0f, Float.MIN_VALUE, 1e30f, -1e30f
        };
        System.arraycopy(special, 0, x, 1000, special.length);
        System.arraycopy(special, 0, x, n - special.length, special.length);
        float[] plain = new float[n];
        float[] vectors = new float[n];
        function.run(Kernels.plain(), n, x, plain);
        function.run(vector, n, x, vectors);
        assertArrayEquals(plain, vectors);
        for (int i = 0; i < n; i++) {
            double e = exact.applyAsDouble(x[i]);
            if (Double.isNaN(e)) {
                assertTrue(Float.isNaN(plain[i]), "NaN must stay NaN");
            } else if (Double.isFinite((float) e)) {
                assertEquals(e, plain[i], error * Math.max(1, e), "at " + x[i]);
            } else {
                assertEquals((float) e, plain[i], "at " + x[i]);
            }
        }
        function.run(vector, n, x, x);
        assertArrayEquals(vectors, x, "in place");
    }

    @Test
    void tanhIsAccurate() {
        compareUnary((k, n, x, y) -> k.tanh(n, x, 0, y, 0), StrictMath::tanh, -12, 12, 4e-7);
    }

    @Test
    void sigmoidIsAccurate() {
        compareUnary((k, n, x, y) -> k.sigmoid(n, x, 0, y, 0), v -> 1 / (1 + StrictMath.exp(-v)), -30, 30, 3e-7);
    }

    @Test
    void expIsAccurate() {
        compareUnary((k, n, x, y) -> k.exp(n, x, 0, y, 0), StrictMath::exp, -100, 88.7, 3e-7);
    }

    private void sameOnBoth(BiConsumer<Kernels, float[]> body, int n) {
        float[] a = numbers(n);
        float[] b = a.clone();
        body.accept(Kernels.plain(), a);
        body.accept(vector, b);
        assertArrayEquals(a, b);
    }

    @Test
    void gruGatesAreTheSameOnBothKernels() {
        for (int n : new int[] {1, 3, 16, 17, 40, 64}) {
            for (boolean resetAfter : new boolean[] {false, true}) {
                sameOnBoth(
                        (k, x) -> {
                            k.gruBlend(n, x, 0, x, 4 * n, x, 5 * n);
                            k.gruBackward(n, resetAfter, x, 0, x, 4 * n, x, 6 * n, x, 7 * n);
                        },
                        8 * n);
            }
        }
    }

    @Test
    void additiveScoresAndTheirErrorsAreTheSameOnBothKernels() {
        for (int n : SIZES) {
            sameOnBoth(
                    (k, x) -> {
                        x[0] = k.additiveScore(n, x, 1, x, n + 2, x, 2 * n + 3);
                        k.additiveErrors(
                                n, 0.3f, x, 1, x, n + 2, x, 2 * n + 3, x, 3 * n + 4, x, 4 * n + 5, x, 5 * n + 6);
                    },
                    6 * n + 6);
        }
    }

    @Test
    void aColumnTimesARowIsAddedAsAnyProduct() {
        for (int m : SIZES) {
            int n = size();
            boolean ta = random.nextBoolean();
            int as = ta ? m : 2;
            Product outer = new Product(
                    ta, false, m, n, 1, numbers(3 + as * m), as, numbers(5 + n), n, numbers(7 + n * m), n, true);
            assertArrayEquals(outer.naive(), outer.with(Kernels.plain()));
            assertArrayEquals(outer.naive(), outer.with(vector));
        }
    }

    @Test
    void memoryOfALargerMatrixLeavesNoTraceInASmallerOne() {
        for (Kernels kernels : new Kernels[] {Kernels.plain(), vector}) {
            float[] large = new float[100 * 100];
            java.util.Arrays.fill(large, Float.NaN);
            PackedMatrix used = kernels.pack(false, 100, 100, large, 0, 100, null);
            for (boolean transpose : new boolean[] {false, true}) {
                float[] b = numbers(35 * 37);
                PackedMatrix packed = kernels.pack(transpose, 35, 37, b, 0, transpose ? 35 : 37, used);
                float[] a = numbers(9 * 35);
                float[] c = new float[9 * 37];
                kernels.matmulPacked(9, a, 0, 35, packed, c, 0, 37);
                float[] expected = new float[9 * 37];
                kernels.matmul(
                        false, transpose, 9, 37, 35, a, 0, 35, b, 0, transpose ? 35 : 37, expected, 0, 37, false);
                assertArrayEquals(expected, c);
            }
        }
    }

    @Test
    void lstmGatesAreTheSameOnBothKernels() {
        for (int hidden : new int[] {1, 3, 16, 17, 40}) {
            int units = 3 * hidden;
            sameOnBoth(
                    (k, x) -> {
                        k.lstmForward(3, hidden, x, 0, x, 4 * units, x, 5 * units, x, 6 * units, x, 7 * units, hidden);
                        k.lstmBackward(
                                3,
                                hidden,
                                x,
                                0,
                                x,
                                4 * units,
                                x,
                                6 * units,
                                x,
                                8 * units,
                                hidden,
                                x,
                                9 * units,
                                x,
                                10 * units);
                    },
                    11 * units);
        }
    }

    @Test
    void softmaxAndCrossEntropyAreTheSameOnBothKernels() {
        for (int n : new int[] {1, 2, 15, 16, 17, 65}) {
            sameOnBoth((k, x) -> k.softmaxRows(4, n, x, 0, n, x, 4 * n, n), 8 * n);
            sameOnBoth((k, x) -> k.logSoftmaxRows(4, n, x, 0, n, x, 4 * n, n), 8 * n);
            int[] targets = {0, n - 1, -1, n / 2};
            sameOnBoth((k, x) -> x[0] = (float) k.softmaxCrossEntropy(4, n, x, 0, targets, 0.25f, x, 4 * n), 8 * n);
        }
    }

    @Test
    void productsBeginAtABias() {
        for (int trial = 0; trial < 40; trial++) {
            int m = size();
            int n = size();
            int k = size();
            float[] a = numbers(m * k);
            float[] b = numbers(k * n);
            float[] bias = numbers(n + 2);
            float[] expected = new float[m * n];
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    float sum = bias[2 + j];
                    for (int x = 0; x < k; x++) {
                        sum = Math.fma(a[i * k + x], b[x * n + j], sum);
                    }
                    expected[i * n + j] = sum;
                }
            }
            for (Kernels kernels : new Kernels[] {Kernels.plain(), vector}) {
                float[] c = numbers(m * n);
                kernels.matmulPacked(m, a, 0, k, kernels.pack(false, k, n, b, 0, n, null), bias, 2, 0, c, 0, n);
                assertArrayEquals(expected, c, kernels.describe() + " " + m + "×" + k + "×" + n);
            }
        }
    }

    @Test
    void elementwiseOperationsAreTheSameOnBothKernels() {
        for (int n : SIZES) {
            for (Broadcast.Operation operation : Broadcast.Operation.values()) {
                for (int steps = 0; steps < 4; steps++) {
                    int xStep = steps & 1;
                    int yStep = steps >> 1;
                    sameOnBoth(
                            (k, x) -> k.combine(operation, n, x, 1, xStep, x, n + 2, yStep, x, 2 * n + 3), 4 * n + 3);
                }
            }
            sameOnBoth((k, x) -> k.multiplyAdd(n, x, 0, x, n + 1, x, 2 * n + 5), 4 * n + 5);
            sameOnBoth((k, x) -> k.mix(n, x, 0, x, n + 1, x, 2 * n + 5), 4 * n + 5);
            sameOnBoth((k, x) -> k.addScaled(n, 0.3f, x, 2, x, n + 3), 3 * n + 3);
            sameOnBoth((k, x) -> k.add(n, x, 0, x, n), 2 * n);
            sameOnBoth((k, x) -> k.columnSums(3, n, x, 1, n + 1, x, 3 * n + 5), 5 * n + 5);
            sameOnBoth((k, x) -> x[0] = k.rowSum(n, x, 1) + k.rowMax(n, x, 1), n + 1);
            float[] state = numbers(3 * n);
            for (int i = 0; i < n; i++) {
                state[2 * n + i] *= state[2 * n + i]; // v is a mean of squares
            }
            float[] g = java.util.Arrays.copyOfRange(state, 0, n);
            float[][] results = new float[2][];
            for (int back = 0; back < 2; back++) {
                float[] m = java.util.Arrays.copyOfRange(state, n, 2 * n);
                float[] v = java.util.Arrays.copyOfRange(state, 2 * n, 3 * n);
                results[back] = g.clone();
                (back == 0 ? Kernels.plain() : vector)
                        .adam(0, n, 0.01f, 0.9f, 0.999f, 1.5f, 1e-8f, g, m, v, results[back]);
            }
            assertArrayEquals(results[0], results[1], "adam " + n);
        }
    }

    @Test
    void dotProductsOfRowsAreSixteenInterleavedSums() {
        for (int n : SIZES) {
            for (int rows : new int[] {1, 3, 4, 9}) {
                float[] x = numbers(rows * (n + 1) + n + 2);
                float[] expected = new float[rows];
                for (int r = 0; r < rows; r++) {
                    float[] partial = new float[16];
                    for (int i = 0; i < n; i++) {
                        partial[i % 16] = Math.fma(x[1 + r * (n + 1) + i], x[rows * (n + 1) + 1 + i], partial[i % 16]);
                    }
                    for (int width = 8; width > 0; width /= 2) {
                        for (int j = 0; j < width; j++) {
                            partial[j] += partial[j + width];
                        }
                    }
                    expected[r] = partial[0];
                }
                for (Kernels kernels : new Kernels[] {Kernels.plain(), vector}) {
                    float[] y = new float[rows + 2];
                    kernels.rowDots(rows, n, x, 1, n + 1, x, rows * (n + 1) + 1, y, 1);
                    assertArrayEquals(expected, java.util.Arrays.copyOfRange(y, 1, rows + 1), n + " " + rows);
                    assertEquals(expected[0], kernels.rowDot(n, x, 1, x, rows * (n + 1) + 1));
                }
            }
        }
    }

    @Test
    void adaGradStepsOfPairsAreTheSameOnBothKernels() {
        for (int n : SIZES) {
            float[] p = numbers(2 * n);
            float[] q = numbers(2 * n);
            for (int i = 0; i < 2 * n; i++) {
                p[i] = 1 + p[i] * p[i];
                q[i] = 1 + q[i] * q[i];
            }
            float[][] results = new float[2][];
            for (int back = 0; back < 2; back++) {
                float[] x = new float[2 * n];
                java.util.Arrays.fill(x, 0.7f);
                float[] y = p.clone();
                float[] px = p.clone();
                float[] qy = q.clone();
                (back == 0 ? Kernels.plain() : vector).adaGradPair(n, 0.3f, x, n, px, y, 0, qy);
                assertEquals(0.7f, x[0], "outside");
                assertEquals(0.7f - 0.3f * p[0] / (float) Math.sqrt(p[n]), x[n], 1e-6f);
                assertEquals(q[0] + 0.21f * 0.21f, qy[0], 1e-5f);
                results[back] = java.util.Arrays.copyOf(x, 8 * n);
                System.arraycopy(y, 0, results[back], 2 * n, 2 * n);
                System.arraycopy(px, 0, results[back], 4 * n, 2 * n);
                System.arraycopy(qy, 0, results[back], 6 * n, 2 * n);
            }
            assertArrayEquals(results[0], results[1], "n " + n);
        }
    }

    @Test
    void theLargestOfARowIsFoundAndNotANumberIsNotLost() {
        for (int n : SIZES) {
            for (int at = 0; at < n; at++) {
                float[] x = numbers(n);
                x[at] = 50;
                assertEquals(50, vector.rowMax(n, x, 0));
                x[at] = Float.NaN;
                assertTrue(Float.isNaN(vector.rowMax(n, x, 0)));
                assertTrue(Float.isNaN(Kernels.plain().rowMax(n, x, 0)));
            }
        }
    }

    /** The sums of the product, in the layout of its right operand, at sizes that fill no block. */
    @Test
    void advanceIsTheProductInThePackedLayout() {
        RandomStream random = RandomStream.of(8);
        for (int[] size : new int[][] {{1, 1}, {3, 5}, {8, 32}, {31, 70}, {33, 515}, {260, 37}}) {
            int k = size[0];
            int n = size[1];
            float[] a = Tensor.normal(random, 0.3, k, k).toArray();
            float[] b = Tensor.normal(random, 1, k, n).toArray();
            float[] unit = new float[k * k];
            for (int i = 0; i < k; i++) {
                unit[i * k + i] = 1;
            }
            for (Kernels kernels : new Kernels[] {Kernels.active(), new PlainKernels()}) {
                PackedMatrix from = kernels.pack(false, k, n, b, 0, n, null);
                PackedMatrix next = kernels.zeros(k, n);
                kernels.advance(a, 0, k, from, next);
                float[] expected = new float[k * n];
                kernels.matmul(false, false, k, n, k, a, 0, k, b, 0, n, expected, 0, n, false);
                next.addScaled(k - 1, 0, n, 0.5f, b, 0);
                kernels.addScaled(n, 0.5f, b, 0, expected, (k - 1) * n);
                float[] read = new float[k * n];
                kernels.matmulPacked(k, unit, 0, k, next, read, 0, n);
                assertArrayEquals(expected, read, k + "×" + n);
            }
            Kernels kernels = Kernels.active();
            PackedMatrix one = kernels.zeros(k, n);
            assertThrows(IllegalArgumentException.class, () -> kernels.advance(a, 0, k, one, one));
        }
    }

    @Test
    void whatAnLstmKeepsIsSevenFloatsPerStepAndUnit() {
        int batch = 3;
        int steps = 11;
        int inputs = 5;
        int hidden = 7;
        LstmSequence sequence = new LstmSequence(batch, steps, inputs, hidden, null, true);
        long perStep = batch * (7L * hidden + inputs);
        assertEquals(steps * perStep + batch * (2L * hidden + inputs), sequence.floatsKept());
        LstmSequence inference = new LstmSequence(batch, 1000, inputs, hidden, null, false);
        assertTrue(inference.floatsKept()
                < 1001L * batch * (hidden + inputs) + 4L * 256 * hidden + 3L * batch * hidden + 1);
        assertThrows(ArithmeticException.class, () -> new LstmSequence(1 << 16, 1 << 16, 1, 1, null, true));
        assertThrows(ArithmeticException.class, () -> new LstmSequence(1, 1 << 20, 1, 1 << 10, null, true));
    }

    @Test
    void reportsWhatIsActive() {
        assertTrue(Kernels.report().matches("(vector|plain) kernels.* \\d+ threads?"), Kernels.report());
    }
}
