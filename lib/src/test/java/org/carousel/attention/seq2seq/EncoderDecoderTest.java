package org.carousel.attention.seq2seq;

import static org.carousel.Golden.distance;
import static org.carousel.Golden.get;
import static org.carousel.Golden.load;
import static org.carousel.Golden.norm;
import static org.carousel.Golden.withWeights;
import static org.carousel.Refusals.assertMessage;
import static org.carousel.tensor.Tensor.linear;
import static org.carousel.tensor.Tensor.tanh;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.attention.Additive;
import org.carousel.attention.Local;
import org.carousel.attention.Multiplicative;
import org.carousel.attention.internal.Tokens;
import org.carousel.attention.transformer.Transformer;
import org.carousel.attention.transformer.TransformerDecoder;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderDecoderTest {
    private static final int BEGIN = 0;
    private static final int END = 1;
    private static final int[][] SOURCES = {{3, 4, 5, 6, 3}, {6, 5, 4}};
    private static final int[][] TARGETS = {{2, 3, 4}, {5}};

    private static EncoderDecoder<int[][], ?> model(String name) {
        RandomStream random = RandomStream.of(5);
        return switch (name) {
            case "copied state" -> EncoderDecoder.copiedState(7, 7, 4, 6, BEGIN, END, random);
            case "bahdanau" -> EncoderDecoder.bahdanau(7, 7, 4, 6, BEGIN, END, random);
            case "luong" ->
                EncoderDecoder.luong(
                        7, 7, 4, 6, Multiplicative.general(6, 6, random.split("attention")), BEGIN, END, random);
            case "local" ->
                EncoderDecoder.luong(
                        7,
                        7,
                        4,
                        6,
                        Local.predictive(Multiplicative.dot(), 2, 6, 5, random.split("attention")),
                        BEGIN,
                        END,
                        random);
            case "transformer-pre" -> transformer(true, random);
            default -> transformer(false, random);
        };
    }

    private static EncoderDecoder<int[][], TransformerDecoder.State> transformer(boolean pre, RandomStream random) {
        return Transformer.of(7, 7, new Transformer.Sizes(8, 2, 12, 2, pre, 9), BEGIN, END, random);
    }

    // ------------------------------------------------------------------ against PyTorch

    @ParameterizedTest
    @ValueSource(strings = {"bahdanau", "luong", "transformer-pre", "transformer-post"})
    void golden(String name) {
        Map<String, Tensor> golden = load("attention/" + name);
        EncoderDecoder<int[][], ?> model = model(name);
        withWeights(golden, model);
        Tensor y = model.logits(SOURCES, TARGETS);
        assertClose("y", get(golden, "y").slice(1, 0, 2), y.slice(1, 0, 2));
        assertClose("y", get(golden, "y").slice(0, 0, 1), y.slice(0, 0, 1));
        y.times(get(golden, "w")).sum().backward();
        for (Map.Entry<String, Tensor> p : model.parameters()) {
            assertClose(p.getKey(), get(golden, "d_" + p.getKey()), p.getValue().gradient());
        }
        if (golden.containsKey("alpha")) {
            assertClose("alpha", get(golden, "alpha"), model.alignment(new int[][] {SOURCES[0]}, TARGETS[0]));
        }
    }

    @Test
    void labelSmoothingIsPyTorchs() {
        Map<String, Tensor> golden = load("attention/smoothing");
        Tensor logits = get(golden, "logits").requiresGradient();
        Tensor loss = Loss.smoothedCrossEntropy(0.1, logits, new int[][] {{1, 4, -1}, {0, 6, 2}});
        loss.backward();
        assertEquals(get(golden, "loss").item(), loss.item(), 1e-6);
        assertClose("logits", get(golden, "d_logits"), logits.gradient());
    }

    private static void assertClose(String what, Tensor expected, Tensor actual) {
        double distance = distance(what, expected, actual);
        assertTrue(distance <= 2e-5 * norm(expected) + 1e-9, what + ": " + distance / norm(expected));
    }

    // ------------------------------------------------------------------ properties of all kinds

    @ParameterizedTest
    @MethodSource("every")
    void gradients(String name) {
        EncoderDecoder<int[][], ?> model = model(name);
        // steps behind the end of a target do not count; relu and windows have corners, where differences mislead
        int[] counted = {0, 1, 2, 3, 4, 5};
        GradientCheck check = GradientCheck.of(
                model.parameters(),
                () -> model.logits(SOURCES, TARGETS).reshape(8, 7).rows(counted));
        assertTrue(check.error() < (name.contains("transformer") ? 5e-2 : 1e-2), check.toString());
    }

    static Stream<String> every() {
        return Stream.of("copied state", "bahdanau", "luong", "local", "transformer-pre", "transformer-post");
    }

    @ParameterizedTest
    @MethodSource("every")
    void teacherForcingIsStepByStep(String name) {
        teachesAsItSteps(model(name));
    }

    private static <S> void teachesAsItSteps(EncoderDecoder<int[][], S> model) {
        int[][] inputs = {{BEGIN, 2, 3, 4}, {BEGIN, 5, END, END}};
        float[][] taught = model.logits(SOURCES, TARGETS).reshape(8, 7).toRows();
        S state = model.decoder().begin(model.encoder().encode(SOURCES));
        for (int t = 0; t < 4; t++) {
            Decoder.Written<S> step = model.decoder().step(state, inputs[0][t], inputs[1][t]);
            assertArrayEquals(taught[t], step.logits().toRows()[0], 1e-5f, "step " + t);
            assertArrayEquals(taught[4 + t], step.logits().toRows()[1], 1e-5f, "step " + t);
            if (step.weights() != null) {
                assertEquals("[2×5]", step.weights().shapeText());
                assertEquals(0, step.weights().get(1, 3) + step.weights().get(1, 4), "padding is not looked at");
            }
            state = step.state();
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void aSequenceAloneHasTheBitsItHasInABatch(String name) {
        EncoderDecoder<int[][], ?> model = model(name);
        Tensor both = model.logits(SOURCES, TARGETS);
        Tensor alone = model.logits(new int[][] {SOURCES[1]}, new int[][] {TARGETS[1]});
        assertArrayEquals(alone.toArray(), both.select(0, 1).slice(0, 0, 2).toArray());
        assertArrayEquals(model.greedy(new int[][] {SOURCES[1]}, 6)[0], model.greedy(SOURCES, 6)[1]);
    }

    @ParameterizedTest
    @MethodSource("every")
    void oneBeamIsGreedy(String name) {
        EncoderDecoder<int[][], ?> model = model(name);
        int[][] greedy = model.greedy(SOURCES, 6);
        for (int b = 0; b < 2; b++) {
            BeamSearch.Found found =
                    model.search(new int[][] {SOURCES[b]}, 1, 6, 0).get(0);
            assertArrayEquals(greedy[b], found.tokens());
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void whatComesLaterDoesNotLeak(String name) {
        EncoderDecoder<int[][], ?> model = model(name);
        Tensor one = model.logits(SOURCES, new int[][] {{2, 3, 4}, {5, 2, 2}});
        Tensor other = model.logits(SOURCES, new int[][] {{2, 3, 6}, {5, 2, 6}});
        assertArrayEquals(one.slice(1, 0, 3).toArray(), other.slice(1, 0, 3).toArray());
    }

    @Test
    void scheduledSamplingGoesFromTheTeacherToItself() {
        EncoderDecoder<int[][], ?> model = model("bahdanau");
        RandomStream random = RandomStream.of(3);
        assertArrayEquals(
                model.logits(SOURCES, TARGETS).toArray(),
                model.logits(SOURCES, TARGETS, 1, random).toArray(),
                1e-6f);
        Tensor own = model.logits(SOURCES, TARGETS, 0, random); // whatever the targets are, it reads its own tokens
        Tensor others = model.logits(SOURCES, new int[][] {{6, 6, 6}, {6}}, 0, random);
        assertArrayEquals(own.toArray(), others.toArray());
        int[] first = Tokens.mostLikely(own.select(1, 0));
        int[][] greedy = model.greedy(SOURCES, 4);
        for (int b = 0; b < 2; b++) {
            assertEquals(first[b], greedy[b].length == 0 ? END : greedy[b][0]);
        }
        assertThrows(IllegalArgumentException.class, () -> model.logits(SOURCES, TARGETS, 1.5, random));
    }

    @Test
    void labelsEndWithTheEnd() {
        assertArrayEquals(
                new int[][] {{2, 3, 4, END}, {5, END, -1, -1}}, model("luong").labels(TARGETS));
    }

    @Test
    void learnsToReverse() {
        EncoderDecoder<int[][], ?> model = EncoderDecoder.bahdanau(8, 8, 8, 16, BEGIN, END, RandomStream.of(1));
        RandomStream random = RandomStream.of(2);
        Trainer.of(model.parameters(), Optimizer.adam(0.01)).clipNorm(1).train(250, step -> {
            int[][] sources = new int[32][];
            int[][] targets = new int[32][];
            for (int b = 0; b < 32; b++) {
                sources[b] = random.split(step).split(b).permutation(6);
                int n = 2 + b % 5;
                sources[b] = Arrays.stream(sources[b]).limit(n).map(k -> k + 2).toArray();
                targets[b] = new int[n];
                for (int t = 0; t < n; t++) {
                    targets[b][t] = sources[b][n - 1 - t];
                }
            }
            return Loss.crossEntropy(model.logits(sources, targets), model.labels(targets));
        });
        assertArrayEquals(new int[][] {{7, 2, 5, 3}, {4, 6}}, model.greedy(new int[][] {{3, 5, 2, 7}, {6, 4}}, 9));
        Tensor alignment = model.alignment(new int[][] {{3, 5, 2, 7}}, 7, 2, 5, 3);
        assertEquals("[5×4]", alignment.shapeText());
    }

    // ------------------------------------------------------------------ bad input

    @Test
    void saysWhatIsWrong() {
        EncoderDecoder<int[][], ?> model = model("bahdanau");
        assertMessage("sequence 1 is empty", () -> model.greedy(new int[][] {{3}, {}}, 5));
        assertMessage("no sequence", () -> model.greedy(new int[0][], 5));
        assertMessage("no target", () -> model.logits(SOURCES, new int[0][]));
        EncoderDecoder<int[][], Lstm.State> plain =
                EncoderDecoder.copiedState(7, 7, 4, 6, BEGIN, END, RandomStream.of(1));
        assertMessage("has no attention", () -> plain.alignment(new int[][] {{3}}, 2));
        EncoderDecoder<int[][], ?> transformer = model("transformer-pre");
        assertMessage("places for 9", () -> transformer.greedy(new int[][] {new int[10]}, 5));
        assertMessage("places for 9", () -> transformer.logits(SOURCES, new int[][] {new int[9], {2}}));
    }

    // ------------------------------------------------------------------ the fused scores

    @Test
    void fusedScoresAreTheEquation() {
        RandomStream random = RandomStream.of(8);
        Additive attention = Additive.of(19, 23, 37, random);
        Tensor s = Tensor.normal(random, 1, 5, 19).requiresGradient();
        Tensor h = Tensor.normal(random, 1, 5, 11, 23).requiresGradient();
        Tensor w = Tensor.normal(random, 1, 5, 11);
        equation(attention, s, h).times(w).sum().backward();
        Tensor[] all = {s, h, attention.W(), attention.U(), attention.v()};
        Tensor[] expected = Arrays.stream(all).map(Tensor::gradient).toArray(Tensor[]::new);
        Arrays.stream(all).forEach(Tensor::clearGradient);
        Tensor e = attention.scores(s, attention.memory(h));
        assertClose("e", equation(attention, s, h), e);
        e.times(w).sum().backward();
        for (int k = 0; k < all.length; k++) {
            assertClose("operand " + k, expected[k], all[k].gradient());
        }
    }

    private static Tensor equation(Additive attention, Tensor query, Tensor source) {
        Tensor s = linear(query, attention.W())
                .reshape(query.size(0), 1, attention.W().size(0));
        return linear(tanh(attention.keys(source).plus(s)), attention.v()).reshape(query.size(0), source.size(1));
    }

    @Test
    void imagesAreRead() {
        RandomStream random = RandomStream.of(9);
        Additive attention = Additive.of(6, 5 + 2, 6, random);
        var model = new EncoderDecoder<>(
                ImageEncoder.of(1, 5, 6, random), BahdanauDecoder.of(7, 4, 6, 5 + 2, attention, random), BEGIN, END);
        Tensor images = Tensor.normal(random, 1, 2, 8, 12, 1);
        assertEquals("[2×4×7]", model.logits(images, TARGETS).shapeText());
        assertEquals("[4×6]", model.alignment(images.slice(0, 0, 1), 2, 3, 4).shapeText());
        assertEquals(2, model.greedy(images, 5).length);
        GradientCheck check = GradientCheck.of(
                model.parameters(),
                () -> model.logits(images, TARGETS).reshape(8, 7).rows(0, 1, 2, 3, 4, 5));
        assertTrue(check.error() < 2e-2, check.toString()); // relu has corners
        assertThrows(IllegalArgumentException.class, () -> model.greedy(Tensor.zeros(1, 7, 8, 1), 5));
    }

    // ------------------------------------------------------------------ any encoder with any decoder

    private static List<Encoder<int[][]>> encoders() {
        RandomStream random = RandomStream.of(20);
        return List.of(
                new CellEncoder<>(Embedding.of(7, 4, random), Lstm.of(4, 6, random), false),
                new CellEncoder<>(Embedding.of(7, 4, random), Lstm.of(4, 6, random), true),
                new CellEncoder<>(Embedding.of(7, 4, random), Gru.of(4, 6, random), false),
                new CellEncoder<>(Embedding.of(7, 4, random), Gru.of(4, 5, random), true),
                BahdanauEncoder.of(7, 4, 6, random),
                transformer(true, random).encoder());
    }

    private static List<Decoder<?>> decoders() {
        RandomStream random = RandomStream.of(21);
        List<Decoder<?>> all = new ArrayList<>();
        for (int source : new int[] {5, 6, 12}) {
            all.add(BahdanauDecoder.of(7, 4, 6, source, Additive.of(6, source, 6, random), random));
            all.add(new LuongDecoder<>(
                    Embedding.of(7, 4, random),
                    Lstm.of(10, 6, random),
                    Additive.of(6, source, 6, random),
                    Affine.of(source + 6, 6, random),
                    Affine.of(6, 7, random),
                    true));
        }
        all.add(new CellDecoder<>(Embedding.of(7, 4, random), Lstm.of(4, 6, random), Affine.of(6, 7, random)));
        all.add(new CellDecoder<>(Embedding.of(7, 4, random), Gru.of(4, 6, random), Affine.of(6, 7, random)));
        all.add(transformer(false, random).decoder());
        return all;
    }

    private static <S> boolean learnsEverywhere(Encoder<int[][]> encoder, Decoder<S> decoder) {
        EncoderDecoder<int[][], S> model;
        Tensor loss;
        try {
            model = new EncoderDecoder<>(encoder, decoder, BEGIN, END);
            loss = Loss.crossEntropy(model.logits(SOURCES, TARGETS), model.labels(TARGETS));
        } catch (IllegalArgumentException e) {
            return false; // refused
        }
        loss.backward();
        model.parameters().forEach(entry -> {
            assertTrue(
                    entry.getValue().hasGradient(),
                    entry.getKey() + " of " + encoder.getClass().getSimpleName() + " with "
                            + decoder.getClass().getSimpleName());
            entry.getValue().clearGradient();
        });
        return true;
    }

    /** A pair is refused, or each of its parameters learns: nothing is computed that nobody reads. */
    @Test
    void everyParameterOfEveryPairLearnsOrThePairIsRefused() {
        int pairs = 0;
        for (Encoder<int[][]> encoder : encoders()) {
            for (Decoder<?> decoder : decoders()) {
                pairs += learnsEverywhere(encoder, decoder) ? 1 : 0;
            }
        }
        // two encoders with LSTMs: Luong's decoder and the copied state; with a GRU of 6 units: Bahdanau's over 6 and
        // the
        // copied state; with one of 5: nobody begins from it; Bahdanau's: his over 12; the Transformer's: its own
        assertEquals(2 * 2 + 2 + 1 + 1, pairs);
    }

    @Test
    void whatNobodyWouldReadIsRefused() {
        RandomStream random = RandomStream.of(22);
        var gru = new CellDecoder<>(Embedding.of(7, 4, random), Gru.of(4, 6, random), Affine.of(6, 7, random));
        assertMessage(
                "CellDecoder does not read the annotations of what BahdanauEncoder read",
                () -> new EncoderDecoder<>(BahdanauEncoder.of(7, 4, 6, random), gru, BEGIN, END));
        assertMessage(
                "TransformerDecoder does not read the last of what ImageEncoder read",
                () -> new EncoderDecoder<>(
                        ImageEncoder.of(1, 4, 6, random),
                        transformer(true, random).decoder(),
                        BEGIN,
                        END));
        var lstm = new CellEncoder<>(Embedding.of(7, 4, random), Lstm.of(4, 6, random), false);
        assertMessage(
                "begin: the encoder leaves a state of [[2×6], [2×6]], and a Gru of 6 units begins with [[2×6]]",
                () -> new EncoderDecoder<>(lstm, gru, BEGIN, END)
                        .logits(new int[][] {{1}, {2, 3}}, new int[][] {{1}, {2}}));
    }
}
