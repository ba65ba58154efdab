package org.carousel.tensor;

import org.carousel.tensor.internal.kernels.Elementwise;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Rectifiers;

/** Functions of one tensor and their backward rules. */
final class Functions {
    private Functions() {}

    /** Adds to ∂L/∂x what ∂L/∂y says. */
    @FunctionalInterface
    private interface Rule {
        void propagate(float[] dy, float[] dx);
    }

    private static Tensor unary(String name, Tensor x, float[] y, Rule rule) {
        return Tensor.result(name, y, x.sizes(), g -> rule.propagate(g, x.gradientBuffer()), x);
    }

    static Tensor sigmoid(Tensor x) {
        float[] y = new float[x.size()];
        Kernels.active().sigmoid(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("sigmoid", x, y, (g, dx) -> Elementwise.sigmoidBackward(x.size(), g, 0, y, 0, dx, 0));
    }

    static Tensor tanh(Tensor x) {
        float[] y = new float[x.size()];
        Kernels.active().tanh(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("tanh", x, y, (g, dx) -> Elementwise.tanhBackward(x.size(), g, 0, y, 0, dx, 0));
    }

    static Tensor relu(Tensor x) {
        float[] y = new float[x.size()];
        Rectifiers.active().relu(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("relu", x, y, (g, dx) -> Rectifiers.active().reluBackward(x.size(), g, 0, y, 0, dx, 0));
    }

    static Tensor gelu(Tensor x) {
        float[] t = new float[x.size()];
        float[] y = new float[x.size()];
        Rectifiers.active().gelu(x.size(), x.array(), x.arrayOffset(), t, y);
        return unary("gelu", x, y, (g, dx) -> Rectifiers.active()
                .geluBackward(x.size(), g, x.array(), x.arrayOffset(), t, dx));
    }

    static Tensor exp(Tensor x) {
        float[] y = new float[x.size()];
        Kernels.active().exp(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("exp", x, y, (g, dx) -> Kernels.active().multiplyAdd(x.size(), g, 0, y, 0, dx, 0));
    }

    static Tensor log(Tensor x) {
        float[] y = new float[x.size()];
        Elementwise.log(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("log", x, y, (g, dx) -> Elementwise.divideAdd(x.size(), g, 0, x.array(), x.arrayOffset(), dx, 0));
    }

    static Tensor sqrt(Tensor x) {
        float[] y = new float[x.size()];
        Elementwise.sqrt(x.size(), x.array(), x.arrayOffset(), y, 0);
        return unary("sqrt", x, y, (g, dx) -> Elementwise.sqrtBackward(x.size(), g, 0, y, 0, dx, 0));
    }

    static Tensor softmax(Tensor x) {
        int n = lastAxis("softmax", x);
        int rows = n == 0 ? 0 : x.size() / n;
        float[] y = new float[x.size()];
        Kernels.active().softmaxRows(rows, n, x.array(), x.arrayOffset(), n, y, 0, n);
        return unary("softmax", x, y, (g, dx) -> Kernels.active().softmaxRowsBackward(rows, n, g, 0, y, 0, dx, 0));
    }

    static Tensor logSoftmax(Tensor x) {
        int n = lastAxis("logSoftmax", x);
        int rows = n == 0 ? 0 : x.size() / n;
        float[] y = new float[x.size()];
        Kernels.active().logSoftmaxRows(rows, n, x.array(), x.arrayOffset(), n, y, 0, n);
        return unary(
                "logSoftmax", x, y, (g, dx) -> Kernels.active().logSoftmaxRowsBackward(rows, n, g, 0, y, 0, dx, 0));
    }

    private static int lastAxis(String operation, Tensor x) {
        if (x.rank() == 0) {
            throw new IllegalArgumentException(operation + ": a single number has no last axis");
        }
        return x.size(-1);
    }
}
