package org.carousel.training.analysis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Initializer;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gate;
import org.carousel.recurrent.GateInitializers;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Irnn;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.LstmForm;
import org.carousel.recurrent.LstmVariant;
import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Gradient;
import org.ejml.simple.SimpleMatrix;
import org.junit.jupiter.api.Test;

/** {@link GradientFlow}, {@link Jacobians}, {@link Saturation} and {@link Cost}. */
class FlowOfErrorsTest {
    private static final int H = 0;
    private static final int C = 1;

    private static Tensor noise(int batch, int steps, int inputs) {
        return Tensor.normal(RandomStream.of(4), 1, batch, steps, inputs);
    }

    /** max(0, R h) with positive R and h is linear: J = R. */
    private static Irnn linear() {
        return new Irnn(Tensor.zeros(2, 1), Tensor.of(new float[][] {{0.5f, 2}, {0, 0.25f}}), Tensor.zeros(2));
    }

    private static LstmVariant withoutForgetGate(Initializer recurrent) {
        return LstmVariant.of(
                LstmForm.vanilla().peepholes(LstmForm.Peepholes.NONE).noForgetGate(),
                2,
                3,
                GateInitializers.of(Initializer.normal(1), recurrent),
                RandomStream.of(5));
    }

    @Test
    void linearCellByHand() {
        Tensor one = Tensor.ones(1, 2);
        Jacobians jacobians = Jacobians.of(linear(), Tensor.zeros(1, 2, 1), one);
        assertArrayEquals(
                new float[] {0.5f, 2, 0, 0.25f}, jacobians.steps().get(1).toArray());
        // R² = (0.25, 1.5; 0, 0.0625)
        SimpleMatrix square = jacobians.between(0, 2);
        assertEquals(
                0,
                square.minus(new SimpleMatrix(new double[][] {{0.25, 1.5}, {0, 0.0625}}))
                        .normF());
        assertEquals(0.5, Jacobians.spectralRadius(jacobians.between(0, 1)), 1e-12);
        double[] singular = Jacobians.singularValues(jacobians.between(0, 1));
        assertEquals(0.125, singular[0] * singular[1], 1e-12); // |det|
        assertEquals(4.3125, singular[0] * singular[0] + singular[1] * singular[1], 1e-12); // sum of squares
        assertEquals(singular[0], Jacobians.norm(jacobians.between(0, 1)));
        // L = first number of h_2: ∂L/∂h_0 = (0.25, 1.5), ∂L/∂h_1 = (0.5, 2), ∂L/∂h_2 = (1, 0)
        GradientFlow flow = GradientFlow.of(linear(), Tensor.zeros(1, 2, 1), one, s -> s.last()
                .slice(1, 0, 1)
                .sum());
        assertArrayEquals(new double[] {1, Math.sqrt(4.25), Math.sqrt(2.3125)}, flow.perLag(0), 1e-12);
    }

    @Test
    void elmanIsDerivativeTimesR() {
        Elman cell = Elman.of(2, 3, RandomStream.of(1));
        Tensor x = noise(1, 4, 2);
        Jacobians jacobians = Jacobians.of(cell, x, cell.initial(1));
        Tensor h = cell.unroll(x, cell.initial(1)).h();
        for (int t = 0; t < 4; t++) {
            Tensor slope = h.select(1, t).squared().oneMinus().reshape(3, 1);
            assertArrayEquals(
                    slope.times(cell.R()).toArray(), jacobians.steps().get(t).toArray(), 1e-6f);
        }
    }

    @Test
    void carouselPassesErrorsUnchanged() {
        LstmVariant cell = withoutForgetGate((out, in, random) -> Tensor.zeros(out, in));
        Jacobians jacobians = Jacobians.of(cell, noise(1, 40, 2), cell.initial(1));
        SimpleMatrix kept = jacobians.block(jacobians.between(0, 40), C, C);
        assertTrue(kept.isIdentical(SimpleMatrix.identity(3), 0), kept::toString);
        GradientFlow flow = GradientFlow.of(
                cell, noise(1, 40, 2), cell.initial(1), s -> s.last().c().sum());
        for (double norm : flow.perLag(C)) {
            assertEquals(Math.sqrt(3), norm);
        }
        assertEquals(0, flow.norms()[H][40]);
    }

    @Test
    void truncatedBlocksOf1997KeepTheErrorFullOnesDoNot() {
        MemoryBlocks cell = MemoryBlocks.of1997(2, 2, 2, true, Initializer.uniform(1), RandomStream.of(3));
        Tensor x = noise(1, 30, 2);
        Jacobians cut = Jacobians.of(cell, x, cell.initial(1));
        Jacobians full = Jacobians.of(cell.fullGradient(), x, cell.initial(1));
        SimpleMatrix one = SimpleMatrix.identity(4);
        assertTrue(cut.block(cut.between(0, 30), C, C).isIdentical(one, 0));
        assertTrue(full.block(full.between(0, 1), C, C).isIdentical(one, 0)); // one step: h is held fixed
        assertTrue(full.block(full.between(0, 30), C, C).minus(one).normF() > 0.1);
    }

    @Test
    void forgetGateIsTheDerivativeOfOneStep() {
        Lstm cell = Lstm.of(2, 3, RandomStream.of(2));
        Tensor x = noise(1, 5, 2);
        Jacobians jacobians = Jacobians.of(cell, x, cell.initial(1));
        Tensor f = cell.inspect(x, cell.initial(1)).get("f");
        for (int t = 0; t < 5; t++) {
            SimpleMatrix expected = SimpleMatrix.diag(f.select(1, t).toDoubles());
            SimpleMatrix found = jacobians.block(jacobians.between(t, t + 1), C, C);
            assertTrue(found.isIdentical(expected, 1e-7), found::toString);
        }
    }

    @Test
    void productsAgreeWithFiniteDifferences() {
        differences(Lstm.of(2, 3, RandomStream.of(6)));
        differences(Gru.of(2, 3, RandomStream.of(6)));
        differences(LstmVariant.of(LstmForm.vanilla().fullGateRecurrence(), 2, 3, RandomStream.of(6)));
        differences(MemoryBlocks.of1997(2, 2, 1, true, Initializer.uniform(1), RandomStream.of(6))
                .fullGradient());
    }

    private static <S> void differences(Cell<S> cell) {
        Tensor x = noise(1, 6, 2);
        Jacobians jacobians = Jacobians.of(cell, x, cell.initial(1));
        SimpleMatrix product = jacobians.between(0, 6);
        double epsilon = 1e-2;
        int column = 0;
        for (int part = 0; part < jacobians.sizes().size(); part++) {
            for (int j = 0; j < jacobians.sizes().get(part); j++) {
                SimpleMatrix up = last(cell, x, part, j, epsilon);
                SimpleMatrix down = last(cell, x, part, j, -epsilon);
                SimpleMatrix numeric = up.minus(down).divide(2 * epsilon);
                double error = numeric.minus(product.getColumn(column++)).normF();
                assertTrue(error < 2e-4, cell + ": " + error);
            }
        }
        assertEquals(product.getNumCols(), column);
    }

    private static <S> SimpleMatrix last(Cell<S> cell, Tensor x, int part, int j, double shift) {
        List<Tensor> parts = new ArrayList<>(cell.tensors(cell.initial(1)));
        float[] moved = new float[parts.get(part).size()];
        moved[j] = (float) shift;
        parts.set(part, Tensor.wrap(moved, 1, moved.length));
        S end = cell.unroll(x, cell.state(parts)).last();
        return Tensor.concat(1, cell.tensors(end).toArray(new Tensor[0]))
                .transpose()
                .toEjml();
    }

    @Test
    void flowIsTheChainOfJacobians() {
        Lstm cell = Lstm.of(2, 3, RandomStream.of(8));
        Tensor x = noise(1, 7, 2);
        Jacobians jacobians = Jacobians.of(cell, x, cell.initial(1));
        GradientFlow flow =
                GradientFlow.of(cell, x, cell.initial(1), s -> s.last().h().sum());
        SimpleMatrix outer = new SimpleMatrix(1, 6, true, 1, 1, 1, 0, 0, 0);
        for (int t = 0; t <= 7; t++) {
            SimpleMatrix error = outer.mult(jacobians.between(t, 7));
            assertEquals(error.cols(0, 3).normF(), flow.norms()[H][t], 1e-6);
            assertEquals(error.cols(3, 6).normF(), flow.norms()[C][t], 1e-6);
            assertEquals(error.normF(), flow.perLag()[7 - t], 1e-6);
        }
    }

    @Test
    void flowCountsErrorsOfEveryStepAndSequence() {
        // L = Σ over steps of h: ∂L/∂h_1 = 1 + R'1, by hand with R = (0.5, 2; 0, 0.25): (1.5, 3.25); two equal
        // sequences
        GradientFlow flow = GradientFlow.of(linear(), Tensor.zeros(2, 2, 1), Tensor.ones(2, 2), s -> s.h().sum());
        assertEquals(Math.sqrt(2 * (1.5 * 1.5 + 3.25 * 3.25)), flow.norms()[0][1], 1e-12);
    }

    @Test
    void parametersAreLeftWithoutGradient() {
        Elman cell = Elman.of(2, 3, RandomStream.of(1));
        GradientFlow.of(cell, noise(2, 3, 2), cell.initial(2), s -> s.h().sum());
        Jacobians.of(cell, noise(1, 3, 2), cell.initial(1));
        assertEquals(0, Gradient.norm(cell.parameters()));
    }

    @Test
    void jacobiansRefuseABatchAndStepsOutOfOrder() {
        Elman cell = Elman.of(2, 3, RandomStream.of(1));
        assertThrows(IllegalArgumentException.class, () -> Jacobians.of(cell, noise(2, 3, 2), cell.initial(2)));
        Jacobians jacobians = Jacobians.of(cell, noise(1, 3, 2), cell.initial(1));
        assertThrows(IllegalArgumentException.class, () -> jacobians.between(2, 1));
        assertThrows(IllegalArgumentException.class, () -> jacobians.between(0, 4));
        assertTrue(jacobians.between(3, 3).isIdentical(SimpleMatrix.identity(3), 0));
    }

    @Test
    void saturationCountsBothEnds() {
        Saturation half = Saturation.of(Tensor.of(0.05f, 0.5f, 0.95f, 0.99f));
        assertEquals(new Saturation(0.25, 0.5), half);
        assertEquals("25 % below 0.1, 50 % above 0.9", half.toString());
        Lstm open = Lstm.of(2, 3, GateInitializers.standard().bias(Gate.FORGET, 50), RandomStream.of(1));
        Map<String, Tensor> inside = open.inspect(noise(2, 4, 2), open.initial(2));
        assertEquals(new Saturation(0, 1), Saturation.of(inside, "i", "f").get("f"));
        assertThrows(IllegalArgumentException.class, () -> Saturation.of(inside, "r"));
    }

    @Test
    void costIsCountedFromShapes() {
        assertEquals(new Cost(5 * (3 + 5 + 1), 2 * 5 * (3 + 5)), Cost.of(Elman.of(3, 5, RandomStream.of(1))));
        assertEquals(new Cost(4 * 5 * (3 + 5 + 1), 4 * 2 * 5 * (3 + 5)), Cost.of(Lstm.of(3, 5, RandomStream.of(1))));
        assertEquals(
                3 * 2 * 5 * (3 + 5), Cost.of(Gru.of(3, 5, RandomStream.of(1))).flops());
    }
}
