package org.carousel.recurrent;

import java.util.Arrays;
import org.carousel.layers.Initializer;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * How the weights of each gate begin. Immutable.
 *
 * <p>A list of biases repeats over the units: {@code bias(Gate.INPUT, -1, -2, -3)} starts unit 0 at -1, unit 1 at -2, unit 2
 * at -3, unit 3 at -1 and so on. Negative input gate biases let the cells come into use one after the other (Hochreiter
 * and Schmidhuber 1997, section 4 on abuse); positive forget gate biases let gradients pass from the beginning (Gers et
 * al. 2000; Jozefowicz et al. 2015).
 */
public final class GateInitializers {
    private final Initializer[] input;
    private final Initializer[] recurrent;
    private final double[][] biases;
    private final double peephole;

    private GateInitializers(Initializer[] input, Initializer[] recurrent, double[][] biases, double peephole) {
        this.input = input;
        this.recurrent = recurrent;
        this.biases = biases;
        this.peephole = peephole;
    }

    /** Glorot input weights, orthogonal recurrent weights, bias 0 and 1 for the forget gate, peepholes normal 0.1. */
    public static GateInitializers standard() {
        return of(Initializer.glorot(), Initializer.orthogonal()).bias(Gate.FORGET, 1);
    }

    /** The same for every gate, all biases 0. */
    public static GateInitializers of(Initializer input, Initializer recurrent) {
        Initializer[] in = new Initializer[4];
        Initializer[] back = new Initializer[4];
        Arrays.fill(in, input);
        Arrays.fill(back, recurrent);
        return new GateInitializers(in, back, new double[][] {{0}, {0}, {0}, {0}}, 0.1);
    }

    /** Another initialiser for the weights of one gate. */
    public GateInitializers weights(Gate gate, Initializer newInput, Initializer newRecurrent) {
        Initializer[] in = input.clone();
        Initializer[] back = recurrent.clone();
        in[gate.place()] = newInput;
        back[gate.place()] = newRecurrent;
        return new GateInitializers(in, back, biases, peephole);
    }

    /** Other biases for one gate; the list repeats over the units. Throws when it is empty. */
    public GateInitializers bias(Gate gate, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("bias: no value for the gate " + gate + "; give one or more");
        }
        double[][] other = biases.clone();
        other[gate.place()] = values.clone();
        return new GateInitializers(input, recurrent, other, peephole);
    }

    /** Peepholes from the normal distribution of this standard deviation. */
    public GateInitializers peepholes(double standardDeviation) {
        return new GateInitializers(input, recurrent, biases, standardDeviation);
    }

    Tensor input(Gate gate, int hiddenSize, int inputSize, RandomStream random) {
        return input[gate.place()].matrix(hiddenSize, inputSize, random);
    }

    Tensor recurrent(Gate gate, int hiddenSize, RandomStream random) {
        return recurrent[gate.place()].matrix(hiddenSize, hiddenSize, random);
    }

    Tensor biases(Gate gate, int hiddenSize) {
        float[] values = new float[hiddenSize];
        for (int j = 0; j < hiddenSize; j++) {
            values[j] = (float) biases[gate.place()][j % biases[gate.place()].length];
        }
        return Tensor.wrap(values, hiddenSize);
    }

    Tensor peephole(int hiddenSize, RandomStream random) {
        return Tensor.normal(random, peephole, hiddenSize);
    }
}
