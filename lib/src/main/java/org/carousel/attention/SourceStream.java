package org.carousel.attention;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Strided;
import org.jspecify.annotations.Nullable;

/** One source that is read again and again: the bits of {@link SourceReader#read}, in arrays. */
public interface SourceStream {
    /** Without tensors for {@link Additive}, {@link Multiplicative} and a window over them, with them for the rest. */
    static SourceStream of(SourceReader reader, Attention.Memory memory) {
        SourceReader scores = reader instanceof Local local ? local.global() : reader;
        LocalWindow window = reader instanceof Local local ? new LocalWindow(local, memory) : null;
        if (scores instanceof Additive additive) {
            return new Scored(additive.scorer(memory), window, memory);
        }
        if (scores instanceof Multiplicative products) {
            return new Scored(products.scorer(memory), window, memory);
        }
        return new Read(reader, memory);
    }

    /** Reads at step t with s [B×S]: the rows of c [B×H] go to {@code context}, {@code stride} apart. */
    void read(int t, float[] query, float[] context, int offset, int stride);

    /** α [B×U] of the last query. */
    float[] weights();

    /** By scores, without making tensors. */
    final class Scored implements SourceStream {
        private final Scorer scorer;
        private final @Nullable LocalWindow window;
        private final Tensor hidden;
        private final PackedMatrix[] values;
        private final float[] weights;

        private Scored(Scorer scorer, @Nullable LocalWindow window, Attention.Memory memory) {
            this.scorer = scorer;
            this.window = window;
            hidden = memory.hidden();
            values = Fused.packedEach(memory.values(), false);
            weights = new float[hidden.size()];
        }

        @Override
        public void read(int t, float[] query, float[] context, int offset, int stride) {
            int batch = values.length;
            int steps = weights.length / batch;
            Kernels kernels = Kernels.active();
            scorer.score(query, weights);
            kernels.add(weights.length, Fused.array(hidden), Fused.offset(hidden), weights, 0);
            if (window != null) {
                window.hide(t, query, weights);
            }
            kernels.softmaxRows(batch, steps, weights, 0, steps, weights, 0, steps);
            if (window != null) {
                window.soften(weights);
            }
            kernels.matmulEach(weights, 0, steps, values, context, offset, stride);
        }

        @Override
        public float[] weights() {
            return weights;
        }
    }

    /** By whatever the reader does. */
    final class Read implements SourceStream {
        private final SourceReader reader;
        private final Attention.Memory memory;
        private final float[] weights;

        private Read(SourceReader reader, Attention.Memory memory) {
            this.reader = reader;
            this.memory = memory;
            weights = new float[memory.hidden().size()];
        }

        @Override
        public void read(int t, float[] query, float[] context, int offset, int stride) {
            int batch = memory.values().size(0);
            int size = memory.values().size(2);
            Tensor s = Tensor.wrap(query.clone(), batch, query.length / batch);
            Attention.Reading read = Tensor.withoutGradient(() -> reader.read(t, s, memory));
            Strided.copyRows(
                    batch,
                    size,
                    Fused.array(read.context()),
                    Fused.offset(read.context()),
                    size,
                    context,
                    offset,
                    stride);
            System.arraycopy(read.weights().toArray(), 0, weights, 0, weights.length);
        }

        @Override
        public float[] weights() {
            return weights;
        }
    }
}
