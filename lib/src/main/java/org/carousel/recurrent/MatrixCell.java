package org.carousel.recurrent;

import org.carousel.tensor.Tensor;

/**
 * A cell of n gates that have their weights one below the other in two matrices, W [nH×I] and R [nH×H].
 *
 * @param <S> the state carried from step to step
 */
abstract class MatrixCell<S> implements Cell<S> {
    final Tensor W;
    final Tensor R;

    MatrixCell(Tensor W, Tensor R) {
        this.W = W;
        this.R = R;
    }

    @Override
    public final int inputSize() {
        return W.size(1);
    }

    @Override
    public final int hiddenSize() {
        return R.size(1);
    }
}
