package org.carousel.training;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.functions.Updates;
import org.jspecify.annotations.Nullable;

/** One rule for all parameters, with arrays of a tensor's size that belong to the tensor. */
final class TensorOptimizer implements Optimizer {
    private static final int DIGIT = 1 << 20; // counts are written as two floats, exactly

    /** The change of one parameter. */
    @FunctionalInterface
    interface Rule {
        /**
         * What updates elements of θ and of what is remembered, each by itself.
         *
         * @param t how many updates this tensor has had, this one included
         * @param eta the learning rate of this step
         */
        Updates.Range of(float[] theta, float[] g, float[][] memory, int t, double eta);
    }

    private static final class Memory {
        private final float[][] parts;
        private int steps;

        Memory(int parts, int size) {
            this.parts = new float[parts][size];
        }
    }

    private final String name;
    private final double learningRate;
    private final String settings;
    private final boolean rowsAlone;
    private final Rule rule;
    private final String[] parts;
    private final Map<Tensor, Memory> memories = new WeakHashMap<>(); // tensors are equal only to themselves

    /**
     * A rule.
     *
     * @param settings what it has beside a learning rate, as {@link #describe} shows it
     * @param rowsAlone whether rows of a table that were not looked up are left alone; a rule that changes nothing where
     *     g = 0 then gives the same bits
     * @param parts what it keeps of every tensor
     */
    TensorOptimizer(String name, double learningRate, String settings, boolean rowsAlone, Rule rule, String... parts) {
        this.name = name;
        this.settings = settings;
        this.learningRate = Optimizer.checkNotNegative("learning rate", learningRate);
        this.rowsAlone = rowsAlone;
        this.rule = rule;
        this.parts = parts;
    }

    @Override
    public void step(Parameters parameters, double factor) {
        double eta = learningRate * Optimizer.checkNotNegative("factor", factor);
        for (Tensor theta : parameters.tensors()) {
            if (theta.hasGradient()) {
                Memory own = memories.computeIfAbsent(theta, tensor -> new Memory(parts.length, tensor.size()));
                own.steps++;
                float[] g = Fused.gradientToRead(theta);
                int[] rows = rowsAlone ? Fused.gradientRows(theta) : null;
                theta.update(values -> {
                    Updates.Range update = rule.of(values, g, own.parts, own.steps, eta);
                    if (rows == null) {
                        Updates.each(values.length, update);
                    } else {
                        Updates.eachOf(rows, theta.size(1), update);
                    }
                });
            }
        }
    }

    @Override
    public String describe(String parameter) {
        return name + "(learning rate " + learningRate + settings + ")";
    }

    @Override
    public Map<String, Tensor> state(Parameters parameters) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> p : parameters) {
            Memory own = memories.get(p.getValue());
            if (own != null) {
                for (int k = 0; k < parts.length; k++) {
                    state.put(
                            p.getKey() + "/" + parts[k],
                            Tensor.wrap(own.parts[k].clone(), p.getValue().shape()));
                }
                state.put(p.getKey() + "/steps", count(own.steps));
            }
        }
        return state;
    }

    @Override
    public void restore(Parameters parameters, Map<String, Tensor> state) {
        Map<Tensor, Memory> found = new LinkedHashMap<>();
        Set<String> unknown = new LinkedHashSet<>(state.keySet());
        for (Map.Entry<String, Tensor> p : parameters) {
            Tensor steps = state.get(p.getKey() + "/steps");
            if (steps == null) {
                continue;
            }
            unknown.remove(p.getKey() + "/steps");
            Memory own = new Memory(parts.length, p.getValue().size());
            own.steps = count(p.getKey(), steps);
            for (int k = 0; k < parts.length; k++) {
                String key = p.getKey() + "/" + parts[k];
                own.parts[k] = require(key, state.get(key), p.getValue());
                unknown.remove(key);
            }
            found.put(p.getValue(), own);
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "restore: " + name + " over " + parameters.names() + " has no use for " + unknown);
        }
        parameters.tensors().forEach(memories::remove);
        memories.putAll(found);
    }

    private float[] require(String key, @Nullable Tensor part, Tensor theta) {
        if (part == null || !part.shapeText().equals(theta.shapeText())) {
            throw new IllegalArgumentException("restore: " + name + " needs " + key + " " + theta.shapeText()
                    + ", which " + (part == null ? "is missing" : "is " + part.shapeText() + " there"));
        }
        return part.toArray().clone();
    }

    private static Tensor count(int steps) {
        int high = steps / DIGIT;
        int low = steps % DIGIT;
        return Tensor.of(high, low);
    }

    private static int count(String key, Tensor steps) {
        if (steps.size() != 2) {
            throw new IllegalArgumentException(
                    "restore: " + key + "/steps " + steps.shapeText() + " must be two numbers");
        }
        return Math.addExact(Math.multiplyExact((int) steps.get(0), DIGIT), (int) steps.get(1));
    }
}
