package org.carousel.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.ProjectedLstm;
import org.carousel.recurrent.Stacked;
import org.carousel.tensor.Tensor;

/**
 * State dictionaries of PyTorch's {@code nn.LSTM}, {@code nn.GRU} and {@code nn.RNN} of any number of layers, in one
 * direction or two, with a projection or without: into cells and back.
 *
 * <pre>{@code
 * Map<String, Tensor> all = SafeTensors.load(file);
 * Stacked<Lstm.State> lstm = StateDict.lstm(StateDict.below("encoder.rnn.", all));
 * SafeTensors.save(file, StateDict.of(lstm)); // torch: nn.LSTM(.., num_layers=2).load_state_dict(load_file(file))
 * }</pre>
 *
 * <p>Layer l and direction stand at the end of each name of {@link GateOrder#PYTORCH}: {@code weight_ih_l1},
 * {@code weight_ih_l1_reverse}. A {@code nn.RNN} is read as one with tanh; its {@code nonlinearity} is not in the
 * dictionary. Missing biases are 0. What is converted is copied.
 */
public final class StateDict {
    private static final String REVERSE = "_reverse";

    private StateDict() {}

    /**
     * The tensors of one module of a model: those whose names begin so, without that beginning.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Map<String, Tensor> below(String prefix, Map<String, Tensor> model) {
        Map<String, Tensor> module = new LinkedHashMap<>();
        model.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> module.put(name.substring(prefix.length()), model.get(name)));
        if (module.isEmpty()) {
            throw new IllegalArgumentException(
                    "below: no name begins with " + prefix + "; there are " + model.keySet());
        }
        return module;
    }

    /**
     * {@code nn.LSTM} in one direction; every layer is a {@link Lstm}, with {@code proj_size} a {@link ProjectedLstm}.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Stacked<Lstm.State> lstm(Map<String, Tensor> weights) {
        return new Stacked<>(Reader.lstm(weights).layers());
    }

    /**
     * {@code nn.LSTM(bidirectional=True)}.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Bidirectional.Stack<Lstm.State> bidirectionalLstm(Map<String, Tensor> weights) {
        return new Bidirectional.Stack<>(Reader.lstm(weights).bothWays());
    }

    /**
     * {@code nn.GRU} in one direction.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Stacked<Tensor> gru(Map<String, Tensor> weights) {
        return new Stacked<>(Reader.gru(weights).layers());
    }

    /**
     * {@code nn.GRU(bidirectional=True)}.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Bidirectional.Stack<Tensor> bidirectionalGru(Map<String, Tensor> weights) {
        return new Bidirectional.Stack<>(Reader.gru(weights).bothWays());
    }

    /**
     * {@code nn.RNN} in one direction.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Stacked<Tensor> elman(Map<String, Tensor> weights) {
        return new Stacked<>(Reader.elman(weights).layers());
    }

    /**
     * {@code nn.RNN(bidirectional=True)}.
     *
     * @throws IllegalArgumentException when a weight is missing, left over or of another shape
     */
    public static Bidirectional.Stack<Tensor> bidirectionalElman(Map<String, Tensor> weights) {
        return new Bidirectional.Stack<>(Reader.elman(weights).bothWays());
    }

    /**
     * The dictionary of a cell or a {@link Stacked}.
     *
     * @throws IllegalArgumentException when PyTorch has no such module
     */
    public static Map<String, Tensor> of(Cell<?> cell) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        List<? extends Cell<?>> cells = cell instanceof Stacked<?> stack ? stack.cells() : List.of(cell);
        for (int l = 0; l < cells.size(); l++) {
            put(cells.get(l), l, "", all);
        }
        return all;
    }

    /**
     * The dictionary of one layer in two directions.
     *
     * @throws IllegalArgumentException when PyTorch has no such module
     */
    public static Map<String, Tensor> of(Bidirectional<?> layer) {
        return of(new Bidirectional.Stack<>(List.of(layer)));
    }

    /**
     * The dictionary of several layers in two directions.
     *
     * @throws IllegalArgumentException when PyTorch has no such module
     */
    public static Map<String, Tensor> of(Bidirectional.Stack<?> stack) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        for (int l = 0; l < stack.layers().size(); l++) {
            put(stack.layers().get(l).forward(), l, "", all);
            put(stack.layers().get(l).backward(), l, REVERSE, all);
        }
        return all;
    }

    private static void put(Cell<?> cell, int layer, String direction, Map<String, Tensor> all) {
        Map<String, Tensor> one;
        if (cell instanceof Lstm lstm) {
            one = GateOrder.PYTORCH.of(lstm);
        } else if (cell instanceof ProjectedLstm lstm) {
            one = GateOrder.PYTORCH.of(lstm);
        } else if (cell instanceof Gru gru) {
            one = GateOrder.PYTORCH.of(gru);
        } else if (cell instanceof Elman elman) {
            one = GateOrder.PYTORCH.of(elman);
        } else {
            throw new IllegalArgumentException("state dict: PyTorch has no module for "
                    + cell.getClass().getSimpleName() + "; Lstm, ProjectedLstm, Gru and Elman have one");
        }
        one.forEach((name, tensor) -> all.put(place(name, layer, direction), tensor));
    }

    /** The name of layer 0 in another layer and direction. */
    private static String place(String name, int layer, String direction) {
        return name.substring(0, name.length() - 1) + layer + direction;
    }

    /** Takes the cells of one module by name. */
    private record Reader<S>(NamedTensors weights, String twoWays, Function<NamedTensors, Cell<S>> cell) {
        static Reader<Lstm.State> lstm(Map<String, Tensor> weights) {
            if (weights.containsKey("weight_hr_l0")) {
                return new Reader<>(
                        GateOrder.PYTORCH.named(weights, WeightLayout.Kind.PROJECTED),
                        "bidirectionalLstm",
                        GateOrder.PYTORCH::projectedLstm);
            }
            return new Reader<>(
                    GateOrder.PYTORCH.named(weights, WeightLayout.Kind.LSTM),
                    "bidirectionalLstm",
                    GateOrder.PYTORCH::lstm);
        }

        static Reader<Tensor> gru(Map<String, Tensor> weights) {
            return new Reader<>(
                    GateOrder.PYTORCH.named(weights, WeightLayout.Kind.GRU),
                    "bidirectionalGru",
                    given -> GateOrder.PYTORCH.gru(given, true));
        }

        static Reader<Tensor> elman(Map<String, Tensor> weights) {
            return new Reader<>(
                    GateOrder.PYTORCH.named(weights, WeightLayout.Kind.ELMAN),
                    "bidirectionalElman",
                    GateOrder.PYTORCH::elman);
        }

        List<Cell<S>> layers() {
            if (weights.has("weight_ih_l0" + REVERSE)) {
                throw new IllegalArgumentException(
                        "state dict: weight_ih_l0_reverse is of a module in two directions; use " + twoWays);
            }
            return each(l -> at(l, ""));
        }

        List<Bidirectional<S>> bothWays() {
            return each(l -> new Bidirectional<>(at(l, ""), at(l, REVERSE)));
        }

        private <L> List<L> each(Function<Integer, L> layer) {
            return Tensor.withoutGradient(() -> {
                List<L> all = new ArrayList<>();
                do { // layer 0 must be there
                    all.add(layer.apply(all.size()));
                } while (weights.has(place("weight_ih_l0", all.size(), "")));
                weights.requireNoneLeft();
                return all;
            });
        }

        private Cell<S> at(int layer, String direction) {
            return cell.apply(weights.renamed(name -> place(name, layer, direction)));
        }
    }
}
