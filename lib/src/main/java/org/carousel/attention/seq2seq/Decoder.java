package org.carousel.attention.seq2seq;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.carousel.attention.internal.Tokens;
import org.carousel.layers.Layer;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Writes a sequence, one token after the other, each with a look at the token before.
 *
 * <pre>
 * p(y_1 .. y_n | source) = Π_t p(y_t | y_1 .. y_{t-1}, source)
 * </pre>
 *
 * @param <S> what is carried from token to token: the state of a cell, the source that is read from
 */
public interface Decoder<S> extends Layer {
    /**
     * What may follow.
     *
     * @param logits [B×V]: softmax of a row is p(y_t | ..)
     * @param weights α [B×U]: where in the source this step looked; null for a decoder without attention
     * @param state for going on
     */
    record Written<S>(Tensor logits, @Nullable Tensor weights, S state) {}

    /**
     * The state before the first token.
     *
     * @throws IllegalArgumentException when the source is not of the kind or size that this decoder reads
     */
    S begin(Source source);

    /** The parts of a source that it reads. */
    Set<Source.Part> reads();

    /** Reads the token before, one for each of the B sequences, and tells what may follow. */
    Written<S> step(S state, int... tokens);

    /** This decoder as a writer of one token after the other, beginning with {@code state}: for inference. */
    default DecoderStream<S> stream(S state) {
        return new StepStream<>(this, state);
    }

    /**
     * Teacher forcing: reads the right tokens, whatever it would have written itself.
     *
     * @param inputs [B][T], the token before every step
     * @return logits [B×T×V]
     */
    default Tensor teach(S state, int[][] inputs) {
        return sample(state, inputs, 1, RandomStream.of(0));
    }

    /**
     * Scheduled sampling: every sequence reads the right token with probability ε, else the one that the step before
     * found most likely. Training that lowers ε from 1 shows the decoder its own mistakes.
     *
     * <p>Source: Bengio, Vinyals, Jaitly, Shazeer: Scheduled sampling for sequence prediction with recurrent neural
     * networks, NIPS 2015, arXiv:1506.03099, section 2.4, with the most likely token in place of a drawn one.
     *
     * @param truth ε, 0..1
     * @return logits [B×T×V]
     */
    default Tensor sample(S state, int[][] inputs, double truth, RandomStream random) {
        if (!(truth >= 0 && truth <= 1)) {
            throw new IllegalArgumentException("scheduled sampling: ε " + truth + " is outside 0..1");
        }
        List<Tensor> logits = new ArrayList<>();
        S now = state;
        for (int t = 0; t < inputs[0].length; t++) {
            int[] own = t == 0 || truth == 1 ? new int[0] : Tokens.mostLikely(logits.get(t - 1));
            int[] tokens = new int[inputs.length];
            for (int b = 0; b < tokens.length; b++) {
                boolean right = t == 0 || truth == 1 || random.nextDouble() < truth;
                tokens[b] = right ? inputs[b][t] : own[b];
            }
            Written<S> written = step(now, tokens);
            logits.add(written.logits());
            now = written.state();
        }
        return Tensor.stack(1, logits.toArray(new Tensor[0]));
    }
}
