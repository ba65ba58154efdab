package org.carousel.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation: every result remembers its operands and how to hand a gradient back to them.
 *
 * <pre>
 * forward:   y = f(a, b)                     y keeps (a, b) and the rule below
 * backward:  ∂L/∂a += ∂L/∂y · ∂y/∂a          results are visited after everything computed from them
 * </pre>
 *
 * <p>The walk is iterative, so a sequence of 100,000 steps does not exhaust the stack, and its order depends only on the
 * order in which operands were given, so gradients are summed in the same order in every run.
 */
final class Graph {
    /** The rule of one operation: adds the part of each operand to that operand's gradient buffer. */
    @FunctionalInterface
    interface Rule {
        void propagate(float[] gradient);
    }

    /** How a result was computed. */
    record Node(String operation, Tensor[] operands, Rule rule) {}

    private static final ThreadLocal<Integer> SWITCHED_OFF = ThreadLocal.withInitial(() -> 0);

    private Graph() {}

    static boolean recording() {
        return SWITCHED_OFF.get() == 0;
    }

    static <T> T withoutRecording(Supplier<T> body) {
        SWITCHED_OFF.set(SWITCHED_OFF.get() + 1);
        try {
            return body.get();
        } finally {
            SWITCHED_OFF.set(SWITCHED_OFF.get() - 1);
        }
    }

    /** All tensors that {@code result} was computed from and that need a gradient, operands before results. */
    static List<Tensor> order(Tensor result) {
        record Visit(Tensor tensor, int[] nextOperand) {}

        List<Tensor> order = new ArrayList<>();
        Object walk = new Object(); // leaves its mark on every tensor it has seen
        Deque<Visit> path = new ArrayDeque<>();
        path.push(new Visit(result, new int[1]));
        result.firstVisit(walk);
        while (!path.isEmpty()) {
            Visit visit = path.peek();
            Node node = visit.tensor.node();
            if (node == null || visit.nextOperand[0] == node.operands.length) {
                order.add(visit.tensor);
                path.pop();
                continue;
            }
            Tensor operand = node.operands[visit.nextOperand[0]++];
            if (operand.needsGradient() && operand.firstVisit(walk)) {
                path.push(new Visit(operand, new int[1]));
            }
        }
        return order;
    }
}
