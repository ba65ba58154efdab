package org.carousel.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.carousel.data.Datasets;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.embedding.word2vec.Word2VecModel;

/**
 * What a second thread gains when all is warm: one replica, two of them, and two lock-free take turns in one process, an
 * epoch of six million words each, so that what disturbs the machine for longer disturbs all three. Prints medians of a
 * million words per second; reading the text is not part of them.
 *
 * <p>Argument: the number of turns.
 */
public final class EmbeddingThreads {
    private EmbeddingThreads() {}

    public static void main(String[] arguments) {
        int turns = Integer.parseInt(arguments[0]);
        Path file = Datasets.pdEnglish().path("pd-english.txt.gz");
        Vocabulary vocabulary =
                Vocabulary.of(Corpus.of(file), Word2Vec.skipGram().minimumCount());
        System.out.println("| | 1 | 2 replicas | ratio | 2 lock-free | ratio |");
        System.out.println("|---|--:|--:|--:|--:|--:|");
        for (String algorithm : EmbeddingComparison.ALGORITHMS) {
            Word2Vec one = EmbeddingBenchmark.configuration(algorithm).epochs(1);
            List<Word2Vec> ways = List.of(one, one.replicas(2), one.replicas(2).lockFree(true));
            List<List<Double>> speeds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int turn = 0; turn <= turns; turn++) {
                for (int way = 0; way < ways.size(); way++) {
                    double speed = speed(ways.get(way), vocabulary, file);
                    if (turn > 0) { // the first warms up
                        speeds.get(way).add(speed);
                    }
                }
            }
            double[] medians = speeds.stream()
                    .mapToDouble(each -> Comparison.median(each.stream().mapToDouble(value -> value)))
                    .toArray();
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %.2f | %.2f |%n",
                    algorithm,
                    medians[0],
                    medians[1],
                    medians[1] / medians[0],
                    medians[2],
                    medians[2] / medians[0]);
        }
    }

    /** Million words per second from the first report on, a fifth of a second after the text was read, to the end. */
    private static double speed(Word2Vec way, Vocabulary vocabulary, Path file) {
        long[] begin = {0, 0};
        long[] end = {0, 0};
        Word2VecModel.of(way, vocabulary).train(Corpus.of(file), progress -> {
            long[] now = begin[1] == 0 ? begin : end;
            now[0] = progress.words();
            now[1] = System.nanoTime();
        });
        return 1e3 * (end[0] - begin[0]) / (end[1] - begin[1]);
    }
}
