package org.carousel.embedding;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.carousel.data.tasks.FactCorpus;
import org.carousel.embedding.counting.CountMatrices;
import org.carousel.embedding.counting.CountMatrices.Distance;
import org.carousel.embedding.counting.Glove;
import org.carousel.embedding.counting.Lsa;
import org.carousel.embedding.counting.SparseMatrix;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Analogies that no sentence states, answered by vectors that were made of counts. */
class FactAnalogiesTest {
    private final FactCorpus corpus = FactCorpus.english(0.25, RandomStream.of(1));
    private final List<String> words = corpus.vocabulary();
    private List<int[]> sentences = List.of();

    @BeforeEach
    void read() {
        Map<String, Integer> indices = new HashMap<>();
        words.forEach(word -> indices.put(word, indices.size()));
        sentences = corpus.sentences(40_000, RandomStream.of(2)).stream()
                .map(line ->
                        Arrays.stream(line.split(" ")).mapToInt(indices::get).toArray())
                .toList();
    }

    @Test
    void latentSemanticAnalysisAnswersMostOfThem() {
        SparseMatrix counts = CountMatrices.cooccurrence(sentences, words.size(), 10, Distance.FLAT);
        WordVectors vectors = Lsa.of(words, CountMatrices.ppmi(counts, 0.75, 1), 150, 0.5, RandomStream.of(3))
                .words();
        AnalogyReport report = AnalogyReport.of(vectors, corpus.questions());
        assertTrue(report.accuracy() > 0.9, report.toString());
        RandomStream random = RandomStream.of(4);
        int found = 0;
        for (int n = 0; n < 100; n++) {
            List<String> group = corpus.withStranger(random);
            found += vectors.outlier(group.toArray(String[]::new)).equals(group.get(4)) ? 1 : 0;
        }
        assertTrue(found > 90, found + " of 100 strangers");
    }

    @Test
    void gloveAnswersMostOfThemAndChanceNone() {
        SparseMatrix counts = CountMatrices.cooccurrence(sentences, words.size(), 10, Distance.HARMONIC);
        Glove glove = Glove.of(counts, 100, 12, 0.05, RandomStream.of(3));
        AnalogyReport chance = AnalogyReport.of(glove.vectors(words), corpus.questions());
        for (int epoch = 0; epoch < 30; epoch++) {
            glove.epoch();
        }
        AnalogyReport report = AnalogyReport.of(glove.vectors(words), corpus.questions());
        assertTrue(report.accuracy() > 0.9, report.toString());
        assertTrue(chance.accuracy() < 0.03, chance.toString());
        assertTrue(AnalogyReport.of(WordVectors.of(words, Tensor.ones(words.size(), 2)), corpus.questions())
                        .accuracy()
                < 0.03);
    }
}
