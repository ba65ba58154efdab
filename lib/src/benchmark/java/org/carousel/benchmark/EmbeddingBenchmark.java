package org.carousel.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.carousel.embedding.text.Corpus;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.embedding.word2vec.Subwords;
import org.carousel.embedding.word2vec.Word2Vec;
import org.carousel.embedding.word2vec.Word2VecModel;
import org.carousel.tensor.RandomStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One epoch over a generated text whose word of rank r has a share ∝ 1/r, dimension 100; words per second.
 *
 * <p>For real text beside gensim see {@link EmbeddingComparison}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EmbeddingBenchmark {
    private static final int WORDS = 300_000;
    private static final int TYPES = 20_000;

    /** What is trained. */
    @Param({"sg", "cbow", "subwords"})
    public String algorithm = "sg";

    /** How many learn side by side, and whether lock-free. */
    @Param({"1", "2", "2 lock-free"})
    public String replicas = "1";

    private Corpus corpus;
    private Word2Vec config;
    private Vocabulary vocabulary;

    @Setup
    public void prepare() {
        RandomStream random = RandomStream.of(1);
        List<List<String>> lines = new ArrayList<>();
        for (int i = 0; i < WORDS / 20; i++) {
            List<String> line = new ArrayList<>();
            for (int j = 0; j < 20; j++) {
                line.add("word" + (int) StrictMath.pow(TYPES, random.nextDouble()));
            }
            lines.add(line);
        }
        corpus = Corpus.of(lines);
        config = configuration(algorithm)
                .epochs(1)
                .replicas(replicas.charAt(0) - '0')
                .lockFree(replicas.endsWith("lock-free"));
        vocabulary = Vocabulary.of(corpus, config.minimumCount());
    }

    static Word2Vec configuration(String algorithm) {
        return switch (algorithm) {
            case "sg" -> Word2Vec.skipGram();
            case "cbow" -> Word2Vec.cbow();
            case "subwords" -> Word2Vec.skipGram().subwords(Subwords.standard());
            default -> throw new IllegalArgumentException(algorithm + " must be sg, cbow or subwords");
        };
    }

    @Benchmark
    @OperationsPerInvocation(WORDS)
    public Word2VecModel epoch() {
        Word2VecModel model = Word2VecModel.of(config, vocabulary);
        model.train(corpus);
        return model;
    }
}
