package org.carousel.attention.seq2seq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.carousel.attention.Additive;
import org.carousel.attention.SourceReader;
import org.carousel.attention.internal.Tokens;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Sequence to sequence: one network reads a source, another writes the target.
 *
 * <pre>{@code
 * var model = EncoderDecoder.bahdanau(source.size(), target.size(), 32, 64, BEGIN, END, RandomStream.of(1));
 * Loss.crossEntropy(model.logits(sources, targets), model.labels(targets)); // training
 * int[][] written = model.greedy(sources, 20); // afterwards
 * }</pre>
 *
 * <p>Sources and targets are sequences of token numbers of any lengths, without tokens for begin and end: these are added
 * here. A sequence gives the same bits alone and in any batch.
 *
 * @param encoder reads
 * @param decoder writes
 * @param begin the token that stands before the first one
 * @param end the token that stands behind the last one
 * @param <X> the sources: {@code int[][]} for texts, a tensor for images
 * @param <S> what the decoder carries from token to token
 */
public record EncoderDecoder<X, S>(Encoder<X> encoder, Decoder<S> decoder, int begin, int end) implements Layer {
    /** Throws when the decoder leaves out something that the encoder computes: its parameters would never learn. */
    public EncoderDecoder {
        for (Source.Part part : encoder.mustBeRead()) {
            if (!decoder.reads().contains(part)) {
                throw new IllegalArgumentException("encoder-decoder: "
                        + decoder.getClass().getSimpleName() + " does not read the "
                        + part.name().toLowerCase(Locale.ROOT) + " of what "
                        + encoder.getClass().getSimpleName() + " read; some of its parameters would never learn");
            }
        }
    }

    private static CellEncoder<Lstm.State> lstmEncoder(
            int tokens, int embeddingSize, int hiddenSize, boolean backwards, RandomStream random) {
        return new CellEncoder<>(
                Embedding.of(tokens, embeddingSize, random.split("source")),
                Lstm.of(embeddingSize, hiddenSize, random.split("encoder")),
                backwards);
    }

    /** An LSTM whose last state another LSTM begins with; the source is read backwards. */
    public static EncoderDecoder<int[][], Lstm.State> copiedState(
            int sourceTokens,
            int targetTokens,
            int embeddingSize,
            int hiddenSize,
            int begin,
            int end,
            RandomStream random) {
        var encoder = lstmEncoder(sourceTokens, embeddingSize, hiddenSize, true, random);
        var decoder = new CellDecoder<>(
                Embedding.of(targetTokens, embeddingSize, random.split("target")),
                Lstm.of(embeddingSize, hiddenSize, random.split("decoder")),
                Affine.of(hiddenSize, targetTokens, random.split("out")));
        return new EncoderDecoder<>(encoder, decoder, begin, end);
    }

    /** Additive attention over a bidirectional encoder: {@link BahdanauEncoder}, {@link BahdanauDecoder}. */
    public static EncoderDecoder<int[][], BahdanauDecoder.State> bahdanau(
            int sourceTokens,
            int targetTokens,
            int embeddingSize,
            int hiddenSize,
            int begin,
            int end,
            RandomStream random) {
        Additive attention = Additive.of(hiddenSize, 2 * hiddenSize, hiddenSize, random.split("attention"));
        return new EncoderDecoder<>(
                BahdanauEncoder.of(sourceTokens, embeddingSize, hiddenSize, random.split("encoder")),
                BahdanauDecoder.of(
                        targetTokens, embeddingSize, hiddenSize, 2 * hiddenSize, attention, random.split("decoder")),
                begin,
                end);
    }

    /** LSTMs with an attention after every step and input feeding: {@link CellEncoder}, {@link LuongDecoder}. */
    public static EncoderDecoder<int[][], LuongDecoder.State<Lstm.State>> luong(
            int sourceTokens,
            int targetTokens,
            int embeddingSize,
            int hiddenSize,
            SourceReader attention,
            int begin,
            int end,
            RandomStream random) {
        var encoder = lstmEncoder(sourceTokens, embeddingSize, hiddenSize, false, random);
        var decoder = new LuongDecoder<>(
                Embedding.of(targetTokens, embeddingSize, random.split("target")),
                Lstm.of(embeddingSize + hiddenSize, hiddenSize, random.split("decoder")),
                attention,
                Affine.of(2 * hiddenSize, hiddenSize, random.split("combine")),
                Affine.of(hiddenSize, targetTokens, random.split("out")),
                true);
        return new EncoderDecoder<>(encoder, decoder, begin, end);
    }

    /**
     * The right answers for {@link #logits}: every target and the end token, {@link Tensor#IGNORED} after it.
     *
     * @return [B][T], T one more than the longest target
     */
    public int[][] labels(int[][] targets) {
        int steps = steps(targets);
        int[][] labels = new int[targets.length][];
        for (int b = 0; b < labels.length; b++) {
            labels[b] = Arrays.copyOf(targets[b], steps);
            labels[b][targets[b].length] = end;
            Arrays.fill(labels[b], targets[b].length + 1, steps, Tensor.IGNORED);
        }
        return labels;
    }

    /** What the decoder reads under teacher forcing: the begin token and every target; behind it the end token. */
    private int[][] inputs(int[][] targets) {
        int steps = steps(targets);
        int[][] inputs = new int[targets.length][steps];
        for (int b = 0; b < inputs.length; b++) {
            Arrays.fill(inputs[b], end);
            inputs[b][0] = begin;
            System.arraycopy(targets[b], 0, inputs[b], 1, targets[b].length);
        }
        return inputs;
    }

    private static int steps(int[][] targets) {
        return 1
                + Arrays.stream(targets)
                        .mapToInt(t -> t.length)
                        .max()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "encoder-decoder: no target; there must be one for every source"));
    }

    /** Teacher forcing: logits [B×T×V], T one more than the longest target. */
    public Tensor logits(X sources, int[][] targets) {
        return decoder.teach(decoder.begin(encoder.encode(sources)), inputs(targets));
    }

    /** Scheduled sampling: each right token is read with probability ε, else the decoder's own. */
    public Tensor logits(X sources, int[][] targets, double truth, RandomStream random) {
        return decoder.sample(decoder.begin(encoder.encode(sources)), inputs(targets), truth, random);
    }

    /** The most likely token at every step, for a whole batch: sequences without the end token. */
    public int[][] greedy(X sources, int longest) {
        return Tensor.withoutGradient(() -> {
            int batch = encoder.count(sources);
            DecoderStream<S> stream = decoder.stream(decoder.begin(encoder.encode(sources)));
            int[][] written = new int[batch][0];
            boolean[] ended = new boolean[batch];
            int[] tokens = new int[batch];
            Arrays.fill(tokens, begin);
            for (int t = 0; t < longest; t++) {
                Tokens.mostLikely(stream.step(tokens), tokens);
                boolean all = true;
                for (int b = 0; b < batch; b++) {
                    ended[b] |= tokens[b] == end;
                    all &= ended[b];
                    if (!ended[b]) {
                        written[b] = Arrays.copyOf(written[b], t + 1);
                        written[b][t] = tokens[b];
                    }
                }
                if (all) {
                    break;
                }
            }
            return written;
        });
    }

    /** The sequences for one source that a {@link BeamSearch} finds, the best first. */
    public List<BeamSearch.Found> search(X source, int beams, int longest, double lengthPower) {
        BeamSearch search = new BeamSearch(beams, longest, lengthPower, end);
        return Tensor.withoutGradient(() -> search.searchAll(
                (S state, int token) -> {
                    Decoder.Written<S> step = decoder.step(state, token);
                    return new BeamSearch.Next<>(
                            Tensor.logSoftmax(step.logits()).toArray(), step.state());
                },
                decoder.begin(encoder.encode(source)),
                begin));
    }

    /**
     * Where a decoder with attention looks while it reads the target: α [T×U], a row for every token and one for the end.
     *
     * @param source a single source
     * @throws IllegalArgumentException when the decoder has no attention
     */
    public Tensor alignment(X source, int... target) {
        return Tensor.withoutGradient(() -> {
            S state = decoder.begin(encoder.encode(source));
            List<Tensor> rows = new ArrayList<>();
            for (int token : inputs(new int[][] {target})[0]) {
                Decoder.Written<S> step = decoder.step(state, token);
                if (step.weights() == null) {
                    throw new IllegalArgumentException(
                            "alignment: " + decoder.getClass().getSimpleName() + " has no attention; it looks nowhere");
                }
                rows.add(Objects.requireNonNull(step.weights()));
                state = step.state();
            }
            return Tensor.concat(0, rows.toArray(new Tensor[0]));
        });
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("encoder", encoder).and("decoder", decoder);
    }
}
