package org.carousel.recurrent;

import java.util.ArrayList;
import java.util.List;
import org.carousel.layers.Dropout;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * One cell that reads from the left and one that reads from the right, trained together.
 *
 * <pre>
 * h_t = [→h_t, ←h_t]
 * </pre>
 *
 * <p>The second cell begins at the end of each sequence, not at the end of the padding.
 *
 * <p>Source: Schuster, Paliwal: Bidirectional recurrent neural networks, IEEE Transactions on Signal Processing 45(11),
 * 1997, doi:10.1109/78.650093; with LSTM: Graves, Schmidhuber 2005, doi:10.1016/j.neunet.2005.06.042.
 *
 * @param forward reads from the left
 * @param backward reads from the right
 * @param <S> the state of both cells
 */
public record Bidirectional<S>(Cell<S> forward, Cell<S> backward) implements Layer {
    /** Checks that both read the same inputs. */
    public Bidirectional {
        if (forward.inputSize() != backward.inputSize()) {
            throw new IllegalArgumentException("bidirectional: cells of input sizes " + forward.inputSize() + " and "
                    + backward.inputSize() + "; both read the same sequence");
        }
    }

    /**
     * The outputs of both, and where each stopped.
     *
     * @param h [B×T×2H], both outputs of a step side by side
     * @param forward the state of the first cell after the last step
     * @param backward the state of the second cell after the first step
     */
    public record Outputs<S>(Tensor h, S forward, S backward) {}

    /** Reads sequences x [B×T×I] of one length, from zero states. */
    public Outputs<S> run(Tensor x) {
        return run(x, Ragged.full(x));
    }

    /** Reads sequences x [B×T×I] of different lengths, from zero states; outputs behind an end are 0. */
    public Outputs<S> run(Tensor x, int... lengths) {
        forward.requireSequence(x);
        Sequence<S> there = forward.run(x, forward.initial(x.size(0)), lengths);
        Sequence<S> back = backward.run(Ragged.reverse(x, lengths), backward.initial(x.size(0)), lengths);
        Tensor h = Tensor.concat(2, there.h(), Ragged.reverse(back.h(), lengths));
        return new Outputs<>(h, there.last(), back.last());
    }

    /**
     * Bidirectional layers on top of each other: every one reads both outputs of the one below.
     *
     * <pre>
     * x of layer l+1 = [→h, ←h] of layer l
     * </pre>
     *
     * <p>Not two stacks, one for each direction: from the second layer on every step knows the whole sequence.
     *
     * <p>Source: Graves, Mohamed, Hinton: Speech recognition with deep recurrent neural networks, ICASSP 2013,
     * arXiv:1303.5778, equations 9 to 12.
     *
     * @param layers from below
     * @param <S> the state of every cell
     */
    public record Stack<S>(List<? extends Bidirectional<? extends S>> layers) implements Layer {
        /** Checks that each layer reads what the one below puts out. */
        public Stack {
            if (layers.isEmpty()) {
                throw new IllegalArgumentException("bidirectional stack: no layer; give one or more");
            }
            for (int l = 1; l < layers.size(); l++) {
                int reads = layers.get(l).forward().inputSize();
                int below = layers.get(l - 1).hiddenSize();
                if (reads != below) {
                    throw new IllegalArgumentException("bidirectional stack: layer " + l + " reads " + reads
                            + " values where the one below puts out " + below);
                }
            }
            layers = List.copyOf(layers);
        }

        /** LSTMs of H cells in each direction. */
        public static Stack<Lstm.State> lstm(int inputSize, int hiddenSize, int depth, RandomStream random) {
            List<Bidirectional<Lstm.State>> all = new ArrayList<>();
            for (int l = 0; l < depth; l++) {
                int in = l == 0 ? inputSize : 2 * hiddenSize;
                RandomStream own = random.split(l);
                all.add(new Bidirectional<>(
                        Lstm.of(in, hiddenSize, own.split("forward")), Lstm.of(in, hiddenSize, own.split("backward"))));
            }
            return new Stack<>(all);
        }

        /** The outputs of the last layer, [B×T×I] to [B×T×2H]; 0 behind the end of a sequence. */
        public Tensor apply(Tensor x, int... lengths) {
            return run(x, lengths).h();
        }

        /** As {@link #apply}, for training: drops inputs of every layer and outputs of the last. */
        public Tensor apply(Tensor x, int[] lengths, Dropout dropout, RandomStream random) {
            Tensor h = dropout.apply(x, random);
            for (Bidirectional<? extends S> layer : layers) {
                h = dropout.apply(layer.run(h, lengths).h(), random);
            }
            return h;
        }

        /** I. */
        public int inputSize() {
            return layers.get(0).forward().inputSize();
        }

        /** Sequences x [B×T×I] of one length: h of the last layer, where each of its cells stopped. */
        public Outputs<? extends S> run(Tensor x) {
            return run(x, Ragged.full(x));
        }

        /** Sequences x [B×T×I] of different lengths; outputs after an end are 0. */
        public Outputs<? extends S> run(Tensor x, int... lengths) {
            Outputs<? extends S> y = layers.get(0).run(x, lengths);
            for (Bidirectional<? extends S> layer : layers.subList(1, layers.size())) {
                y = layer.run(y.h(), lengths);
            }
            return y;
        }

        /** 2H of the last layer. */
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

    /** 2H, the size of the outputs. */
    public int hiddenSize() {
        return forward.hiddenSize() + backward.hiddenSize();
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("forward", forward).and("backward", backward);
    }
}
