package org.carousel.labelling;

import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Labels for the steps of a sequence of numbers: a bidirectional stack, and scores for K labels at every step.
 *
 * <pre>
 * a_t = W h_t + b,   h = stack(x_1 .. x_T)
 * </pre>
 *
 * <p>What the scores mean is the loss's choice: logits of a label for each step ({@code Loss.crossEntropy}), emissions of a
 * {@link Crf}, or logits of {@link Ctc}, where one of the K is the blank.
 *
 * @param stack I to 2H
 * @param head 2H to K
 */
public record FrameTagger(Bidirectional.Stack<Lstm.State> stack, Affine head) implements Layer {
    /** A stack of LSTMs with H cells in each direction, and a head of K scores. */
    public static FrameTagger of(int inputs, int hiddenSize, int depth, int labels, RandomStream random) {
        Bidirectional.Stack<Lstm.State> stack =
                Bidirectional.Stack.lstm(inputs, hiddenSize, depth, random.split("stack"));
        return new FrameTagger(stack, Affine.of(stack.hiddenSize(), labels, random.split("head")));
    }

    /** The scores of every step, [B×T×I] to [B×T×K]; behind the end of a sequence they mean nothing. */
    public Tensor apply(Tensor x, int... lengths) {
        return head.apply(stack.apply(x, lengths));
    }

    /** As {@link #apply}, for training: drops inputs of every layer and outputs of the last. */
    public Tensor apply(Tensor x, int[] lengths, Dropout dropout, RandomStream random) {
        return head.apply(stack.apply(x, lengths, dropout, random));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("stack", stack).and("head", head);
    }
}
