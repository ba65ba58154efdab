package org.carousel.training.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;
import org.ejml.data.Complex_F64;
import org.ejml.simple.SimpleMatrix;

/**
 * The derivatives of each state by the state before, along one sequence.
 *
 * <pre>
 * J_t = ∂s_t/∂s_{t-1}  [S×S],  entry (k, j) = ∂(s_t)_k/∂(s_{t-1})_j
 * ∂s_b/∂s_a = J_b J_{b-1} ... J_{a+1}
 * Elman: J_t = diag(1 - h_t²) R
 * </pre>
 *
 * <p>s is the whole state, its parts ({@link Cell#tensors}; (h, c) for an LSTM) one after the other; {@link #block} cuts
 * one part by one part out of a matrix. A cell that cuts its gradient short shows the cut here as well.
 *
 * <p>Source: Pascanu, Mikolov, Bengio: On the difficulty of training recurrent neural networks, 2013, arXiv:1211.5063,
 * eq. (5).
 *
 * @param steps J_1 .. J_T, each [S×S]
 * @param sizes how many numbers each part of the state has; they add up to S
 */
public record Jacobians(List<Tensor> steps, List<Integer> sizes) {
    /** Copies the lists. */
    public Jacobians {
        steps = List.copyOf(steps);
        sizes = List.copyOf(sizes);
    }

    /**
     * One backward pass per step, over S copies of the state. Clears the gradients of the cell's parameters.
     *
     * @param x one sequence [1×T×I]
     * @param initial the state of one sequence before it
     * @throws IllegalArgumentException when x holds more than one sequence
     */
    public static <S> Jacobians of(Cell<S> cell, Tensor x, S initial) {
        cell.requireSequence(x);
        if (x.size(0) != 1) {
            throw new IllegalArgumentException(
                    "jacobians: " + x.shapeText() + " holds " + x.size(0) + " sequences; give one, [1×T×I]");
        }
        List<Integer> sizes = cell.tensors(initial).stream().map(Tensor::size).toList();
        List<Tensor> steps = new ArrayList<>();
        S state = cell.detach(initial);
        for (int t = 0; t < x.size(1); t++) {
            List<Tensor> copies = copies(cell.tensors(state), sum(sizes));
            S next = cell.step(x.select(1, t).rows(new int[sum(sizes)]), cell.state(copies));
            steps.add(derivatives(cell.tensors(next), copies));
            state = cell.detach(cell.state(
                    cell.tensors(next).stream().map(part -> part.slice(0, 0, 1)).toList()));
        }
        cell.parameters().clearGradients();
        return new Jacobians(steps, sizes);
    }

    private static int sum(List<Integer> sizes) {
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }

    /** Each part of one state n times, as leaves. */
    private static List<Tensor> copies(List<Tensor> parts, int n) {
        List<Tensor> copies = new ArrayList<>();
        for (Tensor part : parts) {
            int[] shape = part.shape();
            shape[0] = n;
            Tensor rows = part.reshape(1, part.size()).rows(new int[n]);
            copies.add(rows.reshape(shape).detach().requiresGradient());
        }
        return copies;
    }

    /** Copy k of the state is asked for the derivative of its k-th number alone. */
    private static Tensor derivatives(List<Tensor> next, List<Tensor> copies) {
        int n = copies.get(0).size(0);
        Tensor[] flat =
                next.stream().map(part -> part.reshape(n, part.size() / n)).toArray(Tensor[]::new);
        int[] diagonal = new int[n];
        Arrays.setAll(diagonal, k -> k);
        Tensor.concat(1, flat).backward(Tensor.oneHot(diagonal, n));
        Tensor[] gradients = new Tensor[copies.size()];
        for (int part = 0; part < gradients.length; part++) {
            Tensor copy = copies.get(part);
            Tensor gradient = copy.hasGradient() ? copy.gradient() : Tensor.zeros(copy.shape());
            gradients[part] = gradient.reshape(n, copy.size() / n);
        }
        return Tensor.concat(1, gradients);
    }

    /**
     * ∂s_to/∂s_from, the product of the steps between them in double; the identity when they are the same.
     *
     * @param from 0..to; 0 is the initial state
     * @param to at most T
     * @throws IllegalArgumentException when the steps are out of order or out of range
     */
    public SimpleMatrix between(int from, int to) {
        if (from < 0 || from > to || to > steps.size()) {
            throw new IllegalArgumentException(
                    "between: steps " + from + " to " + to + " must be ordered and within 0.." + steps.size());
        }
        SimpleMatrix product = SimpleMatrix.identity(sum(sizes));
        for (int t = from; t < to; t++) {
            product = steps.get(t).toEjml().mult(product);
        }
        return product;
    }

    /** ∂(part {@code row} of the later state)/∂(part {@code column} of the earlier one), out of an [S×S] matrix. */
    public SimpleMatrix block(SimpleMatrix matrix, int row, int column) {
        int top = sum(sizes.subList(0, row));
        int left = sum(sizes.subList(0, column));
        return matrix.extractMatrix(top, top + sizes.get(row), left, left + sizes.get(column));
    }

    /** σ_1 ≥ σ_2 ≥ ...: by how much a matrix stretches along its own directions. */
    public static double[] singularValues(SimpleMatrix matrix) {
        return matrix.svd().getSingularValues();
    }

    /** ‖A‖, the largest singular value: the most that any vector is stretched. */
    public static double norm(SimpleMatrix matrix) {
        return singularValues(matrix)[0];
    }

    /** ρ(A), the largest absolute value of an eigenvalue; ‖A^q‖ grows or fades like ρ^q in the long run. */
    public static double spectralRadius(SimpleMatrix matrix) {
        return matrix.eig().getEigenvalues().stream()
                .mapToDouble(Complex_F64::getMagnitude)
                .max()
                .orElse(0);
    }
}
