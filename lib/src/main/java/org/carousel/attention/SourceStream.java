package org.carousel.attention;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.kernels.Kernels;
import org.carousel.tensor.kernels.PackedMatrix;

/** One source that is read again and again without making tensors: the bits of {@link Attention#read}. */
final class SourceStream {
    private final Scorer scorer;
    private final Tensor hidden;
    private final PackedMatrix[] values;
    private final float[] weights;

    SourceStream(Scorer scorer, Attention.Memory memory) {
        this.scorer = scorer;
        hidden = memory.hidden();
        values = memory.values().packedEach(false);
        weights = new float[hidden.size()];
    }

    /** Reads with s [B×S]: the rows of c [B×H] go to {@code context}, {@code stride} apart from {@code offset} on. */
    void read(float[] query, float[] context, int offset, int stride) {
        int batch = values.length;
        int steps = weights.length / batch;
        Kernels kernels = Kernels.active();
        scorer.score(query, weights);
        kernels.add(weights.length, hidden.array(), hidden.arrayOffset(), weights, 0);
        kernels.softmaxRows(batch, steps, weights, 0, steps, weights, 0, steps);
        kernels.matmulEach(weights, 0, steps, values, context, offset, stride);
    }

    /** α [B×U] of the last query. */
    float[] weights() {
        return weights;
    }
}
