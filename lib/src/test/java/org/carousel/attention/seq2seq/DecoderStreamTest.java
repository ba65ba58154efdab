package org.carousel.attention.seq2seq;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.carousel.attention.Additive;
import org.carousel.attention.Attention;
import org.carousel.attention.Local;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.SourceReader;
import org.carousel.attention.transformer.MultiHead;
import org.carousel.attention.transformer.Transformer;
import org.carousel.attention.transformer.TransformerDecoder;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderStreamTest {
    private static final int TOKENS = 37;

    private static Tensor source(int batch, int steps, int size, RandomStream random) {
        return Tensor.normal(random, 1, batch, steps, size);
    }

    /** All of different lengths where there are enough steps; the first one of all steps. */
    private static int[] lengths(int batch, int steps) {
        int[] lengths = new int[batch];
        Arrays.setAll(lengths, b -> 1 + (steps - 1 + b * 5) % steps);
        return lengths;
    }

    /** Nine steps of both, with the same tokens. */
    private static <S> DecoderStream<S> assertSameBits(Decoder<S> decoder, S first, int batch, RandomStream random) {
        return assertSameBits(9, decoder, first, batch, random);
    }

    private static <S> DecoderStream<S> assertSameBits(
            int steps, Decoder<S> decoder, S first, int batch, RandomStream random) {
        DecoderStream<S> stream = decoder.stream(first);
        S state = first;
        for (int t = 0; t < steps; t++) {
            assertStep(decoder, state, stream, batch, random.split(t), "step " + t);
            int[] tokens = tokens(batch, random.split(t));
            S before = state;
            state = Tensor.withoutGradient(() -> decoder.step(before, tokens)).state();
        }
        return stream;
    }

    private static int[] tokens(int batch, RandomStream random) {
        int[] tokens = new int[batch];
        Arrays.setAll(tokens, b -> random.split(b).nextInt(0, TOKENS));
        return tokens;
    }

    private static <S> void assertStep(
            Decoder<S> decoder, S state, DecoderStream<S> stream, int batch, RandomStream random, String what) {
        int[] tokens = tokens(batch, random);
        Decoder.Written<S> expected = Tensor.withoutGradient(() -> decoder.step(state, tokens));
        assertArrayEquals(expected.logits().toArray(), stream.step(tokens), "logits of " + what);
        Tensor weights = expected.weights();
        assertArrayEquals(weights == null ? null : weights.toArray(), stream.weights(), "weights of " + what);
    }

    @ParameterizedTest
    @CsvSource({"1,1,1,1,1", "1,7,5,16,9", "3,13,17,33,30", "5,40,3,64,65", "17,9,31,97,19", "17,50,64,300,270"})
    void bahdanauGivesTheBitsOfItsSteps(int batch, int steps, int embedded, int hidden, int sourceSize) {
        RandomStream random = RandomStream.of(7);
        Additive attention = Additive.of(hidden, sourceSize, hidden + 2, random);
        BahdanauDecoder decoder = BahdanauDecoder.of(TOKENS, embedded, hidden, sourceSize, attention, random);
        decoder.cell().parameters().get("bias_hn_l0").update(a -> Arrays.fill(a, 0.2f));
        decoder.deep().b().update(b -> Arrays.fill(b, 0.1f));
        Attention.Memory memory = attention.memory(source(batch, steps, sourceSize, random), lengths(batch, steps));
        var first = new BahdanauDecoder.State(memory, Tensor.normal(random, 1, batch, hidden));
        var stream = assertSameBits(decoder, first, batch, random);

        var now = stream.state();
        for (Tensor weights : new Tensor[] {
            attention.W(), decoder.deep().W(), decoder.embedding().table()
        }) {
            weights.update(w -> w[w.length - 1] += 0.5f);
        }
        decoder.cell().parameters().get("weight_hh_l0").update(w -> Arrays.fill(w, 0.125f));
        assertStep(decoder, now, stream, batch, random, "new weights");
    }

    @Test
    void bahdanauWithTheResetBeforeTheProduct() {
        RandomStream random = RandomStream.of(8);
        Additive attention = Additive.of(19, 11, 13, random);
        BahdanauDecoder other = BahdanauDecoder.of(TOKENS, 6, 19, 11, attention, random);
        var decoder = new BahdanauDecoder(
                other.embedding(), attention, Gru.of(6 + 11, 19, false, random), other.deep(), other.out());
        Attention.Memory memory = attention.memory(source(3, 8, 11, random), lengths(3, 8));
        assertSameBits(decoder, new BahdanauDecoder.State(memory, Tensor.normal(random, 1, 3, 19)), 3, random);
    }

    /** Every score and both windows, with and without input feeding; an LSTM, a GRU and a cell without a stream. */
    @ParameterizedTest
    @CsvSource({
        "additive,1,7,5,16,9", "general,1,1,1,1,1", "general,4,21,30,97,65", "general,17,50,64,300,270",
        "dot,3,13,7,33,33", "scaled,5,40,17,19,19", "cosine,3,13,7,33,33", "monotonic,2,9,4,7,7",
        "cosine,2,1,3,1,1", "cosine,17,50,64,300,300", "predictive,3,13,7,33,33", "predictive,17,50,64,300,300",
        "window,5,12,7,19,23", "others,3,8,7,19,19"
    })
    void luongGivesTheBitsOfItsSteps(String kind, int batch, int steps, int embedded, int hidden, int sourceSize) {
        RandomStream random = RandomStream.of(11);
        SourceReader reader =
                switch (kind) {
                    case "additive" -> Additive.of(hidden, sourceSize, 21, random);
                    case "general" -> Multiplicative.general(hidden, sourceSize, random);
                    case "dot" -> Multiplicative.dot();
                    case "scaled" -> Multiplicative.scaled();
                    case "cosine" -> Multiplicative.cosine(3);
                    case "monotonic" -> Local.monotonic(Multiplicative.dot(), 2);
                    case "predictive" -> Local.predictive(Multiplicative.dot(), 2, hidden, 5, random);
                    case "window" ->
                        Local.predictive(Additive.of(hidden, sourceSize, 21, random), 1, hidden, 9, random);
                    default -> unknown(Multiplicative.dot());
                };
        Attention.Memory memory = reader.memory(source(batch, steps, sourceSize, random), lengths(batch, steps));
        for (boolean feeding : new boolean[] {true, false}) {
            int inputs = feeding ? embedded + hidden + 1 : embedded;
            assertLuong(Lstm.of(inputs, hidden, random), reader, memory, feeding, embedded, random);
            assertLuong(Gru.of(inputs, hidden, random), reader, memory, feeding, embedded, random);
            assertLuong(Elman.of(inputs, hidden, random), reader, memory, feeding, embedded, random);
        }
    }

    /** An attention of a class that streams do not know. */
    private static Attention unknown(Attention attention) {
        return new Attention() {
            @Override
            public Tensor scores(Tensor query, Memory memory) {
                return attention.scores(query, memory);
            }

            @Override
            public Tensor keys(Tensor source) {
                return attention.keys(source);
            }

            @Override
            public Parameters parameters() {
                return attention.parameters();
            }
        };
    }

    private static <S> void assertLuong(
            Cell<S> cell,
            SourceReader reader,
            Attention.Memory memory,
            boolean feeding,
            int embedded,
            RandomStream random) {
        int batch = memory.values().size(0);
        int hidden = cell.hiddenSize();
        var decoder = new LuongDecoder<>(
                Embedding.of(TOKENS, embedded, random),
                cell,
                reader,
                Affine.of(memory.values().size(2) + hidden, hidden + 1, random),
                Affine.of(hidden + 1, TOKENS, random),
                feeding);
        S first = cell.state(cell.tensors(cell.initial(batch)).stream()
                .map(part -> Tensor.normal(random, 1, part.shape()))
                .toList());
        var state = new LuongDecoder.State<>(memory, first, Tensor.normal(random, 1, batch, hidden + 1), 0);
        var stream = assertSameBits(decoder, state, batch, random);
        var now = stream.state();
        assertEquals(9, now.t());
        decoder.combine().W().update(w -> w[0] += 0.5f);
        assertStep(decoder, now, stream, batch, random, "new weights");
    }

    /** Decoders that have no stream of their own take their steps. */
    @Test
    void othersStreamByTheirSteps() {
        int[][] sources = {{3, 4, 5}, {6, 5}};
        var copied = EncoderDecoder.copiedState(TOKENS, TOKENS, 5, 7, 0, 1, RandomStream.of(1));
        assertSameBits(
                copied.decoder(), copied.decoder().begin(copied.encoder().encode(sources)), 2, RandomStream.of(2));
    }

    /** Past the room for the first keys, more keys than one sum takes, and work that threads share. */
    @ParameterizedTest
    @CsvSource({
        "true,1,1,2,1,1,1,9", "false,1,1,2,1,1,1,9", "true,2,7,6,3,5,2,40", "false,3,13,30,5,33,3,40",
        "true,5,40,66,1,17,2,18", "false,2,270,6,3,7,1,290", "true,2,270,6,3,7,1,290", "true,17,300,96,4,70,1,9",
        "false,1,3,514,2,9,1,5"
    })
    void transformersGiveTheBitsOfTheirSteps(
            boolean preNorm, int batch, int steps, int size, int heads, int wide, int layers, int written) {
        RandomStream random = RandomStream.of(12);
        var sizes = new Transformer.Sizes(size, heads, wide, layers, preNorm, written + 1);
        TransformerDecoder decoder = TransformerDecoder.of(TOKENS, sizes, random);
        decoder.parameters()
                .tensors()
                .forEach(p -> p.update(values -> {
                    for (int i = 0; i < values.length; i++) {
                        values[i] += 0.01f * (i % 7 - 3); // biases and gains that can be seen
                    }
                }));
        Tensor source = source(batch, steps, size, random);
        var first = new TransformerDecoder.State(source, lengths(batch, steps), List.of(), 0);
        var stream = assertSameBits(written, decoder, first, batch, random);

        var now = stream.state();
        assertEquals(written, now.t());
        MultiHead attention = decoder.layers().get(0).selfAttention();
        for (Tensor weights :
                new Tensor[] {attention.W(), attention.outB(), decoder.out().W()}) {
            weights.update(w -> w[w.length - 1] += 0.5f);
        }
        assertStep(decoder, now, stream, batch, random, "new weights");
        assertStep(decoder, now, decoder.stream(now), batch, random, "a stream that goes on");
        String message = assertThrows(IllegalArgumentException.class, () -> stream.step(new int[batch]))
                .getMessage();
        assertTrue(message.contains("a sequence of " + (written + 2) + " tokens, but places for"), message);
    }

    @Test
    void transformersReadNothingOfAnEmptySource() {
        RandomStream random = RandomStream.of(13);
        var sizes = new Transformer.Sizes(6, 2, 5, 2, true, 9);
        TransformerDecoder decoder = TransformerDecoder.of(TOKENS, sizes, random);
        var first = new TransformerDecoder.State(source(3, 4, 6, random), new int[] {4, 0, 2}, List.of(), 0);
        assertSameBits(decoder, first, 3, random);
        assertSameBits(decoder, decoder.stream(first).state(), 3, random);
        var wrong = new TransformerDecoder.State(first.source(), new int[] {4, 2}, List.of(), 0);
        assertMessage("over 3 sources with 2 lengths", () -> decoder.stream(wrong));
    }

    @Test
    void theStateOfAStreamIsACopyToGoOnFrom() {
        RandomStream random = RandomStream.of(9);
        Additive attention = Additive.of(5, 4, 3, random);
        BahdanauDecoder decoder = BahdanauDecoder.of(TOKENS, 6, 5, 4, attention, random);
        var first = new BahdanauDecoder.State(attention.memory(source(2, 3, 4, random)), Tensor.zeros(2, 5));
        DecoderStream<BahdanauDecoder.State> stream = decoder.stream(first);
        stream.step(1, 2);
        var kept = stream.state();
        float[] next = stream.step(3, 4).clone();
        assertArrayEquals(next, decoder.stream(kept).step(3, 4));
        assertArrayEquals(new float[10], first.s().toArray(), "what it began with is as it was");
    }

    @Test
    void saysWhatIsWrong() {
        RandomStream random = RandomStream.of(10);
        Additive attention = Additive.of(5, 4, 3, random);
        BahdanauDecoder decoder = BahdanauDecoder.of(TOKENS, 6, 5, 4, attention, random);
        Attention.Memory memory = attention.memory(source(2, 3, 4, random));
        DecoderStream<BahdanauDecoder.State> stream =
                decoder.stream(new BahdanauDecoder.State(memory, Tensor.zeros(2, 5)));
        assertMessage("step with 3 tokens for 2 sequences", () -> stream.step(1, 2, 3));
        assertMessage("token 37 is outside 0..36", () -> stream.step(1, 37));
        assertMessage("token -1 is outside 0..36", () -> stream.step(-1, 0));
        assertMessage(
                "state [3×5] over 2 sources",
                () -> decoder.stream(new BahdanauDecoder.State(memory, Tensor.zeros(3, 5))));
        assertMessage("[2×6]", () -> decoder.stream(new BahdanauDecoder.State(memory, Tensor.zeros(2, 6))));
    }
}
