package org.carousel.recurrent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Dropout;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Cells on top of each other: what one puts out is what the next one reads.
 *
 * <pre>
 * x of layer l+1 = h of layer l
 * </pre>
 *
 * <p>A stack is itself a cell. {@link #run(Tensor, List, Dropout, RandomStream)} drops outputs between layers, and only
 * there, while training.
 *
 * @param cells from below
 * @param <S> the state of each
 */
public record Stacked<S>(List<? extends Cell<S>> cells) implements Cell<List<S>> {
    /** Checks that each cell reads what the one below puts out. */
    public Stacked {
        if (cells.isEmpty()) {
            throw new IllegalArgumentException("stacked: no cell; give one or more");
        }
        for (int l = 1; l < cells.size(); l++) {
            if (cells.get(l).inputSize() != cells.get(l - 1).hiddenSize()) {
                throw new IllegalArgumentException("stacked: cell " + l + " reads "
                        + cells.get(l).inputSize() + " values where the one below puts out "
                        + cells.get(l - 1).hiddenSize());
            }
        }
        cells = List.copyOf(cells);
    }

    /**
     * Cells of different kinds, each with a state of its own type: an Elman network that feeds an LSTM.
     *
     * <pre>{@code
     * Stacked<Object> both = Stacked.of(Elman.of(8, 16, random), Lstm.of(16, 16, random));
     * }</pre>
     */
    @SuppressWarnings("unchecked") // a cell is only ever given the states that it made
    public static Stacked<Object> of(Cell<?>... cells) {
        List<Cell<Object>> all = new ArrayList<>();
        for (Cell<?> cell : cells) {
            all.add((Cell<Object>) cell);
        }
        return new Stacked<>(all);
    }

    @Override
    public List<S> step(Tensor x, List<S> previous) {
        List<S> next = new ArrayList<>();
        Tensor in = x;
        for (int l = 0; l < cells.size(); l++) {
            next.add(cells.get(l).step(in, previous.get(l)));
            in = cells.get(l).output(next.get(l));
        }
        return List.copyOf(next);
    }

    /** What each layer shows, its names behind the number of the layer: {@code 0.i}; and {@code h} of the last. */
    @Override
    public Map<String, Tensor> inspectStep(Tensor x, List<S> previous) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Tensor in = x;
        for (int l = 0; l < cells.size(); l++) {
            int layer = l;
            cells.get(l).inspectStep(in, previous.get(l)).forEach((name, value) -> all.put(layer + "." + name, value));
            in = cells.get(l).output(cells.get(l).step(in, previous.get(l)));
        }
        all.put("h", in);
        return all;
    }

    /** Layer after layer, each over the whole sequence. */
    @Override
    public Sequence<List<S>> run(Tensor x, List<S> initial, int... lengths) {
        List<S> last = new ArrayList<>();
        Tensor h = x;
        for (int l = 0; l < cells.size(); l++) {
            Sequence<S> y = cells.get(l).run(h, initial.get(l), lengths);
            h = y.h();
            last.add(y.last());
        }
        return new Sequence<>(h, List.copyOf(last));
    }

    /** As {@link #run}, for training: drops outputs between layers. */
    public Sequence<List<S>> run(Tensor x, List<S> initial, Dropout dropout, RandomStream random) {
        List<S> last = new ArrayList<>();
        Tensor h = x;
        for (int l = 0; l < cells.size(); l++) {
            Sequence<S> y = cells.get(l).run(l == 0 ? h : dropout.apply(h, random), initial.get(l));
            h = y.h();
            last.add(y.last());
        }
        return new Sequence<>(h, List.copyOf(last));
    }

    @Override
    public int inputSize() {
        return cells.get(0).inputSize();
    }

    @Override
    public int hiddenSize() {
        return cells.get(cells.size() - 1).hiddenSize();
    }

    @Override
    public List<S> initial(int batch) {
        List<S> all = new ArrayList<>();
        for (Cell<S> cell : cells) {
            all.add(cell.initial(batch));
        }
        return all;
    }

    @Override
    public Tensor output(List<S> state) {
        int top = cells.size() - 1;
        return cells.get(top).output(state.get(top));
    }

    @Override
    public List<Tensor> tensors(List<S> state) {
        List<Tensor> all = new ArrayList<>();
        for (int l = 0; l < cells.size(); l++) {
            all.addAll(cells.get(l).tensors(state.get(l)));
        }
        return all;
    }

    @Override
    public List<S> state(List<Tensor> tensors) {
        List<S> all = new ArrayList<>();
        int from = 0;
        for (Cell<S> cell : cells) {
            int count = cell.tensors(cell.initial(1)).size();
            all.add(cell.state(tensors.subList(from, from + count)));
            from += count;
        }
        return all;
    }

    @Override
    public List<S> choose(boolean[] rows, List<S> next, List<S> before) {
        List<S> all = new ArrayList<>();
        for (int l = 0; l < cells.size(); l++) {
            all.add(cells.get(l).choose(rows, next.get(l), before.get(l)));
        }
        return all;
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.none();
        for (int l = 0; l < cells.size(); l++) {
            all = all.and(Integer.toString(l), cells.get(l));
        }
        return all;
    }
}
