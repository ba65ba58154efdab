package org.carousel.layers;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.carousel.tensor.Tensor;

/**
 * Named tensors that training changes, in a fixed order.
 *
 * <pre>{@code
 * Parameters all = Parameters.of("embedding", embedding).and("lstm", lstm).and("head", head);
 * all.get("lstm.weight_hh_l0"); // [4H×H]
 * all.count(); // how many numbers are learned
 * }</pre>
 */
public final class Parameters implements Iterable<Map.Entry<String, Tensor>> {
    private final Map<String, Tensor> byName;

    private Parameters(Map<String, Tensor> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** No parameters. */
    public static Parameters none() {
        return new Parameters(new LinkedHashMap<>());
    }

    /** One parameter. The tensor is marked to require a gradient. */
    public static Parameters of(String name, Tensor parameter) {
        return none().and(name, parameter);
    }

    /** The parameters of a layer, each named {@code name.itsOwnName}. */
    public static Parameters of(String name, Layer layer) {
        return none().and(name, layer);
    }

    /** These and one more. The tensor is marked to require a gradient. */
    public Parameters and(String name, Tensor parameter) {
        Map<String, Tensor> joined = new LinkedHashMap<>(byName);
        if (joined.put(name, parameter.requiresGradient()) != null) {
            throw new IllegalArgumentException("parameters: the name " + name + " is used twice");
        }
        return new Parameters(joined);
    }

    /** These and the ones of a layer, each named {@code name.itsOwnName}. */
    public Parameters and(String name, Layer layer) {
        Parameters joined = this;
        for (Map.Entry<String, Tensor> own : layer.parameters()) {
            joined = joined.and(name + "." + own.getKey(), own.getValue());
        }
        return joined;
    }

    /**
     * The parameter of a name.
     *
     * @throws IllegalArgumentException when there is none, listing the names there are
     */
    public Tensor get(String name) {
        Tensor found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("parameters: no " + name + "; there are " + byName.keySet());
        }
        return found;
    }

    /** All names in order. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** All tensors in order. */
    public Iterable<Tensor> tensors() {
        return byName.values();
    }

    /** How many tensors there are. */
    public int size() {
        return byName.size();
    }

    /** How many numbers are learned: the sum of all sizes. */
    public long count() {
        return byName.values().stream().mapToLong(Tensor::size).sum();
    }

    /**
     * Takes over the values of other parameters of the same names and shapes. Nothing is changed unless all are there.
     *
     * @throws IllegalArgumentException naming what is missing or of another shape
     */
    public void copyFrom(Parameters other) {
        byName.forEach((name, own) -> {
            if (!other.get(name).shapeText().equals(own.shapeText())) {
                throw new IllegalArgumentException("copyFrom: " + name + " is "
                        + other.get(name).shapeText() + " there and " + own.shapeText() + " here");
            }
        });
        byName.forEach((name, own) -> {
            float[] given = other.get(name).toArray();
            own.update(values -> System.arraycopy(given, 0, values, 0, values.length));
        });
    }

    /** Forgets all gradients. */
    public void clearGradients() {
        tensors().forEach(Tensor::clearGradient);
    }

    @Override
    public Iterator<Map.Entry<String, Tensor>> iterator() {
        return byName.entrySet().iterator();
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, Tensor> p : this) {
            out.append(p.getKey()).append(' ').append(p.getValue().shapeText()).append('\n');
        }
        return out.append(count()).append(" parameters").toString();
    }
}
