package org.carousel.attention.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderLayerTest {
    /** x Φ(x) in double precision, by Python's math.erf. */
    @Test
    void geluByTheErrorFunction() {
        float[] x = {-8, -4, -2.5f, -1, -0.3f, -1e-3f, 0, 1e-3f, 0.3f, 1, 2.5f, 4, 8};
        double[] expected = {
            -4.884981308350689e-15,
            -0.00012668496733247991,
            -0.015524163314440398,
            -0.15865525393145707,
            -0.1146265733433142,
            -0.000499601057786089,
            0.0,
            0.000500398942213911,
            0.18537342665668577,
            0.8413447460685429,
            2.4844758366855597,
            3.9998733150326675,
            7.999999999999995
        };
        Tensor y = EncoderLayer.Activation.GELU_ERF.apply(Tensor.of(x));
        for (int k = 0; k < x.length; k++) {
            assertEquals(expected[k], y.get(k), 4e-7, "x = " + x[k]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void activationsAgreeWithCentralDifferences(EncoderLayer.Activation activation) {
        Tensor a = Tensor.normal(RandomStream.of(5), 1.5, 4, 6);
        Tensor w = Tensor.normal(RandomStream.of(6), 1, 4, 6);
        GradientCheck check = GradientCheck.of(
                Parameters.of("a", a), () -> activation.apply(a).times(w).sum());
        assertTrue(check.error() < 2e-3, activation + ": " + check);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void layerAgreesWithCentralDifferences(boolean preNorm) {
        EncoderLayer layer = EncoderLayer.of(4, 2, 6, preNorm, EncoderLayer.Activation.GELU_ERF, RandomStream.of(7));
        Tensor x = Tensor.normal(RandomStream.of(8), 1, 2, 3, 4);
        Tensor w = Tensor.normal(RandomStream.of(9), 1, 2, 3, 4);
        GradientCheck check = GradientCheck.of(
                Parameters.of("layer", layer).and("x", x),
                () -> layer.apply(x, false).times(w).sum());
        assertTrue(check.error() < 5e-3, check.toString());
    }

    /** Without a history queries, keys and values are one product: the bits of three. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inferenceGivesTheBitsOfTraining(boolean causal) {
        MultiHead attention = MultiHead.of(24, 3, RandomStream.of(10));
        attention.b().update(b -> {
            for (int i = 0; i < b.length; i++) {
                b[i] = 0.01f * i;
            }
        });
        Tensor x = Tensor.normal(RandomStream.of(11), 1, 3, 7, 24);
        Tensor trained = attention.apply(x, x, causal, 7, 2, 5);
        Tensor read = Tensor.withoutGradient(() -> attention.apply(x, x, causal, 7, 2, 5));
        assertArrayEquals(trained.toArray(), read.toArray());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-12, 1e-5, 0.5})
    void layerNormsEpsilon(double epsilon) {
        float[] row = {0.5f, -1, 2, 0.25f};
        LayerNorm norm = new LayerNorm(Tensor.of(2, 1, 0.5f, -1), Tensor.of(0, 1, 0, 3), epsilon);
        double mean = 0;
        for (float v : row) {
            mean += v / 4.0;
        }
        double variance = 0;
        for (float v : row) {
            variance += (v - mean) * (v - mean) / 4;
        }
        float[] expected = new float[4];
        for (int k = 0; k < 4; k++) {
            double standard = (row[k] - mean) / Math.sqrt(variance + epsilon);
            expected[k] = (float) (standard * norm.gamma().get(k) + norm.beta().get(k));
        }
        Tensor x = Tensor.of(row).reshape(1, 4);
        assertArrayEquals(expected, norm.apply(x).toArray(), 2e-6f, "training");
        assertArrayEquals(expected, Tensor.withoutGradient(() -> norm.apply(x)).toArray(), 2e-6f, "inference");
        float[] y = new float[4];
        norm.into(row, y);
        assertArrayEquals(expected, y, 2e-6f, "streams");
        Tensor w = Tensor.of(1, -2, 0.5f, 3).reshape(1, 4);
        GradientCheck check = GradientCheck.of(
                Parameters.of("norm", norm).and("x", x),
                () -> norm.apply(x).times(w).sum());
        assertTrue(check.error() < 2e-3, check.toString());
    }
}
