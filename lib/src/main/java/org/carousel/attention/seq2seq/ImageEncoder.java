package org.carousel.attention.seq2seq;

import static org.carousel.tensor.Tensor.relu;
import static org.carousel.tensor.Tensor.tanh;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.carousel.layers.Affine;
import org.carousel.layers.Convolution;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Reads pictures into vectors of regions, which a decoder can look at like words.
 *
 * <pre>
 * a = pool(relu(conv₁ x))      h = pool(relu(conv₂ a))      pool: the mean of 2×2 neighbours
 * h_j = [h_j, row_j, column_j]                              so that a region knows where it lies
 * s_0 = tanh(W_s mean_j h_j + b_s)
 * </pre>
 *
 * <p>Source: Xu et al.: Show, attend and tell, ICML 2015, arXiv:1502.03044, section 3, with a large trained network in
 * place of the two convolutions, and without coordinates.
 *
 * @param first conv₁
 * @param second conv₂
 * @param start W_s and b_s
 */
public record ImageEncoder(Convolution first, Convolution second, Affine start) implements Encoder<Tensor> {
    private static final int COORDINATES = 2;

    /** Kernels of 3×3; the source that the decoder sees has vectors of {@code features + 2}. */
    public static ImageEncoder of(int channels, int features, int hiddenSize, RandomStream random) {
        return new ImageEncoder(
                Convolution.of(channels, features, 3, 3, random.split("first")),
                Convolution.of(features, features, 3, 3, random.split("second")),
                Affine.of(features + COORDINATES, hiddenSize, random.split("start")));
    }

    /** Pictures x [B×rows×columns×channels], both sides multiples of 4, give rows/4·columns/4 regions. */
    @Override
    public Source encode(Tensor x) {
        if (x.rank() != 4 || x.size(0) == 0 || x.size(1) % 4 != 0 || x.size(2) % 4 != 0 || x.size(1) * x.size(2) == 0) {
            throw new IllegalArgumentException("image encoder: pictures " + x.shapeText()
                    + " must be [B×rows×columns×channels], sides of 4, 8, ..");
        }
        Tensor h = pool(relu(second.apply(pool(relu(first.apply(x))))));
        Tensor regions = h.reshape(h.size(0), h.size(1) * h.size(2), h.size(3));
        Tensor placed = Tensor.concat(2, regions, coordinates(h.size(0), h.size(1), h.size(2)));
        int[] lengths = new int[placed.size(0)];
        Arrays.fill(lengths, placed.size(1));
        return new Source(placed, lengths, List.of(tanh(start.apply(placed.mean(1)))));
    }

    /** The mean of 2×2 neighbours: [B×R×C×K] gives [B×R/2×C/2×K]. */
    private static Tensor pool(Tensor x) {
        int rows = x.size(1) / 2;
        int columns = x.size(2) / 2;
        Tensor pairs = x.reshape(x.size(0) * rows, 2, columns, 2 * x.size(3)).mean(1);
        return pairs.reshape(x.size(0) * rows * columns, 2, x.size(3))
                .mean(1)
                .reshape(x.size(0), rows, columns, x.size(3));
    }

    /** Row and column of every region, -1..1: [B×R·C×2]. */
    private static Tensor coordinates(int batch, int rows, int columns) {
        float[] values = new float[batch * rows * columns * COORDINATES];
        for (int at = 0; at < values.length; at += COORDINATES) {
            int region = at / COORDINATES % (rows * columns);
            values[at] = place(region / columns, rows);
            values[at + 1] = place(region % columns, columns);
        }
        return Tensor.wrap(values, batch, rows * columns, COORDINATES);
    }

    private static float place(int index, int count) {
        return (2f * index + 1) / count - 1;
    }

    @Override
    public int count(Tensor x) {
        return x.size(0);
    }

    @Override
    public Set<Source.Part> mustBeRead() {
        return Set.of(Source.Part.LAST);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("first", first).and("second", second).and("start", start);
    }
}
