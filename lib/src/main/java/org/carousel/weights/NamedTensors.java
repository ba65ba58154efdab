package org.carousel.weights;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.carousel.tensor.Tensor;

/** The weights a caller gives, taken by name. Whatever is wrong with them, the error shows them all. */
final class NamedTensors {
    private static final int MANY = 16;

    private final String operation;
    private final String layout;
    private final Map<String, Tensor> all;
    private final Set<String> left;

    /**
     * Nothing taken yet.
     *
     * @param layout names and shapes as they should be, for error messages
     */
    NamedTensors(String operation, String layout, Map<String, Tensor> all) {
        this.operation = operation;
        this.layout = layout;
        this.all = all;
        this.left = new LinkedHashSet<>(all.keySet());
    }

    /** One size of a weight that must be there. */
    int size(String name, int axis) {
        Tensor found = find(name);
        if (axis >= found.rank()) {
            throw wrong(name + " " + found.shapeText() + " has too few axes");
        }
        return found.size(axis);
    }

    /** A weight that must be there, in this shape. */
    Tensor take(String name, int... shape) {
        Tensor found = find(name);
        if (!Arrays.equals(found.shape(), shape)) {
            throw wrong(name + " " + found.shapeText() + " is not "
                    + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("×", "[", "]")));
        }
        left.remove(name);
        return found;
    }

    /** A weight in this shape, or zeros. */
    Tensor takeOrZeros(String name, int... shape) {
        return all.containsKey(name) ? take(name, shape) : Tensor.zeros(shape);
    }

    private Tensor find(String name) {
        Tensor found = all.get(name);
        if (found == null) {
            throw wrong(name + " is missing");
        }
        return found;
    }

    /** Leaves out what is no weight, whether or not it is there. */
    void drop(String name) {
        left.remove(name);
    }

    /** Throws when something was not taken. */
    void requireNoneLeft() {
        if (!left.isEmpty()) {
            throw wrong(left + " belongs to another layer");
        }
    }

    private IllegalArgumentException wrong(String why) {
        String given = all.size() > MANY
                ? all.size() + " weights"
                : all.entrySet().stream()
                        .map(e -> e.getKey() + " " + e.getValue().shapeText())
                        .collect(Collectors.joining(", "));
        return new IllegalArgumentException(operation + ": " + given + " must be " + layout + ": " + why);
    }
}
