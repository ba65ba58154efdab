package org.carousel.labelling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Gru;
import org.carousel.recurrent.Lstm;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.training.Loss;
import org.carousel.training.Optimizer;
import org.carousel.training.Trainer;
import org.carousel.training.analysis.GradientCheck;
import org.junit.jupiter.api.Test;

class TaggerTest {
    private static final List<List<String>> SENTENCES = List.of(
            List.of("The", "leaves", "of", "the", "banyan", "tree", "are", "green"),
            List.of("She", "leaves"),
            List.of("Trees", "are", "the", "leaves'", "home"));
    private static final WordTagger.Sizes SMALL = new WordTagger.Sizes(5, 4, 3, 4, 2);

    @Test
    void aStackIsItsLayersOneAfterTheOther() {
        Bidirectional.Stack<Lstm.State> stack = Bidirectional.Stack.lstm(3, 4, 2, RandomStream.of(1));
        Tensor x = Tensor.normal(RandomStream.of(2), 1, 2, 5, 3);
        int[] lengths = {5, 3};
        Tensor by = stack.layers()
                .get(1)
                .run(stack.layers().get(0).run(x, lengths).h(), lengths)
                .h();
        assertArrayEquals(by.toArray(), stack.apply(x, lengths).toArray());
        assertEquals(8, stack.hiddenSize());
        assertArrayEquals(
                by.toArray(),
                stack.apply(x, lengths, new Dropout(0), RandomStream.of(3)).toArray());
    }

    @Test
    void everyStepKnowsTheWholeSequenceAndNoPadding() {
        FrameTagger net = FrameTagger.of(3, 4, 2, 5, RandomStream.of(1));
        float[] values = Tensor.normal(RandomStream.of(2), 1, 2, 6, 3).toArray();
        int[] lengths = {6, 4};
        float[] before =
                net.apply(Tensor.wrap(values.clone(), 2, 6, 3), lengths).toArray();
        float[] spoilt = values.clone();
        Arrays.fill(spoilt, (6 + 4) * 3, 2 * 6 * 3, Float.NaN);
        float[] same = net.apply(Tensor.wrap(spoilt, 2, 6, 3), lengths).toArray();
        assertArrayEquals(Arrays.copyOf(before, (6 + 4) * 5), Arrays.copyOf(same, (6 + 4) * 5));
        values[5 * 3] += 1; // the last step of the first sequence
        float[] after = net.apply(Tensor.wrap(values, 2, 6, 3), lengths).toArray();
        assertTrue(before[0] != after[0], "the first step has not heard of the last");
        assertArrayEquals(
                Arrays.copyOfRange(before, 6 * 5, (6 + 4) * 5), Arrays.copyOfRange(after, 6 * 5, (6 + 4) * 5));
    }

    @Test
    void aStackOfOtherCellsAndWrongSizes() {
        RandomStream r = RandomStream.of(1);
        Bidirectional<?> gru = new Bidirectional<>(Gru.of(3, 2, r.split(1)), Gru.of(3, 2, r.split(2)));
        Bidirectional<?> lstm = new Bidirectional<>(Lstm.of(4, 3, r.split(3)), Lstm.of(4, 3, r.split(4)));
        Bidirectional.Stack<?> mixed = new Bidirectional.Stack<>(List.of(gru, lstm));
        assertEquals(6, mixed.apply(Tensor.zeros(1, 2, 3), 2).size(2));
        assertFails("bidirectional stack: layer 1 reads 3", () -> new Bidirectional.Stack<>(List.of(gru, gru)));
        assertFails("bidirectional stack: no layer", () -> new Bidirectional.Stack<>(List.of()));
        assertFails("[1×2×4] for Gru must be [B×T×3]", () -> mixed.apply(Tensor.zeros(1, 2, 4), 2));
    }

    @Test
    void aLexiconNumbersWordsAndCharacters() {
        Lexicon lexicon = Lexicon.of(SENTENCES, 2);
        assertEquals(4, lexicon.words()); // unknown, the, leaves, are
        assertTrue(lexicon.knows("THE"));
        assertFalse(lexicon.knows("banyan"));
        Lexicon.Batch batch = lexicon.batch(SENTENCES);
        assertArrayEquals(new int[] {8, 2, 5}, batch.lengths());
        assertArrayEquals(new int[] {1, 2, 0, 1, 0, 0, 3, 0}, batch.words()[0]);
        assertArrayEquals(new int[] {0, 2, 0, 0, 0, 0, 0, 0}, batch.words()[1]);
        assertEquals(12, batch.spellings().length); // "The" and "the" are spelled differently, "leaves" twice
        assertEquals(batch.spelledAs()[1], batch.spelledAs()[8 + 1]);
        assertEquals(3, batch.spellingLengths()[0]);
        assertArrayEquals(
                new int[] {0}, lexicon.batch(List.of(List.of("\uD83C\uDF33"))).spellings()[0]); // one tree
        assertEquals(1, lexicon.batch(List.of(List.of(), List.of())).spellings().length);
        assertFails("lexicon: word 1 of sentence 0 is empty", () -> lexicon.batch(List.of(List.of("a", ""))));
        assertFails("1 or more is needed", () -> Lexicon.of(SENTENCES, 0));
    }

    @Test
    void hiddenWordsAreTheRareOnes() {
        Lexicon lexicon = Lexicon.of(SENTENCES, 1);
        RandomStream random = RandomStream.of(1);
        int often = 0;
        int rare = 0;
        for (int n = 0; n < 2000; n++) {
            int[] words = lexicon.batch(SENTENCES, 0.5, random).words()[0];
            often += words[3] == Lexicon.UNKNOWN ? 1 : 0; // "the" stands there 3 times
            rare += words[4] == Lexicon.UNKNOWN ? 1 : 0; // "banyan" once
        }
        assertEquals(2000 * 0.5 / 3.5, often, 60); // 3.5 standard deviations
        assertEquals(2000 * 0.5 / 1.5, rare, 75);
    }

    @Test
    void gradientsOfWordsAndSpellings() {
        Lexicon lexicon = Lexicon.of(SENTENCES, 2);
        RandomStream r = RandomStream.of(1);
        WordTagger net = new WordTagger( // characters that are heard: vectors of length 1, not of 0.1
                Embedding.of(lexicon.words(), 5, r.split(1)),
                Embedding.of(lexicon.characters(), 4, r.split(2)),
                new Bidirectional<>(Lstm.of(4, 3, r.split(3)), Lstm.of(4, 3, r.split(4))),
                FrameTagger.of(11, 4, 2, 4, r.split(5)));
        Lexicon.Batch batch = lexicon.batch(SENTENCES);
        int[][] labels = Labels.padded(List.of(new int[] {0, 1, 2, 0, 3, 1, 2, 3}, new int[] {1, 2}, new int[5]));
        GradientCheck check = GradientCheck.of(net.parameters(), () -> net.apply(batch));
        assertTrue(check.error() < 2e-3, check.toString());
        net.parameters().clearGradients();
        Loss.crossEntropy(net.apply(batch), labels).backward();
        for (Map.Entry<String, Tensor> p : net.parameters()) {
            boolean learns = false;
            for (float g : p.getValue().gradient().toArray()) {
                learns |= g != 0;
            }
            assertTrue(learns, p.getKey());
        }
    }

    /** What stands beside a sentence in its batch changes nothing. */
    @Test
    void aSentenceIsTaggedAsIfItWereAlone() {
        Lexicon lexicon = Lexicon.of(SENTENCES, 1);
        WordTagger net = WordTagger.of(lexicon, SMALL, 4, RandomStream.of(1));
        float[] both = net.apply(lexicon.batch(SENTENCES))
                .slice(0, 1, 2)
                .slice(1, 0, 2)
                .toArray();
        float[] alone = net.apply(lexicon.batch(SENTENCES.subList(1, 2))).toArray();
        assertArrayEquals(alone, both, 1e-6f);
        assertEquals(2, net.best(lexicon.batch(SENTENCES)).get(1).length);
    }

    /** Capital or not is all there is: the words are unknown, only the spelling tells. */
    @Test
    void spellingTeachesWhatTheWordDoesNot() {
        List<List<String>> sentences = List.of(List.of("Ab", "cd", "Ef", "gh"), List.of("ij", "Kl", "mn"));
        Lexicon lexicon = Lexicon.of(sentences, 2);
        assertEquals(1, lexicon.words());
        WordTagger net = WordTagger.of(lexicon, SMALL, 2, RandomStream.of(1));
        Lexicon.Batch batch = lexicon.batch(sentences);
        List<int[]> right = List.of(new int[] {1, 0, 1, 0}, new int[] {0, 1, 0});
        RandomStream drop = RandomStream.of(2);
        Trainer.of(net.parameters(), Optimizer.adam(0.02))
                .train(150, step -> Loss.crossEntropy(net.apply(batch, new Dropout(0.1), drop), Labels.padded(right)));
        assertEquals(1, Confusion.of(2, net.best(batch), right).accuracy());
    }

    @Test
    void sizesThatDoNotFitAreNamed() {
        RandomStream r = RandomStream.of(1);
        Bidirectional<?> spelling = new Bidirectional<>(Lstm.of(4, 3, r), Lstm.of(4, 3, r));
        FrameTagger frames = FrameTagger.of(10, 2, 1, 3, r);
        assertFails(
                "word tagger: spelling reads 4 values of characters of 4, the stack 10 of words and spellings of 11",
                () -> new WordTagger(Embedding.of(9, 5, r), Embedding.of(9, 4, r), spelling, frames));
    }

    @Test
    void confusionCountsAndMatthews() {
        Confusion c = Confusion.of(
                3,
                List.of(new int[] {0, 1, 1}, new int[] {2, 2, 0, 0}),
                List.of(new int[] {0, 1, 0}, new int[] {2, 1, 0, 0}));
        assertArrayEquals(new int[][] {{3, 1, 0}, {0, 1, 1}, {0, 0, 1}}, c.counts());
        assertEquals(5 / 7.0, c.accuracy());
        assertEquals(0.75, c.recall(0));
        assertEquals(1, c.precision(0));
        assertEquals((3 * 3 - 1 * 0) / Math.sqrt(4 * 3 * 4 * 3), c.correlation(0), 1e-12);
        assertEquals((1 * 4 - 1 * 1) / Math.sqrt(5 * 5 * 2 * 2), c.correlation(1), 1e-12);
        assertEquals(
                0, Confusion.of(2, List.of(new int[2]), List.of(new int[2])).correlation(1));
        assertEquals(0, Confusion.of(2, List.of(), List.of()).accuracy());
        assertFails(
                "label 3 at step 0 of sequence 0", () -> Confusion.of(3, List.of(new int[] {3}), List.of(new int[1])));
        assertFails(
                "1 labels said in sequence 0, where 2",
                () -> Confusion.of(3, List.of(new int[1]), List.of(new int[2])));
        assertFails("1 sequences said, 0", () -> Confusion.of(3, List.of(new int[1]), List.of()));
    }

    @Test
    void labelsComeOutOfScoresAndGoIntoRectangles() {
        Tensor scores = Tensor.wrap(new float[] {1, 2, 0, 5, 5, 1, 0, 0, 9, 9, 0, 0}, 2, 2, 3);
        List<int[]> best = Labels.best(scores, 2, 1);
        assertArrayEquals(new int[] {1, 0}, best.get(0)); // of equal ones the first
        assertArrayEquals(new int[] {2}, best.get(1));
        assertArrayEquals(new int[][] {{1, 0}, {2, Tensor.IGNORED}}, Labels.padded(best));
    }

    /** The whole architecture of text recognition with each of its heads. */
    @Test
    void headsOfCrfAndCtcTrain() {
        Tensor x = Tensor.normal(RandomStream.of(1), 1, 2, 8, 3);
        int[] lengths = {8, 6};
        int[][] tags = {{0, 1, 1, 2, 0, 1, 2, 2}, {2, 1, 0, 0, 1, 2}};
        FrameTagger tagger = FrameTagger.of(3, 6, 1, 3, RandomStream.of(2));
        Crf crf = Crf.of(3);
        Trainer.of(Parameters.of("tagger", tagger).and("crf", crf), Optimizer.adam(0.03))
                .train(150, step -> crf.loss(tagger.apply(x, lengths), lengths, tags));
        List<int[]> said = crf.best(tagger.apply(x, lengths), lengths);
        assertArrayEquals(tags[0], said.get(0));
        assertArrayEquals(tags[1], said.get(1));
        FrameTagger reader = FrameTagger.of(3, 6, 1, 4, RandomStream.of(3));
        int[][] targets = {{1, 2, 2}, {3}};
        Ctc ctc = Ctc.of(0);
        Trainer.of(reader.parameters(), Optimizer.adam(0.03))
                .train(150, step -> ctc.loss(reader.apply(x, lengths), lengths, targets));
        List<int[]> read = new CtcDecoder(0).greedy(reader.apply(x, lengths), lengths);
        assertArrayEquals(targets[0], read.get(0));
        assertArrayEquals(targets[1], read.get(1));
    }

    /** A model read step by step is the model read at once; and it decides where the sound does not. */
    @Test
    void aRecurrentModelIsAPrior() {
        RandomStream r = RandomStream.of(5);
        Embedding embedding = Embedding.of(4, 3, r.split(1));
        Lstm lstm = Lstm.of(3, 5, r.split(2));
        Affine head = Affine.of(5, 4, r.split(3));
        RecurrentPrior<Lstm.State> prior = new RecurrentPrior<>(embedding, lstm, head, 0);
        Tensor log = Tensor.logSoftmax(
                head.apply(lstm.run(embedding.apply(new int[][] {{0, 2, 3, 1}})).h()));
        assertEquals(log.get(0, 3, 2), prior.logProbability(List.of(2, 3, 1), 2), 1e-6);
        assertEquals(log.get(0, 0, 1), prior.logProbability(List.of(), 1), 1e-6);
        assertEquals(log.get(0, 2, 3), prior.logProbability(List.of(2, 3), 3), 1e-6);
        int likely = log.get(0, 0, 1) > log.get(0, 0, 2) ? 1 : 2;
        Tensor same = Tensor.wrap(new float[] {-9, 2, 2, -9}, 1, 1, 4);
        assertArrayEquals(
                new int[] {likely},
                new CtcDecoder(0).beam(same, 5, prior, 1).get(0).get(0).labels());
        assertFails("prior: label 4 is outside 0..3", () -> prior.logProbability(List.of(), 4));
        assertFails("that begins is outside 0..3", () -> new RecurrentPrior<>(embedding, lstm, head, 4));
    }

    /** What is no number in the frames arrives at the loss and is named there, before anything is learnt. */
    @Test
    void framesThatAreNoNumbersAreRefused() {
        FrameTagger net = FrameTagger.of(2, 3, 1, 4, RandomStream.of(1));
        float[] frames = new float[2 * 5 * 2];
        frames[(5 + 2) * 2] = Float.NaN; // sequence 1, step 2
        Tensor x = Tensor.wrap(frames, 2, 5, 2);
        int[] lengths = {5, 4};
        assertFails("step 0 of sequence 1; logits must be finite numbers", () -> Ctc.of(0)
                .loss(net.apply(x, lengths), lengths, new int[][] {{1}, {2}}));
        assertFails("of sequence 1; emissions must be finite numbers", () -> Crf.of(4)
                .loss(net.apply(x, lengths), lengths, new int[2][5]));
        assertFails("of sequence 1", () -> new CtcDecoder(0).greedy(net.apply(x, lengths), lengths));
    }

    @Test
    void aSequenceOfNoStepsHasNoLabels() {
        FrameTagger net = FrameTagger.of(2, 3, 2, 4, RandomStream.of(1));
        Tensor x = Tensor.normal(RandomStream.of(2), 1, 2, 5, 2);
        Tensor a = net.apply(x, 0, 3);
        assertEquals(0, Labels.best(a, 0, 3).get(0).length);
        assertEquals(0, new CtcDecoder(0).greedy(a, 0, 3).get(0).length);
        assertEquals(
                0, Ctc.of(0).losses(a, new int[] {0, 3}, new int[][] {{}, {1}}).get(0));
        assertFails("outside 0..5", () -> net.apply(x, 6, 3));
        assertFails("outside 0..5", () -> net.apply(x, -1, 3));
    }

    private static void assertFails(String message, Runnable call) {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
        assertTrue(said.contains(message), said);
    }
}
