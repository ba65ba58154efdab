package org.carousel.training.learning;

import org.carousel.recurrent.Elman;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.influence.RecurrentInfluence;
import org.jspecify.annotations.Nullable;

/** {@link Learner#blocks} of an Elman layer with derivatives written out, one sequence beside the other. */
final class ElmanLearner extends StateLearner {
    private final Elman cell;
    private final int length;
    private RecurrentInfluence[] sequences = {};
    private @Nullable PackedMatrix packed;
    private int packedVersion = -1;

    ElmanLearner(Elman cell, int length) {
        super(length == 1 ? "rtrl" : "blocks", cell);
        this.cell = cell;
        this.length = length;
    }

    @Override
    void start(int count) {
        sequences = new RecurrentInfluence[count];
        for (int b = 0; b < count; b++) {
            sequences[b] = RecurrentInfluence.of(cell.inputSize(), cell.hiddenSize(), length);
        }
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        int n = cell.hiddenSize();
        int inputs = cell.inputSize();
        PackedMatrix weights = weights();
        float[] R = Fused.array(cell.R());
        float[] h = new float[flags.length * n];
        long work = 2L * flags.length * n * n * n * (inputs + n + 1) / length;
        Parallel.over(flags.length, work, (from, to) -> {
            for (int b = from; b < to; b++) {
                if (flags[b]) {
                    sequences[b].read(Fused.array(x), Fused.offset(x) + b * inputs, weights, R);
                }
                System.arraycopy(sequences[b].state(), 0, h, b * n, n);
            }
        });
        return Tensor.wrap(h, flags.length, n);
    }

    private PackedMatrix weights() {
        int version = Fused.version(cell.W()) + Fused.version(cell.R()) + Fused.version(cell.b()); // each only grows
        PackedMatrix now = packed;
        if (now == null || version != packedVersion) {
            now = RecurrentInfluence.pack(
                    cell.inputSize(),
                    cell.hiddenSize(),
                    Fused.array(cell.W()),
                    Fused.array(cell.R()),
                    Fused.array(cell.b()));
            packed = now;
            packedVersion = version;
        }
        return now;
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        int n = cell.hiddenSize();
        for (int b = 0; b < flags.length; b++) {
            if (flags[b]) {
                sequences[b].teach(Fused.array(error), Fused.offset(error) + b * n);
            }
        }
    }

    @Override
    public void collect() {
        for (RecurrentInfluence sequence : sequences) {
            sequence.collect(
                    Fused.array(cell.R()),
                    Fused.gradientBuffer(cell.W()),
                    Fused.gradientBuffer(cell.R()),
                    Fused.gradientBuffer(cell.b()));
        }
    }

    @Override
    public long kept() {
        long sum = 0;
        for (RecurrentInfluence sequence : sequences) {
            sum += sequence.kept();
        }
        return sum;
    }
}
