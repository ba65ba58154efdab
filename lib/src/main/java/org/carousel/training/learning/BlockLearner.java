package org.carousel.training.learning;

import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * Schmidhuber's blocks for any cell, by differentiating its step. The influence lies with the numbers of the state side
 * by side: P [B×|θ|×S].
 */
final class BlockLearner<S> extends StateLearner {
    private final StateVector<S> vector;
    private final WeightVector weights;
    private final int length;
    private final StepHistory block;
    private Tensor state;
    private int batch = 1;
    private float[][] influence = {};
    private float[] next;

    private BlockLearner(Cell<S> cell, int length) {
        super(length == 1 ? "rtrl" : "blocks", cell);
        this.length = length;
        vector = new StateVector<>(cell);
        weights = new WeightVector(cell.parameters());
        block = new StepHistory(vector);
        state = vector.initial(1);
        next = new float[Math.multiplyExact(weights.size(), vector.size())];
    }

    static <S> BlockLearner<S> of(Cell<S> cell, int length) {
        return new BlockLearner<>(cell, length);
    }

    @Override
    void start(int sequences) {
        batch = sequences;
        block.clear();
        state = vector.initial(sequences);
        influence = new float[sequences][next.length];
    }

    @Override
    Tensor step(Tensor x, boolean[] flags) {
        state = block.add(x, state, flags);
        if (block.size() == length) {
            collect();
            bringForward();
            block.clear();
        }
        return vector.output(state).detach();
    }

    /** P_end = J P_start + M, both from one walk back for each number of each sequence's last state. */
    private void bringForward() {
        int s = vector.size();
        float[][] kept = weights.setAside();
        float[] jacobian = new float[s * s];
        for (int b = 0; b < batch; b++) {
            for (int k = 0; k < s; k++) {
                float[] seed = new float[batch * s];
                seed[b * s + k] = 1;
                Tensor back = block.back(Tensor.wrap(seed, batch, s));
                System.arraycopy(Fused.array(back), Fused.offset(back) + b * s, jacobian, k * s, s);
                weights.take(next, k, s);
            }
            Kernels.active()
                    .matmul(false, true, weights.size(), s, s, influence[b], 0, s, jacobian, 0, s, next, 0, s, true);
            float[] old = influence[b];
            influence[b] = next;
            next = old;
        }
        weights.putBack(kept);
    }

    @Override
    void correct(Tensor error, boolean[] flags) {
        if (block.size() > 0) {
            block.teach(error);
        } else {
            throughInfluence(vector.error(state, error));
        }
    }

    /** dθ += δᵀ P. */
    private void throughInfluence(Tensor delta) {
        int s = vector.size();
        float[] part = new float[weights.size()];
        for (int b = 0; b < batch; b++) {
            int at = Fused.offset(delta) + b * s;
            Kernels.active().rowDots(weights.size(), s, influence[b], 0, s, Fused.array(delta), at, part, 0);
            weights.add(part);
        }
    }

    @Override
    public void collect() {
        Tensor delta = block.payErrors();
        if (delta != null) {
            throughInfluence(delta);
        }
    }

    @Override
    public long kept() {
        return (long) batch * (vector.size() + next.length) + block.kept();
    }
}
