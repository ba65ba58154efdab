package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.internal.kernels.RowKernels;
import org.carousel.tensor.internal.kernels.RowTable;

/**
 * Windows with one input h, the mean of some input rows.
 *
 * <p>As in word2vec and fastText every row of the mean receives the whole ∂L/∂h, not its share 1/r: the direction of each
 * row's gradient with an r times larger step.
 */
abstract class MeanWindows extends Windows {
    private static final int[] FIRST = {0};
    private static final float[] ONE = {1};

    private final RowTable h;
    private final RowTable g;
    private final float[] share = new float[1];
    private int[] inRows = new int[64];
    private int inputs;

    MeanWindows(Word2Vec config, Vocabulary vocabulary, Rows in, Rows out, Outputs outputs, int mostOutputs) {
        super(config, vocabulary, in, out, outputs, 1, mostOutputs);
        h = new RowTable(1, config.dimension());
        g = new RowTable(1, config.dimension());
    }

    final void clearInputs() {
        inputs = 0;
    }

    final void addInput(int row) {
        if (inputs == inRows.length) {
            inRows = Arrays.copyOf(inRows, 2 * inputs);
        }
        inRows[inputs++] = row;
    }

    final void addInputs(int[] rows) {
        for (int row : rows) {
            addInput(row);
        }
    }

    /** One step on the inputs so far and the n outputs chosen. */
    final void step(int n, float rate) {
        in.locate(inputs, inRows);
        out.locate(n, outRows);
        RowTable v = in.table();
        RowTable u = out.table();
        RowKernels k = kernels;
        share[0] = 1f / inputs;
        k.clear(1, h, FIRST);
        k.add(1, FIRST, h, inputs, share, 0, 0, v, inRows);
        score(1, h, FIRST, n, rate);
        k.clear(1, g, FIRST);
        k.add(1, FIRST, g, n, errors, 0, 1, u, outRows);
        k.add(n, outRows, u, 1, errors, 1, 0, h, FIRST);
        k.add(inputs, inRows, v, 1, ONE, 0, 0, g, FIRST);
    }
}
