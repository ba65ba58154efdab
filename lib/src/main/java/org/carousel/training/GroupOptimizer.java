package org.carousel.training;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.carousel.layers.Parameters;
import org.carousel.tensor.Tensor;

/** Several optimisers, each for the parameters that are chosen for it. */
final class GroupOptimizer implements Optimizer {
    private final Function<String, Optimizer> choice;

    GroupOptimizer(Function<String, Optimizer> choice) {
        this.choice = choice;
    }

    private Map<Optimizer, Parameters> groups(Parameters parameters) {
        Map<Optimizer, Parameters> groups = new LinkedHashMap<>();
        for (Map.Entry<String, Tensor> p : parameters) {
            Optimizer chosen = choice.apply(p.getKey());
            groups.put(chosen, groups.getOrDefault(chosen, Parameters.none()).and(p.getKey(), p.getValue()));
        }
        return groups;
    }

    @Override
    public void step(Parameters parameters, double factor) {
        Optimizer.checkNotNegative("factor", factor); // before the first group changes anything
        groups(parameters).forEach((optimizer, group) -> optimizer.step(group, factor));
    }

    @Override
    public String describe(String parameter) {
        return choice.apply(parameter).describe(parameter);
    }

    @Override
    public Map<String, Tensor> state(Parameters parameters) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        groups(parameters).forEach((optimizer, group) -> state.putAll(optimizer.state(group)));
        return state;
    }

    @Override
    public void restore(Parameters parameters, Map<String, Tensor> state) {
        Map<Optimizer, Parameters> groups = groups(parameters);
        Map<Optimizer, Map<String, Tensor>> known = new LinkedHashMap<>();
        Map<String, Tensor> rest = new HashMap<>(state);
        groups.forEach((optimizer, group) -> {
            known.put(optimizer, optimizer.state(group));
            Map<String, Tensor> own = new LinkedHashMap<>();
            for (String key : state.keySet()) {
                if (group.names().contains(key.substring(0, Math.max(0, key.lastIndexOf('/'))))) {
                    own.put(key, state.get(key));
                    rest.remove(key);
                }
            }
            try {
                optimizer.restore(group, own);
            } catch (IllegalArgumentException e) { // nothing is changed when one group cannot be restored
                known.forEach((done, before) -> done.restore(parametersOf(groups, done), before));
                throw e;
            }
        });
        if (!rest.isEmpty()) {
            known.forEach((done, before) -> done.restore(parametersOf(groups, done), before));
            throw new IllegalArgumentException(
                    "restore: no parameter of " + parameters.names() + " belongs to " + rest.keySet());
        }
    }

    private static Parameters parametersOf(Map<Optimizer, Parameters> groups, Optimizer optimizer) {
        return groups.getOrDefault(optimizer, Parameters.none());
    }
}
