package org.carousel.recurrent.images;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.ConvLstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The PyraMiD-LSTM for volumes: six convolutional LSTMs sweep whole planes, two along each of the three axes, and their
 * outputs are added.
 *
 * <pre>
 * plane t of a sweep:  (i, f, z, o) = W ∗ x_t + R ∗ h_{t-1} + b     ∗ over the plane, 3×3 places
 *                      c_t = σ(f) ⊙ c_{t-1} + σ(i) ⊙ tanh(z)      h_t = σ(o) ⊙ tanh(c_t)
 * h = Σ over the six sweeps
 * </pre>
 *
 * <p>A place sees nine predecessors on the plane before, so each sweep sees a pyramid with a square base; the six
 * pyramids cover the volume. {@link PyramidLstm} is the same for images.
 *
 * <p>Source: Stollenga, Byeon, Liwicki, Schmidhuber: Parallel multi-dimensional LSTM, NIPS 2015, arXiv:1506.07452,
 * section 2. Differs from the paper in: no fully connected layers after the sum, which are left to the user.
 *
 * @param sweeps along planes, rows and columns, for each forwards and backwards
 */
public record VolumePyramidLstm(List<ConvLstm> sweeps) implements Layer {
    private static final int KERNEL = 3;
    private static final int[][] AXIS_FIRST = {{0, 1, 2, 3, 4}, {0, 2, 1, 3, 4}, {0, 3, 1, 2, 4}};
    private static final int[][] AXIS_BACK = {{0, 1, 2, 3, 4}, {0, 2, 1, 3, 4}, {0, 2, 3, 1, 4}};

    /** Keeps a list of its own. */
    public VolumePyramidLstm {
        if (sweeps.size() != 6) {
            throw new IllegalArgumentException(
                    "volume pyramid lstm: " + sweeps.size() + " sweeps, there must be 6, two for each axis");
        }
        sweeps = List.copyOf(sweeps);
    }

    /** Six sweeps over volumes of one size, with weights of their own. */
    public static VolumePyramidLstm of(
            int planes, int rows, int columns, int channels, int hiddenChannels, RandomStream random) {
        List<ConvLstm> sweeps = new ArrayList<>();
        for (int k = 0; k < 6; k++) {
            int height = k < 2 ? rows : planes;
            int width = k < 4 ? columns : rows;
            sweeps.add(ConvLstm.of(height, width, channels, hiddenChannels, KERNEL, KERNEL, false, random.split(k)));
        }
        return new VolumePyramidLstm(sweeps);
    }

    /** volume [B×planes×rows×columns×C] gives [B×planes×rows×columns×H]. */
    public Tensor run(Tensor volume) {
        if (volume.rank() != 5) {
            throw new IllegalArgumentException("volume pyramid lstm: volume " + volume.shapeText()
                    + " must be [batch×planes×rows×columns×channels]");
        }
        Tensor sum = sweep(0, volume);
        for (int k = 1; k < 6; k++) {
            sum = sum.plus(sweep(k, volume));
        }
        return sum;
    }

    /** One sweep alone: [B×planes×rows×columns×H]. */
    public Tensor sweep(int direction, Tensor volume) {
        int axis = direction / 2;
        boolean backwards = direction % 2 == 1;
        Tensor x = backwards(volume.permute(AXIS_FIRST[axis]), backwards);
        int[] shape = x.shape();
        int places = shape[2] * shape[3];
        Tensor h = sweeps.get(direction)
                .run(x.reshape(shape[0], shape[1], places * shape[4]))
                .h();
        Tensor all = h.reshape(shape[0], shape[1], shape[2], shape[3], h.size(2) / places);
        return backwards(all, backwards).permute(AXIS_BACK[axis]);
    }

    /** The planes in the other order, if so. */
    private static Tensor backwards(Tensor x, boolean turn) {
        if (!turn) {
            return x;
        }
        int planes = x.size(1);
        return Tensor.stack(
                1,
                IntStream.range(0, planes)
                        .mapToObj(t -> x.select(1, planes - 1 - t))
                        .toArray(Tensor[]::new));
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.none();
        for (int k = 0; k < 6; k++) {
            all = all.and(Integer.toString(k), sweeps.get(k));
        }
        return all;
    }
}
