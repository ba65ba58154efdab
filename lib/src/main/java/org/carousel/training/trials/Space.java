package org.carousel.training.trials;

import java.io.Serializable;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.carousel.tensor.RandomStream;

/**
 * The settings among which a {@link Study} looks: a cube [0, 1)^d, one coordinate for each parameter that is drawn.
 *
 * @param parameters one or more, of different names
 */
public record Space(List<Parameter> parameters) implements Serializable {
    /** Checks that there are parameters, of different names. */
    public Space {
        parameters = List.copyOf(parameters);
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("space: there are no parameters; at least one is needed");
        }
        Set<String> names = new HashSet<>();
        for (Parameter p : parameters) {
            if (!names.add(p.name())) {
                throw new IllegalArgumentException("space: there are two parameters of the name " + p.name());
            }
        }
    }

    /** A space of these parameters. */
    public static Space of(Parameter... parameters) {
        return new Space(List.of(parameters));
    }

    /** The parameter of this name. */
    public Parameter parameter(String name) {
        return parameters.stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("space: no parameter " + name + "; there are " + names()));
    }

    /** The names, in order. */
    public List<String> names() {
        return parameters.stream().map(Parameter::name).toList();
    }

    /** d, how many parameters are drawn. */
    public int dimensions() {
        return (int) parameters.stream().filter(Parameter::drawn).count();
    }

    /**
     * The configuration at a point of the cube.
     *
     * @param number of the trial, from 0
     * @param point [d], each in [0, 1)
     */
    public Configuration at(int number, double... point) {
        if (point.length != dimensions()) {
            throw new IllegalArgumentException(
                    "space: a point of " + point.length + " coordinates; " + dimensions() + " parameters are drawn");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        int k = 0;
        for (Parameter p : parameters) {
            values.put(p.name(), p.at(number, p.drawn() ? point[k++] : 0));
        }
        return new Configuration(values);
    }

    /** A configuration at random. */
    public Configuration draw(int number, RandomStream random) {
        double[] point = new double[dimensions()];
        for (int k = 0; k < point.length; k++) {
            point[k] = random.nextDouble();
        }
        return at(number, point);
    }

    /** {@code rate log-uniform 0.0001..0.1; cells whole 8..64}. */
    @Override
    public String toString() {
        return String.join("; ", parameters.stream().map(Parameter::toString).toList());
    }
}
