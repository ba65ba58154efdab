package org.carousel.labelling;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Dropout;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Bidirectional layers on top of each other: both directions of a layer read both directions of the one below.
 *
 * <pre>
 * h^0_t = x_t        h^l_t = [→h^l_t(h^(l-1)_1 .. h^(l-1)_t), ←h^l_t(h^(l-1)_T .. h^(l-1)_t)]
 * </pre>
 *
 * <p>Not two stacks, one for each direction: from the second layer on every step knows the whole sequence.
 *
 * <p>Source: Graves, Mohamed, Hinton: Speech recognition with deep recurrent neural networks, ICASSP 2013, arXiv:1303.5778,
 * equations 9 to 12.
 *
 * @param layers from below
 */
public record BidirectionalStack(List<Bidirectional<?>> layers) implements Layer {
    /** Checks that each layer reads what the one below puts out. */
    public BidirectionalStack {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("bidirectional stack: no layer; give one or more");
        }
        for (int l = 1; l < layers.size(); l++) {
            int in = layers.get(l).forward().inputSize();
            int below = layers.get(l - 1).hiddenSize();
            if (in != below) {
                throw new IllegalArgumentException("bidirectional stack: layer " + l + " reads " + in
                        + " values where the one below puts out " + below);
            }
        }
        layers = List.copyOf(layers);
    }

    /** LSTMs of H cells in each direction. */
    public static BidirectionalStack lstm(int inputSize, int hiddenSize, int depth, RandomStream random) {
        List<Bidirectional<?>> all = new ArrayList<>();
        for (int l = 0; l < depth; l++) {
            int in = l == 0 ? inputSize : 2 * hiddenSize;
            RandomStream own = random.split(l);
            all.add(new Bidirectional<>(
                    Lstm.of(in, hiddenSize, own.split("forward")), Lstm.of(in, hiddenSize, own.split("backward"))));
        }
        return new BidirectionalStack(all);
    }

    /** The outputs of the last layer, [B×T×I] to [B×T×2H]; 0 behind the end of a sequence. */
    public Tensor apply(Tensor x, int... lengths) {
        Tensor h = x;
        for (Bidirectional<?> layer : layers) {
            h = layer.run(h, lengths).h();
        }
        return h;
    }

    /** As {@link #apply}, for training: drops inputs of every layer and outputs of the last. */
    public Tensor apply(Tensor x, int[] lengths, Dropout dropout, RandomStream random) {
        Tensor h = dropout.apply(x, random);
        for (Bidirectional<?> layer : layers) {
            h = dropout.apply(layer.run(h, lengths).h(), random);
        }
        return h;
    }

    /** I. */
    public int inputSize() {
        return layers.get(0).forward().inputSize();
    }

    /** 2H, the size of the outputs. */
    public int hiddenSize() {
        return layers.get(layers.size() - 1).hiddenSize();
    }

    @Override
    public Parameters parameters() {
        Parameters all = Parameters.none();
        for (int l = 0; l < layers.size(); l++) {
            all = all.and(Integer.toString(l), layers.get(l));
        }
        return all;
    }
}
