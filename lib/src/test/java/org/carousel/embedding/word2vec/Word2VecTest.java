package org.carousel.embedding.word2vec;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Word2VecTest {
    private static final Subwords SUBWORDS = new Subwords(2, 3, 50);

    @TempDir
    Path folder;

    /** Sentences of a verb, an animal and its food; animals of one kind share their verbs and foods. */
    private static Corpus farm(int lines) {
        RandomStream random = RandomStream.of(11);
        String[][] animals = {{"cow", "sheep", "goat"}, {"cat", "dog", "fox"}, {"hen", "duck", "goose"}};
        String[][] verbs = {{"grazes", "chews"}, {"hunts", "bites"}, {"pecks", "picks"}};
        String[][] foods = {{"grass", "hay"}, {"meat", "bone"}, {"corn", "seed"}};
        List<List<String>> result = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            int kind = random.nextInt(3);
            result.add(List.of(
                    animals[kind][random.nextInt(3)], verbs[kind][random.nextInt(2)], foods[kind][random.nextInt(2)]));
        }
        return Corpus.of(result);
    }

    static Stream<Word2Vec> configurations() {
        Word2Vec skipGram =
                Word2Vec.skipGram().dimension(19).minimumCount(1).epochs(3).learningRate(0.05);
        Word2Vec cbow = skipGram.architecture(Word2Vec.Architecture.CBOW);
        return Stream.of(
                skipGram,
                skipGram.hierarchicalSoftmax(),
                skipGram.subwords(SUBWORDS),
                cbow,
                cbow.hierarchicalSoftmax(),
                cbow.subwords(SUBWORDS),
                skipGram.replicas(2),
                cbow.subwords(SUBWORDS).replicas(3));
    }

    /** Their bits are chance; what they learn is not. */
    static Stream<Word2Vec> lockFree() {
        return configurations().limit(6).map(config -> config.replicas(3).lockFree(true));
    }

    private static String digest(Word2VecModel model) {
        CRC32 crc = new CRC32();
        for (float[] values : new float[][] {model.vectors(), model.outputVectors()}) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
            bytes.asFloatBuffer().put(values);
            crc.update(bytes);
        }
        return Long.toHexString(crc.getValue());
    }

    // ------------------------------------------------------------------ what is learnt

    @ParameterizedTest
    @MethodSource({"configurations", "lockFree"})
    void animalsOfAKindAreNeighbours(Word2Vec config) {
        Word2VecModel model = config.sample(0).epochs(25).train(farm(2000));
        for (List<String> kind : List.of(
                List.of("cow", "sheep", "goat"), List.of("cat", "dog", "fox"), List.of("hen", "duck", "goose"))) {
            List<String> animals = List.of("cow", "sheep", "goat", "cat", "dog", "fox", "hen", "duck", "goose");
            for (String animal : kind) {
                String nearest = animals.stream()
                        .filter(other -> !other.equals(animal))
                        .max((a, b) -> Double.compare(cosine(model, animal, a), cosine(model, animal, b)))
                        .orElseThrow();
                assertTrue(kind.contains(nearest), animal + " is nearest to " + nearest);
            }
        }
        List<Double> losses = model.losses();
        assertEquals(25, losses.size());
        assertTrue(losses.get(24) < 0.9 * losses.get(0), losses.toString());
    }

    private static double cosine(Word2VecModel model, String first, String second) {
        float[] a = model.vector(first).orElseThrow();
        float[] b = model.vector(second).orElseThrow();
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (double) a[k] * b[k];
        }
        return sum;
    }

    // ------------------------------------------------------------------ the gradient

    /** The step of one window is the rate times the finite differences of the loss, in every number of both tables. */
    @ParameterizedTest
    @MethodSource("configurations")
    void oneStepIsTheGradientOfTheLoss(Word2Vec given) {
        Word2Vec config = given.dimension(4).window(3).negative(given.negative() == 0 ? 0 : 2);
        Vocabulary vocabulary = Vocabulary.of(Corpus.ofText("ab ab ab cd cd ef ef gh ij kl"), 1);
        Word2VecModel model = Word2VecModel.of(config, vocabulary);
        RandomStream random = RandomStream.of(5);
        randomise(model.tables.in(), random);
        randomise(model.tables.out(), random);
        Outputs outputs = Word2VecModel.outputs(config, vocabulary);
        int[] words = {0, 3, 1, 0, 4};
        float[][] in = copy(model.tables.in());
        float[][] out = copy(model.tables.out());
        float rate = 1e-3f;
        Windows windows = Windows.of(
                config, vocabulary, Rows.of(model.tables.in()), Rows.of(model.tables.out()), outputs, model.parts);
        windows.step(words, 2, 0, 5, RandomStream.of(9), rate);
        double expectedLoss = loss(config, model.parts, outputs, words, in, out);
        assertEquals(expectedLoss, windows.takeLoss(), 1e-4 * expectedLoss);

        int inputs = inputsOfMean(config, model.parts, words);
        double[][] inSlope = slopes(in, () -> loss(config, model.parts, outputs, words, in, out));
        double[][] outSlope = slopes(out, () -> loss(config, model.parts, outputs, words, in, out));
        assertMoved(in, model.tables.in(), inSlope, -rate * inputs); // each of a mean receives the whole gradient
        assertMoved(out, model.tables.out(), outSlope, -rate);
    }

    private static void randomise(org.carousel.tensor.internal.kernels.RowTable table, RandomStream random) {
        float[] row = new float[table.dimension()];
        for (int r = 0; r < table.rows(); r++) {
            for (int k = 0; k < row.length; k++) {
                row[k] = (float) random.nextGaussian() / 2;
            }
            table.set(r, row, 0);
        }
    }

    private static float[][] copy(org.carousel.tensor.internal.kernels.RowTable table) {
        float[][] result = new float[table.rows()][table.dimension()];
        for (int r = 0; r < result.length; r++) {
            table.get(r, result[r], 0);
        }
        return result;
    }

    private static int inputsOfMean(Word2Vec config, int[][] parts, int[] words) {
        if (config.architecture() == Word2Vec.Architecture.SKIP_GRAM) {
            return parts == null ? 1 : parts[words[2]].length;
        }
        return parts == null
                ? 4
                : parts[words[0]].length + parts[words[1]].length + parts[words[3]].length + parts[words[4]].length;
    }

    private static double[][] slopes(float[][] table, java.util.function.DoubleSupplier loss) {
        double[][] result = new double[table.length][table[0].length];
        for (int r = 0; r < table.length; r++) {
            for (int k = 0; k < table[r].length; k++) {
                float value = table[r][k];
                table[r][k] = value + 1e-2f;
                float above = table[r][k];
                double more = loss.getAsDouble();
                table[r][k] = value - 1e-2f;
                double less = loss.getAsDouble();
                result[r][k] = (more - less) / ((double) above - table[r][k]);
                table[r][k] = value;
            }
        }
        return result;
    }

    private static void assertMoved(
            float[][] before, org.carousel.tensor.internal.kernels.RowTable after, double[][] slopes, double factor) {
        float[][] now = copy(after);
        for (int r = 0; r < before.length; r++) {
            for (int k = 0; k < before[r].length; k++) {
                assertEquals(factor * slopes[r][k], now[r][k] - before[r][k], 2e-3 * Math.abs(factor), r + ", " + k);
            }
        }
    }

    /** The stated loss, from the definition, with the random numbers of the step. */
    private static double loss(
            Word2Vec config, int[][] parts, Outputs outputs, int[] words, float[][] in, float[][] out) {
        int[] rows = new int[100];
        float[] answers = new float[100];
        RandomStream random = RandomStream.of(9);
        int[] contexts = {0, 1, 3, 4};
        boolean skipGram = config.architecture() == Word2Vec.Architecture.SKIP_GRAM;
        double loss = 0;
        if (skipGram && parts != null) {
            double[] h = mean(in, parts[words[2]]);
            for (int c : contexts) {
                int n = outputs.choose(words[c], random, rows, answers, 0);
                loss += loss(h, n, rows, answers, out);
            }
            return loss;
        }
        int n = outputs.choose(words[2], random, rows, answers, 0);
        if (skipGram) {
            for (int c : contexts) {
                loss += loss(mean(in, words[c]), n, rows, answers, out);
            }
            return loss;
        }
        int[] all = Arrays.stream(contexts)
                .flatMap(c -> parts == null ? Arrays.stream(new int[] {words[c]}) : Arrays.stream(parts[words[c]]))
                .toArray();
        return loss(mean(in, all), n, rows, answers, out);
    }

    private static double[] mean(float[][] table, int... rows) {
        double[] result = new double[table[0].length];
        for (int r : rows) {
            for (int k = 0; k < result.length; k++) {
                result[k] += table[r][k] / (double) rows.length;
            }
        }
        return result;
    }

    private static double loss(double[] h, int n, int[] rows, float[] answers, float[][] out) {
        double loss = 0;
        for (int j = 0; j < n; j++) {
            double s = 0;
            for (int k = 0; k < h.length; k++) {
                s += h[k] * out[rows[j]][k];
            }
            loss += Math.log1p(Math.exp(answers[j] == 1 ? -s : s));
        }
        return loss;
    }

    @Test
    void anotherSeedGivesOtherVectors() {
        Word2Vec config = configurations().findFirst().orElseThrow();
        assertNotEquals(digest(config.train(farm(100))), digest(config.seed(2).train(farm(100))));
    }

    // ------------------------------------------------------------------ ending and going on

    @ParameterizedTest
    @MethodSource("configurations")
    void resumedTrainingIsAsIfItHadNotBeenInterrupted(Word2Vec config) {
        Corpus corpus = farm(3000);
        Word2VecModel whole = config.train(corpus);
        Vocabulary vocabulary = Vocabulary.of(corpus, 1);
        Word2VecModel model = Word2VecModel.of(config, vocabulary);
        Path file = folder.resolve("model");
        int runs = 0;
        for (; !model.isComplete(); runs++) {
            try (EncodedText text = EncodedText.of(corpus, vocabulary)) {
                new Training(model, text, progress -> {}).run(3 + runs);
            }
            model.save(file);
            model = Word2VecModel.load(file);
        }
        assertTrue(runs > 3, "it was interrupted within an epoch");
        assertEquals(whole.config(), model.config());
        assertEquals(whole.vocabulary(), model.vocabulary());
        assertEquals(whole.losses(), model.losses());
        assertEquals(digest(whole), digest(model));
    }

    @ParameterizedTest
    @MethodSource("lockFree")
    void aLockFreeModelIsSavedAndGoesOn(Word2Vec config) {
        Corpus corpus = farm(3000);
        Vocabulary vocabulary = Vocabulary.of(corpus, 1);
        Word2VecModel model = Word2VecModel.of(config, vocabulary);
        try (EncodedText text = EncodedText.of(corpus, vocabulary)) {
            new Training(model, text, progress -> {}).run(1);
        }
        Path file = folder.resolve("model");
        model.save(file);
        Word2VecModel loaded = Word2VecModel.load(file);
        assertEquals(config, loaded.config());
        assertEquals(digest(model), digest(loaded));
        assertFalse(loaded.isComplete());
        loaded.train(corpus);
        assertTrue(loaded.isComplete());
        assertEquals(3, loaded.losses().size());
        assertNotEquals(digest(model), digest(loaded));
    }

    @Test
    void aTrainingInAFileGoesOnAndKnowsItsSettings() throws IOException {
        Word2Vec config = Word2Vec.skipGram().dimension(5).minimumCount(1).epochs(4);
        Word2VecModel whole = config.train(farm(300));
        Path file = folder.resolve("farm.model");
        Word2VecModel half = config.train(farm(300), file, Duration.ofDays(1), progress -> Thread.currentThread()
                .interrupt());
        assertTrue(Thread.interrupted());
        assertFalse(half.isComplete());
        Word2VecModel rest = config.train(farm(300), file, Duration.ZERO);
        assertEquals(whole.losses(), rest.losses());
        assertArrayEquals(whole.vectors(), rest.vectors());
        byte[] saved = Files.readAllBytes(file);
        assertMessage("was saved by another training: it was Word2Vec[", () -> config.window(3)
                .train(farm(300), file, Duration.ZERO));
        assertMessage("this is not the text", () -> config.train(farm(301), file, Duration.ZERO));
        assertArrayEquals(saved, Files.readAllBytes(file));
    }

    @Test
    void anInterruptedModelKeepsWhatItLearnt() {
        Word2Vec config = configurations().findFirst().orElseThrow();
        Corpus corpus = farm(500);
        Word2VecModel model = Word2VecModel.of(config, Vocabulary.of(corpus, 1));
        String initial = digest(model);
        List<Word2Vec.Progress> told = new ArrayList<>();
        model.train(corpus, progress -> {
            told.add(progress);
            Thread.currentThread().interrupt();
        });
        assertTrue(Thread.interrupted(), "the thread stays interrupted");
        assertFalse(model.isComplete());
        assertEquals(1, model.losses().size());
        assertNotEquals(initial, digest(model));
        assertEquals(1, told.size());
        assertEquals(1, told.get(0).epoch());
        assertEquals(1500, told.get(0).words());
        assertEquals(4500, told.get(0).totalWords());
        assertEquals(model.losses().get(0), told.get(0).loss());
        assertTrue(told.get(0).wordsPerSecond() > 0 && told.get(0).secondsLeft() > 0);
        assertTrue(
                told.get(0).toString().startsWith("epoch 1 of 3, 33.3 %, loss "),
                told.get(0).toString());
        model.train(corpus);
        assertTrue(model.isComplete());
        assertEquals(digest(config.train(corpus)), digest(model));
    }

    @Test
    void trainingDoesNotGoOnWithAnotherText() {
        Word2Vec config = configurations().findFirst().orElseThrow();
        Word2VecModel model = config.train(farm(100));
        assertMessage("not the text that training began with", () -> model.train(farm(99)));
    }

    /** The mean over an epoch in which almost nothing is learnt: (1 + K) ln 2 where the outputs are still zero. */
    @Test
    void theLossIsThatOfThePredictions() {
        Word2Vec config = Word2Vec.skipGram()
                .minimumCount(1)
                .epochs(1)
                .negative(3)
                .finalLearningRate(0)
                .learningRate(1e-6);
        assertEquals(4 * Math.log(2), config.train(farm(200)).losses().get(0), 1e-4);
        Word2Vec cbow = config.architecture(Word2Vec.Architecture.CBOW);
        assertEquals(4 * Math.log(2), cbow.train(farm(200)).losses().get(0), 1e-4);
    }

    // ------------------------------------------------------------------ new words, unseen words

    @ParameterizedTest
    @MethodSource("configurations")
    void newWordsAreLearntAndOldOnesKept(Word2Vec config) {
        Word2VecModel model = config.train(farm(500));
        Corpus more = Corpus.ofText("zebu grazes grass", "zebu chews hay", "cow chews hay", "zebu zebu zebu cow");
        Word2VecModel extended = model.extended(more);
        assertEquals(model.words().size() + 1, extended.words().size());
        assertFalse(extended.isComplete());
        for (String word : model.words()) {
            assertArrayEquals(
                    model.vector(word).orElseThrow(), extended.vector(word).orElseThrow());
        }
        float[] before = extended.vector("zebu").orElseThrow();
        extended.train(more);
        assertFalse(Arrays.equals(before, extended.vector("zebu").orElseThrow()));
        assertTrue(extended.isComplete());
        assertMessage("dimension", () -> model.extended(config.dimension(20), more));
    }

    @Test
    void anUnseenWordHasTheMeanOfItsNgrams() {
        Word2VecModel model = configurations().toList().get(2).train(farm(500));
        float[] expected = new float[model.dimension()];
        float[] row = new float[model.dimension()];
        int[] ngrams = SUBWORDS.of("cowboy");
        for (int bucket : ngrams) {
            model.tables.in().get(model.words().size() + bucket, row, 0);
            for (int k = 0; k < row.length; k++) {
                expected[k] += row[k] / ngrams.length;
            }
        }
        assertArrayEquals(expected, model.vector("cowboy").orElseThrow(), 1e-6f);
        int cow = model.vocabulary().index("cow");
        float[] seen = Arrays.copyOfRange(model.vectors(), cow * 19, (cow + 1) * 19);
        assertArrayEquals(seen, model.vector("cow").orElseThrow());
        Word2VecModel without = configurations().findFirst().orElseThrow().train(farm(500));
        assertTrue(without.vector("cowboy").isEmpty());
    }

    // ------------------------------------------------------------------ bad input

    @Test
    void thereMustBeSomethingToLearnFrom() {
        Word2Vec config = Word2Vec.skipGram().minimumCount(1);
        assertMessage("the corpus is empty", () -> config.train(Corpus.ofText()));
        assertMessage("at least two different words", () -> config.train(Corpus.ofText("one one one")));
        assertMessage("no line with two words", () -> config.train(Corpus.ofText("one", "two")));
        assertMessage("none of the 2 different words", () -> Word2Vec.cbow().train(Corpus.ofText("one two")));
    }

    @Test
    void aLossThatIsNoNumberIsAnError() {
        Word2Vec config =
                Word2Vec.skipGram().minimumCount(1).sample(0).epochs(50).learningRate(99);
        Corpus corpus = farm(500);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> config.train(corpus));
        assertTrue(e.getMessage().contains("a learning rate of 99.0 is too high"), e.getMessage());
    }

    @Test
    void valuesOutOfRangeAreNamed() {
        Word2Vec config = Word2Vec.skipGram();
        assertMessage("dimension 0", () -> config.dimension(0));
        assertMessage("window 0", () -> config.window(0));
        assertMessage("negative -1", () -> config.negative(-1));
        assertMessage("sample NaN", () -> config.sample(Double.NaN));
        assertMessage("minimumCount 0", () -> config.minimumCount(0));
        assertMessage("learningRate 0.0", () -> config.learningRate(0));
        assertMessage("finalLearningRate 0.5", () -> config.finalLearningRate(0.5));
        assertMessage("epochs 0", () -> config.epochs(0));
        assertMessage("replicas 0", () -> config.replicas(0));
    }

    @Test
    void aDamagedFileIsAnError() throws IOException {
        Word2VecModel model = configurations().findFirst().orElseThrow().train(farm(50));
        Path file = folder.resolve("model");
        model.save(file);
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 10, 60, 200, good.length / 2, good.length - 1}) {
            Files.write(file, Arrays.copyOf(good, length));
            assertMessage(file.toString(), () -> Word2VecModel.load(file));
        }
        for (int at = 0; at < good.length; at += 37) { // wherever a bit is wrong
            byte[] bad = good.clone();
            bad[at] ^= 0x40;
            Files.write(file, bad);
            assertMessage(file.toString(), () -> Word2VecModel.load(file));
        }
        assertThrows(java.io.UncheckedIOException.class, () -> Word2VecModel.load(folder.resolve("none")));
    }
}
