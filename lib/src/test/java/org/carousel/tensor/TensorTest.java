package org.carousel.tensor;

import static org.carousel.tensor.Tensor.linear;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.internal.Fused;
import org.ejml.data.FMatrixRMaj;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
    private static final Tensor A = Tensor.of(new float[][] {{1, 2, 3}, {4, 5, 6}});

    private static void assertMessage(String expected, Executable body) {
        assertEquals(expected, assertThrows(RuntimeException.class, body).getMessage());
    }

    @Test
    void multipliesMatrices() {
        Tensor b = Tensor.of(new float[][] {{1, 0}, {0, 1}, {1, 1}});
        assertArrayEquals(new float[] {4, 5, 10, 11}, A.matmul(b).toArray());
        assertArrayEquals(new float[] {14, 32, 32, 77}, linear(A, A).toArray());
        assertArrayEquals(new float[] {4, 5}, Tensor.of(1, 2, 3).matmul(b).toArray());
    }

    @Test
    void multipliesBatchesOfMatrices() {
        Tensor a = Tensor.of(1, 2, 3, 4, 5, 6, 7, 8).reshape(2, 2, 2);
        Tensor product = a.matmul(a.transpose());
        assertEquals("[2×2×2]", product.shapeText());
        assertArrayEquals(new float[] {5, 11, 11, 25, 61, 83, 83, 113}, product.toArray());
        Tensor shared = a.matmul(Tensor.of(new float[][] {{1}, {1}}));
        assertEquals("[2×2×1]", shared.shapeText());
        assertArrayEquals(new float[] {3, 7, 11, 15}, shared.toArray());
    }

    @Test
    void broadcasts() {
        assertArrayEquals(
                new float[] {11, 22, 33, 14, 25, 36},
                A.plus(Tensor.of(10, 20, 30)).toArray());
        Tensor column = Tensor.of(new float[][] {{1}, {2}});
        assertArrayEquals(new float[] {0, 1, 2, 2, 3, 4}, A.minus(column).toArray());
        assertArrayEquals(
                new float[] {1, 2, 3, 2, 4, 6}, column.times(Tensor.of(1, 2, 3)).toArray());
        assertArrayEquals(
                new float[] {2, 1}, Tensor.of(2, 2).dividedBy(Tensor.of(1, 2)).toArray());
        assertArrayEquals(new float[] {0, -1}, Tensor.of(1, 2).oneMinus().toArray());
    }

    @Test
    void takesParts() {
        Tensor x = Tensor.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11).reshape(2, 3, 2);
        assertArrayEquals(new float[] {2, 3, 8, 9}, x.select(1, 1).toArray());
        assertArrayEquals(new float[] {6, 7, 8, 9, 10, 11}, x.select(0, 1).toArray());
        assertArrayEquals(new float[] {1, 3, 5, 7, 9, 11}, x.slice(2, 1, 2).toArray());
        assertArrayEquals(new float[] {4, 5, 6, 1, 2, 3}, A.rows(1, 0).toArray());
        assertArrayEquals(new float[] {3, 4}, A.pick(2, 0).toArray());
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, A.transpose().toArray());
        assertEquals(8, x.get(1, 1, 0));
        assertSame(A.array(), A.slice(0, 1, 2).array(), "a leading part shares its array");
    }

    @Test
    void joins() {
        Tensor x = Tensor.of(new float[][] {{7}, {8}});
        assertArrayEquals(
                new float[] {1, 2, 3, 7, 4, 5, 6, 8}, Tensor.concat(1, A, x).toArray());
        assertEquals("[2×2×3]", Tensor.stack(1, A, A).shapeText());
        assertArrayEquals(
                new float[] {1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6},
                Tensor.stack(1, A, A).toArray());
        assertArrayEquals(
                new float[] {1, 1, 2, 2, 3, 3},
                Tensor.stack(-1, A.select(0, 0), A.select(0, 0)).toArray());
    }

    @Test
    void sums() {
        assertEquals(21, A.sum().item());
        assertEquals(3.5f, A.mean().item());
        assertArrayEquals(new float[] {5, 7, 9}, A.sum(0).toArray());
        assertArrayEquals(new float[] {6, 15}, A.sum(-1).toArray());
        assertArrayEquals(new float[] {2, 5}, A.mean(1).toArray());
        assertArrayEquals(new float[] {4, 5, 6}, A.slice(0, 1, 2).sum(0).toArray());
    }

    @Test
    void softmaxSumsToOneAndSurvivesLargeNumbers() {
        Tensor p = Tensor.softmax(Tensor.of(1000, 1001, 999));
        assertEquals(1, p.sum().item(), 1e-6);
        assertEquals(0.66524, p.get(1), 1e-5);
        assertEquals(
                Math.log(0.66524), Tensor.logSoftmax(Tensor.of(1000, 1001, 999)).get(1), 1e-5);
    }

    @Test
    void oneHotTimesTableIsALookUp() {
        Tensor table = Tensor.normal(RandomStream.of(1), 1, 5, 3);
        int[] tokens = {4, 0, 4};
        assertArrayEquals(
                table.rows(tokens).toArray(),
                Tensor.oneHot(tokens, 5).matmul(table).toArray());
    }

    @Test
    void exchangesMatricesWithEjml() {
        assertArrayEquals(A.toArray(), Tensor.ofEjml(A.toEjml()).toArray());
        FMatrixRMaj single = new FMatrixRMaj(new float[][] {{1, 2}, {3, 4}});
        assertSame(single.data, Tensor.ofEjml(SimpleMatrix.wrap(single)).array(), "float matrices are not copied");
        assertEquals(6, A.toEjml().get(1, 2));
    }

    @Test
    void addsUpGradientsOfATensorUsedTwice() {
        Tensor x = Tensor.of(3).requiresGradient();
        x.times(x).plus(x).sum().backward();
        assertEquals(7, x.gradient().item());
        x.times(2).sum().backward();
        assertEquals(9, x.gradient().item(), "a second pass adds to the first");
        x.clearGradient();
        assertFalse(x.hasGradient());
    }

    @Test
    void aGradientThatWasGivenOutKeepsItsValuesWhileTheNextOneBeginsAtZero() {
        Tensor x = Tensor.of(3).requiresGradient();
        x.times(2).sum().backward();
        Tensor first = x.gradient();
        x.clearGradient();
        x.times(5).sum().backward();
        assertEquals(2, first.item());
        x.clearGradient(); // not shown to anyone: its memory may serve again
        x.times(7).sum().backward();
        assertEquals(7, x.gradient().item());
    }

    @Test
    void differentiatesLongChainsWithoutExhaustingTheStack() {
        Tensor x = Tensor.scalar(1).requiresGradient();
        Tensor y = x;
        for (int i = 0; i < 100_000; i++) {
            y = y.plus(x);
        }
        y.backward();
        assertEquals(100_001, x.gradient().item());
    }

    @Test
    void remembersNothingWhenToldNotTo() {
        Tensor x = Tensor.of(1).requiresGradient();
        Tensor y = Tensor.withoutGradient(() -> x.times(2));
        assertFalse(y.needsGradient());
        assertThrows(IllegalStateException.class, y.sum()::backward);
        assertTrue(x.times(2).needsGradient());
        assertFalse(x.times(2).detach().needsGradient());
    }

    @Test
    void namesOperationShapesAndHintInErrors() {
        Tensor b = Tensor.zeros(64, 512);
        assertMessage("matmul: [32×128] · [64×512]: inner sizes 128 and 64 differ", () -> Tensor.zeros(32, 128)
                .matmul(b));
        assertMessage("linear: [2×3] · [64×512]ᵀ: inner sizes 3 and 512 differ", () -> linear(A, b));
        assertMessage(
                "plus: [2×3] and [2] cannot be broadcast together: sizes 3 and 2 differ and neither is 1",
                () -> A.plus(Tensor.of(1, 2)));
        assertMessage("reshape: [2×3] of 6 elements does not fit [4×-1]", () -> A.reshape(4, -1));
        assertMessage("rows: index 2 is outside 0..1", () -> A.rows(0, 2));
        assertMessage("slice: range [1, 4) does not lie within axis 1 of [2×3]", () -> A.slice(1, 1, 4));
        assertMessage("zeros: shape [2×-1] has a negative size", () -> Tensor.zeros(2, -1));
        assertMessage(
                "zeros: shape [65536×65536] has more elements than a Java array can hold (2147483647)",
                () -> Tensor.zeros(65536, 65536));
        assertMessage("tensor: 3 values do not fill shape [2×2] of 4 elements", () -> Tensor.wrap(new float[3], 2, 2));
        assertMessage(
                "concat: [2×3] and [1×2] (part 1) differ outside axis 0",
                () -> Tensor.concat(0, A, Tensor.zeros(1, 2)));
    }

    @Test
    void matricesThatAreKeptPackedGiveTheSameProductsAndGradients() {
        RandomStream random = RandomStream.of(5);
        for (int rows : new int[] {1, 3}) {
            Tensor[] a = new Tensor[2];
            Tensor[] b = new Tensor[2];
            float[] left = Tensor.normal(random, 1, 2 * rows * 19).toArray();
            float[] right = Tensor.normal(random, 1, 2 * 19 * 35).toArray();
            Tensor outer = Tensor.normal(random, 1, 2, rows, 35);
            float[][] products = new float[2][];
            for (int i = 0; i < 2; i++) {
                a[i] = Tensor.wrap(left.clone(), 2, rows, 19).requiresGradient();
                b[i] = Tensor.wrap(right.clone(), 2, 19, 35).requiresGradient();
                Tensor c = a[i].matmul(i == 0 ? b[i] : Fused.keepPacked(b[i]));
                products[i] = c.toArray();
                c.backward(outer);
                a[i].matmul(b[i]).backward(outer); // a second reading adds to the gradients
            }
            assertArrayEquals(products[0], products[1]);
            assertArrayEquals(a[0].gradient().toArray(), a[1].gradient().toArray());
            assertArrayEquals(b[0].gradient().toArray(), b[1].gradient().toArray());
        }
        assertMessage("keepPacked: [2×3] are not several matrices [..×K×N]", () -> Fused.keepPacked(A));
    }

    @Test
    void printsShapeAndNumbers() {
        assertEquals("Tensor[2×3] [[1, 2, 3], [4, 5, 6]]", A.toString());
        assertEquals("Tensor[] 0.5000", Tensor.scalar(0.5).toString());
        assertEquals("Tensor[9] [0, 0, 0, …, 0, 0, 0]", Tensor.zeros(9).toString());
    }
}
