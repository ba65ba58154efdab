package org.carousel.weights;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.carousel.tensor.Tensor;

/** The weights a caller gives, taken by name. Whatever is wrong with them, the error shows them all. */
final class NamedTensors {
    private static final int MANY = 16;

    private final String operation;
    private final String layout;
    private final Map<String, Tensor> all;
    private final Set<String> left;
    private final UnaryOperator<String> name;

    /**
     * Nothing taken yet.
     *
     * @param layout names and shapes as they should be, for error messages
     */
    NamedTensors(String operation, String layout, Map<String, Tensor> all) {
        this(operation, layout, all, new LinkedHashSet<>(all.keySet()), name -> name);
    }

    private NamedTensors(
            String operation, String layout, Map<String, Tensor> all, Set<String> left, UnaryOperator<String> name) {
        this.operation = operation;
        this.layout = layout;
        this.all = all;
        this.left = left;
        this.name = name;
    }

    /** The same weights, to be asked for by other names. */
    NamedTensors renamed(UnaryOperator<String> theirs) {
        return new NamedTensors(operation, layout, all, left, theirs);
    }

    /** One size of a weight that must be there. */
    int size(String asked, int axis) {
        String own = name.apply(asked);
        Tensor found = find(own);
        if (axis >= found.rank()) {
            throw wrong(own + " " + found.shapeText() + " has too few axes");
        }
        return found.size(axis);
    }

    /** A weight that must be there, in this shape. */
    Tensor take(String asked, int... shape) {
        String own = name.apply(asked);
        Tensor found = find(own);
        if (!Arrays.equals(found.shape(), shape)) {
            throw wrong(own + " " + found.shapeText() + " is not "
                    + Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining("×", "[", "]")));
        }
        left.remove(own);
        return found;
    }

    /** A weight in this shape, or zeros. */
    Tensor takeOrZeros(String asked, int... shape) {
        return has(asked) ? take(asked, shape) : Tensor.zeros(shape);
    }

    /** Whether there is such a weight. */
    boolean has(String asked) {
        return all.containsKey(name.apply(asked));
    }

    private Tensor find(String own) {
        Tensor found = all.get(own);
        if (found == null) {
            throw wrong(own + " is missing");
        }
        return found;
    }

    /** Leaves out what is no weight, whether or not it is there. */
    void drop(String asked) {
        left.remove(name.apply(asked));
    }

    /** Throws when something was not taken. */
    void requireNoneLeft() {
        if (!left.isEmpty()) {
            throw wrong(left + " belongs to another layer");
        }
    }

    private IllegalArgumentException wrong(String why) {
        String given = all.isEmpty()
                ? "no weight"
                : all.size() > MANY
                        ? all.size() + " weights"
                        : all.entrySet().stream()
                                .map(e -> e.getKey() + " " + e.getValue().shapeText())
                                .collect(Collectors.joining(", "));
        return new IllegalArgumentException(operation + ": " + given + " must be " + layout + ": " + why);
    }
}
