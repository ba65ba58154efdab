package org.carousel.training;

import static org.carousel.Golden.assertClose;
import static org.carousel.Golden.load;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PyTorch in float64; see golden/generate.py among the test resources. */
class GoldenVectorTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lstm(boolean fused) {
        Map<String, Tensor> v = load("lstm");
        Lstm lstm = new Lstm(
                v.get("weight_ih_l0"),
                v.get("weight_hh_l0"),
                v.get("bias_ih_l0").plus(v.get("bias_hh_l0")));
        Lstm.State first =
                new Lstm.State(v.get("h0").requiresGradient(), v.get("c0").requiresGradient());
        Sequence<Lstm.State> last = twoWindows(lstm, v, first, fused, s -> s.h().times(v.get("v_h"))
                .sum()
                .plus(s.c().times(v.get("v_c")).sum()));
        assertClose("h", v.get("hLast"), last.last().h());
        assertClose("c", v.get("cLast"), last.last().c());
        assertClose("dh0", v.get("dh0"), first.h().gradient());
        assertClose("dc0", v.get("dc0"), first.c().gradient());
    }

    @Test
    void elman() {
        Map<String, Tensor> v = load("elman");
        Elman elman = new Elman(
                v.get("weight_ih_l0"),
                v.get("weight_hh_l0"),
                v.get("bias_ih_l0").plus(v.get("bias_hh_l0")));
        Tensor first = v.get("h0").requiresGradient();
        Sequence<Tensor> last =
                twoWindows(elman, v, first, true, h -> h.times(v.get("v_h")).sum());
        assertClose("h", v.get("hLast"), last.last());
        assertClose("dh0", v.get("dh0"), first.gradient());
    }

    private static <S> Sequence<S> twoWindows(
            Cell<S> cell, Map<String, Tensor> v, S first, boolean fused, java.util.function.Function<S, Tensor> tail) {
        Parameters parameters = cell.parameters();
        Tensor loss = Tensor.scalar(0);
        S state = first;
        Sequence<S> y = new Sequence<>(loss, first);
        for (int k = 0; k < 2; k++) {
            Tensor x = v.get("x" + k).requiresGradient();
            y = fused ? cell.run(x, state) : cell.unroll(x, state);
            state = y.last();
            assertClose("y" + k, v.get("y" + k), y.h());
            loss = loss.plus(y.h().times(v.get("w" + k)).sum());
        }
        loss = loss.plus(tail.apply(state));
        assertEquals(
                v.get("loss").item(), loss.item(), 1e-4 * Math.abs(v.get("loss").item()) + 1e-4);
        loss.backward();
        for (int k = 0; k < 2; k++) {
            assertClose("dx" + k, v.get("dx" + k), v.get("x" + k).gradient());
        }
        for (Map.Entry<String, Tensor> p : parameters) {
            assertClose(
                    "d_" + p.getKey(), v.get("d_" + p.getKey()), p.getValue().gradient());
        }
        return y;
    }

    @Test
    void crossEntropyLeavesOutIgnoredRows() {
        Map<String, Tensor> v = load("cross_entropy");
        Tensor x = v.get("x").requiresGradient();
        int[] target = new int[x.size(0)];
        for (int i = 0; i < target.length; i++) {
            target[i] = (int) v.get("target").get(i);
        }
        Tensor loss = Loss.crossEntropy(x, target);
        loss.backward();
        assertClose("loss", v.get("loss"), loss);
        assertClose("dx", v.get("dx"), x.gradient());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "adam"})
    void optimizers(String rule) {
        Map<String, Tensor> v = load("optimizers");
        Optimizer optimizer =
                switch (rule) {
                    case "sgd" -> Optimizer.sgd(0.05);
                    case "momentum" -> Optimizer.momentum(0.05, 0.9);
                    case "nesterov" -> Optimizer.nesterov(0.05, 0.9);
                    default -> Optimizer.adam(0.05);
                };
        Tensor theta = v.get("theta");
        Parameters parameters = Parameters.of("theta", theta);
        for (int step = 0; step < 10; step++) {
            parameters.clearGradients();
            theta.squared().times(v.get("a")).sum().times(0.5).backward();
            optimizer.step(parameters, 1);
            assertClose(rule + " step " + step, v.get(rule).select(0, step), theta);
        }
    }
}
