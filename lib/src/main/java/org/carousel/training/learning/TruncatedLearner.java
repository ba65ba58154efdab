package org.carousel.training.learning;

import org.carousel.recurrent.MemoryBlocks;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;

/** {@link MemoryBlockLearner} without output units, one for each sequence. */
final class TruncatedLearner extends StateLearner {
    private final MemoryBlocks cell;
    private MemoryBlockLearner[] sequences = {};

    TruncatedLearner(MemoryBlocks cell) {
        super("truncated1997", cell);
        this.cell = cell;
        MemoryBlockLearner.of(cell, Tensor.zeros(0, cell.hiddenSize()), null); // refuses what it cannot teach
    }

    @Override
    void start(int count) {
        sequences = new MemoryBlockLearner[count];
        for (int b = 0; b < count; b++) {
            sequences[b] = MemoryBlockLearner.of(cell, Tensor.zeros(0, cell.hiddenSize()), null);
        }
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        int n = cell.hiddenSize();
        float[] h = new float[flags.length * n];
        float[] row = new float[cell.inputSize()];
        for (int b = 0; b < flags.length; b++) {
            if (flags[b]) {
                System.arraycopy(Fused.array(x), Fused.offset(x) + b * row.length, row, 0, row.length);
                sequences[b].refresh();
                sequences[b].read(row);
            }
            sequences[b].output(h, b * n);
        }
        return Tensor.wrap(h, flags.length, n);
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        int n = cell.hiddenSize();
        float[] epsilon = new float[n];
        for (int b = 0; b < flags.length; b++) {
            if (flags[b]) {
                for (int j = 0; j < n; j++) {
                    epsilon[j] = -error.get(b, j); // the rule of 1997 counts what is wanted, d - y
                }
                sequences[b].teachCells(epsilon);
            }
        }
    }

    @Override
    public void collect() {
        for (MemoryBlockLearner sequence : sequences) {
            sequence.collect();
        }
    }

    @Override
    public long kept() {
        long sum = 0;
        for (MemoryBlockLearner sequence : sequences) {
            sum += sequence.kept();
        }
        return sum;
    }
}
