package org.carousel.training.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/** The whole state of a cell as one row of S numbers per sequence. */
final class StateVector<S> {
    private final Cell<S> cell;
    private final int[][] shapes; // of the parts, for one sequence
    private final int size;

    StateVector(Cell<S> cell) {
        this.cell = cell;
        List<Tensor> parts = cell.tensors(cell.initial(1));
        shapes = parts.stream().map(Tensor::shape).toArray(int[][]::new);
        size = parts.stream().mapToInt(Tensor::size).sum();
    }

    /** S. */
    int size() {
        return size;
    }

    Tensor initial(int batch) {
        return join(cell.initial(batch), batch).detach();
    }

    /** One step [B×S] → [B×S]; sequences that are over keep their state. */
    Tensor step(Tensor x, Tensor before, boolean[] running) {
        int batch = before.size(0);
        Tensor after = join(cell.step(x, split(before)), batch);
        if (after.size(1) != size) {
            throw new IllegalArgumentException(
                    "learner: the state of " + cell.getClass().getSimpleName() + " grows from " + size + " to "
                            + after.size(1) + " numbers; it must keep its size");
        }
        return allOf(running) ? after : Ragged.choose(running, after, before);
    }

    /** h [B×H]. */
    Tensor output(Tensor state) {
        return cell.output(split(state));
    }

    /** ∂L/∂s [B×S] of an error at the output; gradients of weights between state and output are added. */
    Tensor error(Tensor state, Tensor error) {
        Tensor leaf = state.detach().requiresGradient();
        output(leaf).backward(error);
        return leaf.hasGradient() ? leaf.gradient() : Tensor.zeros(state.shape());
    }

    static boolean allOf(boolean[] flags) {
        for (boolean flag : flags) {
            if (!flag) {
                return false;
            }
        }
        return true;
    }

    private Tensor join(S state, int batch) {
        Tensor[] rows = cell.tensors(state).stream()
                .map(part -> part.reshape(batch, part.size() / batch))
                .toArray(Tensor[]::new);
        return rows.length == 1 ? rows[0] : Tensor.concat(1, rows);
    }

    private S split(Tensor flat) {
        int batch = flat.size(0);
        List<Tensor> parts = new ArrayList<>();
        int at = 0;
        for (int[] one : shapes) {
            int[] shape = one.clone();
            shape[0] = batch;
            int width = Arrays.stream(one).skip(1).reduce(1, (a, b) -> a * b);
            Tensor part = shapes.length == 1 ? flat : flat.slice(1, at, at + width);
            parts.add(part.reshape(shape));
            at += width;
        }
        return cell.state(parts);
    }
}
