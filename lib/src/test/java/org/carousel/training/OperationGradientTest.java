package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every differentiable operation against central differences. */
class OperationGradientTest {
    /** Operations of a [2×3] and, where they take one, b [3×3]. */
    private static Map<String, BinaryOperator<Tensor>> operations() {
        Map<String, BinaryOperator<Tensor>> all = new TreeMap<>();
        all.put("plus row", (a, b) -> a.plus(b.select(0, 1)));
        all.put("minus column", (a, b) -> a.slice(1, 0, 1).minus(b.slice(0, 0, 2)));
        all.put("minus row", (a, b) -> b.select(0, 0).minus(a));
        all.put("times", (a, b) -> a.times(b.slice(0, 1, 3)));
        all.put("times scalar", (a, b) -> a.times(b.sum()));
        all.put("dividedBy", (a, b) -> a.dividedBy(b.slice(0, 0, 2).plus(3)));
        all.put("dividedBy row", (a, b) -> a.dividedBy(b.select(0, 2).plus(3)));
        all.put("matmul", Tensor::matmul);
        all.put("linear", Tensor::linear);
        all.put("linear with bias", (a, b) -> Tensor.linear(a, b, b.select(1, 1)));
        all.put("matmul batched", (a, b) -> Tensor.stack(0, a, a.times(2)).matmul(Tensor.stack(0, b, b.squared())));
        all.put("matmul shared", (a, b) -> Tensor.stack(0, a, a.times(2)).matmul(b));
        all.put("linear batched", (a, b) -> Tensor.linear(Tensor.stack(0, a, a), Tensor.stack(0, b, b.squared())));
        all.put("matmul vector", (a, b) -> a.select(0, 1).matmul(b));
        all.put("transpose", (a, b) -> a.transpose().times(b.slice(1, 1, 3)));
        all.put("permute", (a, b) -> Tensor.stack(0, a, a.squared())
                .permute(2, 0, 1)
                .times(b.slice(0, 0, 1).sum()));
        all.put("sigmoid", (a, b) -> Tensor.sigmoid(a.matmul(b)));
        all.put("tanh", (a, b) -> Tensor.tanh(a.matmul(b)));
        all.put("relu", (a, b) -> Tensor.relu(a.matmul(b)));
        all.put("gelu", (a, b) -> Tensor.gelu(a.matmul(b)));
        all.put("exp", (a, b) -> Tensor.exp(a.matmul(b)));
        all.put("log", (a, b) -> Tensor.log(a.matmul(b).squared().plus(1)));
        all.put("sqrt", (a, b) -> Tensor.sqrt(a.matmul(b).squared().plus(1)));
        all.put("softmax", (a, b) -> Tensor.softmax(a.matmul(b)));
        all.put("logSoftmax", (a, b) -> Tensor.logSoftmax(a.matmul(b)));
        all.put("concat", (a, b) -> Tensor.concat(0, a, b, a.squared()));
        all.put("concat columns", (a, b) -> Tensor.concat(1, a, b.slice(0, 0, 2)));
        all.put("stack", (a, b) -> Tensor.stack(1, a, b.slice(0, 1, 3)));
        all.put("sum axis", (a, b) -> a.matmul(b).squared().sum(0));
        all.put("mean axis", (a, b) -> a.matmul(b).squared().mean(1));
        all.put("mean", (a, b) -> a.matmul(b).squared().mean());
        all.put("slice columns", (a, b) -> a.slice(1, 1, 3).matmul(b.slice(0, 1, 3)));
        all.put("select", (a, b) -> a.select(1, 2).times(b.select(1, 0).slice(0, 0, 2)));
        all.put("rows", (a, b) -> b.rows(2, 0, 2).matmul(a.transpose()));
        all.put("pick", (a, b) -> a.matmul(b).pick(2, 1));
        all.put("reshape", (a, b) -> a.reshape(3, 2).matmul(b.slice(0, 0, 2)));
        all.put("oneMinus", (a, b) -> a.oneMinus().times(b.negate().slice(0, 0, 2)));
        all.put("binary cross-entropy", (a, b) -> Loss.binaryCrossEntropy(a.matmul(b), Tensor.full(0.3, 2, 3)));
        all.put(
                "binary cross-entropy, padded",
                (a, b) -> Loss.binaryCrossEntropy(
                        a.matmul(b).reshape(1, 2, 3),
                        Tensor.of(1, 0, 1, 0, 0, 0).reshape(1, 2, 3),
                        1));
        all.put("cross-entropy", (a, b) -> Loss.crossEntropy(a.matmul(b), 2, 0));
        all.put("squared error", (a, b) -> Loss.squaredError(a.matmul(b), b.slice(0, 0, 2)));
        return all;
    }

    static Stream<String> names() {
        return operations().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void agreesWithCentralDifferences(String name) {
        RandomStream random = RandomStream.of(name.hashCode());
        Tensor a = Tensor.normal(random, 0.7, 2, 3);
        Tensor b = Tensor.normal(random, 0.7, 3, 3);
        Parameters parameters = Parameters.of("a", a).and("b", b);
        GradientCheck check =
                GradientCheck.of(parameters, () -> operations().get(name).apply(a, b));
        assertTrue(check.error() < 2e-3, name + ": " + check);
    }

    @Test
    void noticesAWrongRule() {
        Tensor a = Tensor.of(1, 2, 3);
        Parameters parameters = Parameters.of("a", a);
        GradientCheck check = GradientCheck.of(
                parameters,
                () -> Fused.operation(
                        "wrong square",
                        a.squared().toArray(),
                        a.shape(),
                        java.util.List.of(a),
                        g -> Fused.gradientBuffer(a)[0] += g[0] * 2 * a.get(0)));
        assertTrue(check.error() > 0.1, "a rule that forgets two elements must be noticed: " + check);
        assertEquals("a", check.parameter());
    }
}
