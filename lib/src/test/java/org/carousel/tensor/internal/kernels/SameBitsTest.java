package org.carousel.tensor.internal.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.carousel.attention.Additive;
import org.carousel.attention.LinearBias;
import org.carousel.attention.Rotary;
import org.carousel.attention.ScaledDotProduct;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.word2vec.Subwords;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.embedding.word2vec.Word2VecModel;
import org.carousel.labelling.Crf;
import org.carousel.labelling.Ctc;
import org.carousel.labelling.FrameTagger;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Elman;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.recurrent.Stacked;
import org.carousel.recurrent.catalogue.Variants;
import org.carousel.recurrent.images.MultidimensionalLstm;
import org.carousel.recurrent.images.PyramidLstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bits of 50 training steps of every layer: the same on every machine, JDK, back end, vector width and number of
 * threads. Large enough that threads do share the work. A digest that changes is a change of the arithmetic.
 */
class SameBitsTest {
    private static final int BATCH = 17;
    private static final int STEPS = 21;
    private static final int HIDDEN = 97;
    private static final int TOKENS = 31;
    private final int threads = Parallel.threads();

    @AfterEach
    void restoreThreads() {
        Parallel.threads(threads);
    }

    private record Model(Layer cell, Function<Tensor, Tensor> run) {}

    private static Model model(String name, RandomStream random) {
        return switch (name) {
            case "elman" -> {
                Elman elman = Elman.of(40, HIDDEN, random);
                yield new Model(elman, x -> elman.run(x).h());
            }
            case "lstm" -> {
                Lstm lstm = Lstm.of(40, HIDDEN, random);
                yield new Model(lstm, x -> lstm.run(x).h());
            }
            case "lstm equations" -> {
                Lstm lstm = Lstm.of(40, HIDDEN, random);
                yield new Model(lstm, x -> lstm.unroll(x, lstm.initial(BATCH)).h());
            }
            default -> {
                Cell<?> cell = Variants.named(name).cell(40, HIDDEN, random);
                yield new Model(cell, x -> cell.run(x).h());
            }
        };
    }

    private static Optimizer optimizer(String name) {
        return switch (name) {
            case "sgd" -> Optimizer.sgd(0.5);
            case "momentum" -> Optimizer.momentum(0.1, 0.9);
            case "nesterov" -> Optimizer.nesterov(0.1, 0.9);
            default -> Optimizer.adam(0.01);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "lstm, adam, fb8dc4ad",
        "lstm equations, sgd, db25c7fb",
        "elman, momentum, a6c9b164",
        "lstm, nesterov, 8e2a56c7",
        "vanilla, adam, e16402b0",
        "FGR, sgd, 7478b8dd",
        "GRU, adam, 6d4466ae",
        "'GRU, reset before', sgd, 98db9553",
        "mLSTM, sgd, f444a21e",
        "sLSTM, adam, b9ce475",
        "layer-normalised LSTM, sgd, e56e381d",
    })
    void trainingGivesTheSameBits(String cell, String optimizer, String digest) {
        for (int n : new int[] {1, 2, 3}) {
            Parallel.threads(n);
            assertEquals(digest, train(cell, optimizer), n + " threads");
        }
    }

    @Test
    void batchedProductsGiveTheSameBits() {
        RandomStream random = RandomStream.of(42);
        Tensor a = Tensor.normal(random, 1, 9, 65, 130).requiresGradient();
        Tensor b = Tensor.normal(random, 1, 9, 130, 67).requiresGradient();
        float[][] first = new float[3][];
        for (int n : new int[] {1, 2, 3}) {
            Parallel.threads(n);
            a.clearGradient();
            b.clearGradient();
            Tensor c = a.matmul(b);
            c.squared().sum().backward();
            float[][] results = {
                c.toArray(), a.gradient().toArray(), b.gradient().toArray()
            };
            for (int i = 0; i < 3; i++) {
                first[i] = n == 1 ? results[i] : first[i];
                assertArrayEquals(first[i], results[i], n + " threads");
            }
        }
        for (int i = 0; i < 9; i++) { // each matrix as if it were alone
            float[] alone = a.select(0, i).matmul(b.select(0, i)).toArray();
            assertArrayEquals(alone, Arrays.copyOfRange(first[0], i * 65 * 67, (i + 1) * 65 * 67));
        }
    }

    /** Word vectors of each kind; replicas are part of the result, threads are not. */
    @ParameterizedTest
    @CsvSource({
        "SKIP_GRAM, 5, false, 1, 266188dd",
        "SKIP_GRAM, 0, false, 1, 61fbb1c6",
        "SKIP_GRAM, 4, true, 1, 562e72bb",
        "CBOW, 3, false, 1, e306ecb2",
        "CBOW, 0, true, 1, dc2e2385",
        "SKIP_GRAM, 5, false, 2, de5d6d3f",
        "CBOW, 5, false, 2, 2b29a13a",
        "CBOW, 0, false, 2, b85974a9",
        "CBOW, 5, true, 3, ed1ac58e",
    })
    void wordVectorsHaveTheSameBits(
            Word2Vec.Architecture architecture, int negative, boolean subwords, int replicas, String digest) {
        RandomStream random = RandomStream.of(44);
        List<List<String>> lines = Stream.generate(() -> Stream.generate(() -> "w" + random.nextInt(1, 90) / 7)
                        .limit(random.nextInt(1, 20))
                        .toList())
                .limit(400)
                .toList();
        Word2Vec config = Word2Vec.skipGram()
                .architecture(architecture)
                .negative(negative)
                .subwords(subwords ? new Subwords(2, 4, 70) : null)
                .replicas(replicas)
                .dimension(39)
                .epochs(3)
                .learningRate(0.2);
        for (int n : new int[] {1, 2, 3}) {
            Parallel.threads(n);
            Word2VecModel model = config.train(Corpus.of(lines));
            CRC32 crc = new CRC32();
            for (float[] values : new float[][] {model.vectors(), model.outputVectors()}) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
                bytes.asFloatBuffer().put(values);
                crc.update(bytes);
            }
            for (double loss : model.losses()) {
                crc.update(ByteBuffer.allocate(8).putDouble(0, loss));
            }
            assertEquals(digest, Long.toHexString(crc.getValue()), n + " threads");
        }
    }

    /** No other replica is there to overwrite anything: every block once, in its order, with its own random numbers. */
    @ParameterizedTest
    @EnumSource
    void lockFreeReplicasOnOneThreadAreOne(Word2Vec.Architecture architecture) {
        RandomStream random = RandomStream.of(45);
        List<List<String>> lines = Stream.generate(() -> Stream.generate(() -> "w" + random.nextInt(30))
                        .limit(10)
                        .toList())
                .limit(700)
                .toList();
        Word2Vec one =
                Word2Vec.skipGram().architecture(architecture).dimension(20).epochs(2);
        Parallel.threads(1);
        Word2VecModel expected = one.train(Corpus.of(lines));
        Word2VecModel model = one.replicas(3).lockFree(true).train(Corpus.of(lines));
        assertArrayEquals(expected.vectors(), model.vectors());
        assertArrayEquals(expected.outputVectors(), model.outputVectors());
        assertEquals(expected.losses().get(1), model.losses().get(1), 1e-8, "summed in other groups");
    }

    /** A bidirectional stack under each head of a tagger, batches of 11 sequences of different lengths. */
    @ParameterizedTest
    @CsvSource({"ctc, f992ef95", "crf, 7db84dcd"})
    void taggersHaveTheSameBits(String head, String digest) {
        RandomStream random = RandomStream.of(46);
        Tensor x = Tensor.normal(random.split("x"), 1, 11, 40, 9);
        int[] lengths = new int[11];
        int[][] targets = new int[11][];
        for (int b = 0; b < 11; b++) {
            lengths[b] = 40 - 3 * b;
            targets[b] = new int[head.equals("ctc") ? lengths[b] / 3 : lengths[b]];
            Arrays.setAll(targets[b], n -> 1 + random.nextInt(5));
        }
        for (int n : new int[] {1, 2, 3}) {
            Parallel.threads(n);
            FrameTagger net = FrameTagger.of(9, 33, 2, 6, RandomStream.of(47));
            Crf crf = Crf.of(6);
            Parameters all = Parameters.of("net", net);
            Trainer.of(head.equals("ctc") ? all : all.and("crf", crf), Optimizer.adam(0.01))
                    .train(
                            20,
                            step -> head.equals("ctc")
                                    ? Ctc.of(0).loss(net.apply(x, lengths), lengths, targets)
                                    : crf.loss(net.apply(x, lengths), lengths, targets));
            assertEquals(digest, digest(all.and("crf", crf)), n + " threads");
        }
    }

    static Stream<String> everyLayer() {
        return Stream.concat(
                Variants.all().stream().map(Variants.Variant::name),
                Stream.of(
                        "bidirectional",
                        "stacked",
                        "multidimensional",
                        "pyramid",
                        "attention",
                        "additive attention",
                        "rotary attention",
                        "falling attention"));
    }

    /** All cells and wrappers, small; what changes one of them changes its line of the file. */
    @ParameterizedTest
    @MethodSource("everyLayer")
    void everyLayerGivesTheSameBits(String name) throws IOException {
        Properties digests = new Properties();
        try (InputStream in = Objects.requireNonNull(SameBitsTest.class.getResourceAsStream("/digests.properties"))) {
            digests.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        assertEquals(digests.getProperty(name.replace(" ", "-")), trainSmall(name));
    }

    /** 50 steps of Adam on noise: x [2×6×3] to the mean of what a layer makes of it. */
    private static String trainSmall(String name) {
        RandomStream random = RandomStream.of(43);
        Model model = small(name, random.split("layer"));
        Tensor x = Tensor.normal(random.split("x"), 1, 2, 6, 3);
        Parameters parameters = Parameters.of("layer", model.cell);
        Trainer.of(parameters, Optimizer.adam(0.01))
                .clipNorm(1)
                .train(50, step -> model.run.apply(x).minus(0.3).squared().mean());
        return digest(parameters);
    }

    private static Model small(String name, RandomStream random) {
        return switch (name) {
            case "bidirectional" -> {
                Bidirectional<Lstm.State> both = new Bidirectional<>(
                        Lstm.of(3, 5, random.split("forward")), Lstm.of(3, 5, random.split("backward")));
                yield new Model(both, x -> both.run(x, 6, 4).h());
            }
            case "stacked" -> {
                Stacked<Tensor> stack =
                        new Stacked<>(List.of(Gru.of(3, 5, random.split(0)), Elman.of(5, 4, random.split(1))));
                yield new Model(stack, x -> stack.run(x, stack.initial(2), new Dropout(0.2), RandomStream.of(7))
                        .h());
            }
            case "multidimensional" -> {
                var directions = MultidimensionalLstm.Directions.of(1, 3, random);
                yield new Model(directions, x -> directions.run(x.reshape(2, 6, 3, 1)));
            }
            case "pyramid" -> {
                PyramidLstm pyramid = PyramidLstm.of(6, 3, 1, 3, random);
                yield new Model(pyramid, x -> pyramid.run(x.reshape(2, 6, 3, 1)));
            }
            case "attention" -> {
                Affine project = Affine.of(3, 12, random);
                yield new Model(project, x -> {
                    Tensor qkv = project.apply(x);
                    return ScaledDotProduct.attend(
                            qkv.slice(2, 0, 4), qkv.slice(2, 4, 8), qkv.slice(2, 8, 12), true, 6, 4);
                });
            }
            case "rotary attention", "falling attention" -> {
                Affine project = Affine.of(3, 12, random);
                LinearBias bias = name.startsWith("rotary") ? LinearBias.NONE : LinearBias.of(2, 0);
                yield new Model(project, x -> {
                    Tensor qkv = project.apply(x);
                    Tensor k = Rotary.turn(qkv.slice(2, 4, 8), 0);
                    return ScaledDotProduct.attend(qkv.slice(2, 0, 4), k, qkv.slice(2, 8, 12), bias, true, 6, 4);
                });
            }
            case "additive attention" -> {
                Additive attention = Additive.of(3, 3, 41, random);
                yield new Model(attention, x -> attention
                        .read(x.mean(1), attention.memory(x, 6, 4))
                        .context());
            }
            default -> {
                Cell<?> cell = Variants.named(name).cell(3, 5, random);
                yield new Model(cell, x -> cell.run(x).h());
            }
        };
    }

    private static String train(String cell, String optimizer) {
        RandomStream random = RandomStream.of(41);
        Embedding embedding = Embedding.of(TOKENS, 40, random.split("embedding"));
        Model model = model(cell, random.split("cell"));
        Affine head = Affine.of(HIDDEN, TOKENS, random.split("head"));
        Parameters parameters =
                Parameters.of("embedding", embedding).and("cell", model.cell).and("head", head);
        Trainer.of(parameters, optimizer(optimizer)).clipNorm(1).train(50, step -> {
            RandomStream data = random.split("data").split(step);
            int[][] tokens = new int[BATCH][STEPS];
            int[][] next = new int[BATCH][STEPS];
            for (int b = 0; b < BATCH; b++) {
                for (int t = 0; t < STEPS; t++) {
                    tokens[b][t] = data.nextInt(TOKENS);
                    next[b][t] = t == 0 ? Tensor.IGNORED : tokens[b][t - 1];
                }
            }
            return Loss.crossEntropy(head.apply(model.run.apply(embedding.apply(tokens))), next);
        });
        return digest(parameters);
    }

    private static String digest(Parameters parameters) {
        CRC32 digest = new CRC32();
        for (Tensor p : parameters.tensors()) {
            for (float value : p.toArray()) {
                int bits = Float.floatToRawIntBits(value);
                digest.update(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
            }
        }
        return Long.toHexString(digest.getValue());
    }
}
