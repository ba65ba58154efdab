package org.carousel.recurrent.images;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.ConvLstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The PyraMiD-LSTM for images: four convolutional LSTMs sweep whole lines, one from each side, and their outputs are
 * added.
 *
 * <pre>
 * line t of a sweep:  (i, f, z, o) = W ∗ x_t + R ∗ h_{t-1} + b      ∗ along the line, three places wide
 *                     c_t = σ(f) ⊙ c_{t-1} + σ(i) ⊙ tanh(z)     h_t = σ(o) ⊙ tanh(c_t)
 * h = Σ over the four sweeps
 * </pre>
 *
 * <p>A place sees three predecessors on the line before, so what reaches it spreads like a pyramid turned on its side;
 * the four pyramids cover the image. In 3D there are six, not eight: 2 for each dimension, where {@link
 * MultidimensionalLstm} needs 2^d. All places of a line are computed at once.
 *
 * <p>Source: Stollenga, Byeon, Liwicki, Schmidhuber: Parallel multi-dimensional LSTM, NIPS 2015, arXiv:1506.07452,
 * section 2. Differs from the paper in: no fully connected layer after the sum, which is left to the user.
 *
 * @param sweeps downwards, upwards, to the right, to the left
 */
public record PyramidLstm(List<ConvLstm> sweeps) implements Layer {
    private static final int KERNEL = 3;

    /** Four sweeps over images of one size, with weights of their own. */
    public static PyramidLstm of(int rows, int columns, int channels, int hiddenChannels, RandomStream random) {
        List<ConvLstm> sweeps = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            int line = k < 2 ? columns : rows;
            sweeps.add(ConvLstm.of(1, line, channels, hiddenChannels, 1, KERNEL, false, random.split(k)));
        }
        return new PyramidLstm(sweeps);
    }

    /** image [B×rows×columns×C] gives [B×rows×columns×H]. */
    public Tensor run(Tensor image) {
        if (image.rank() != 4) {
            throw new IllegalArgumentException(
                    "pyramid lstm: image " + image.shapeText() + " must be [batch×rows×columns×channels]");
        }
        Tensor sum = sweep(0, image, false).plus(sweep(1, image, true));
        Tensor turned = Images.turn(image);
        return sum.plus(Images.turn(sweep(2, turned, false).plus(sweep(3, turned, true))));
    }

    private Tensor sweep(int direction, Tensor image, boolean fromBelow) {
        Tensor seen = fromBelow ? Images.flip(image, true, false) : image;
        int lines = image.size(1);
        int places = image.size(2);
        Tensor h = sweeps.get(direction)
                .run(seen.reshape(image.size(0), lines, places * image.size(3)))
                .h();
        Tensor back = h.reshape(image.size(0), lines, places, h.size(2) / places);
        return fromBelow ? Images.flip(back, true, false) : back;
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.none();
        for (int k = 0; k < 4; k++) {
            all = all.and(Integer.toString(k), sweeps.get(k));
        }
        return all;
    }
}
