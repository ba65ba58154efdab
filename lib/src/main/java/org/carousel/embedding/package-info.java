/**
 * Word embeddings, from counting to subwords: words in, one vector per word out.
 *
 * <p>Text is a {@link org.carousel.embedding.text.Corpus}: lines of words, read as often as needed, never held as a whole.
 * A {@link org.carousel.embedding.text.Vocabulary} numbers the words that are frequent enough.
 *
 * <p>{@link org.carousel.embedding.word2vec.Word2Vec} says how vectors are trained (skip-gram or CBOW, negative sampling or
 * hierarchical softmax, {@link org.carousel.embedding.word2vec.Subwords} or whole words), {@link
 * org.carousel.embedding.word2vec.Word2VecModel} is what is trained:
 *
 * <pre>{@code
 * Corpus corpus = Corpus.of(Path.of("text.txt.gz"));
 * Word2VecModel model = Word2Vec.skipGram().dimension(50).epochs(10).train(corpus, System.out::println);
 * model.wordVectors().nearest("cat", 10);
 * float[] vector = model.vector("cattish").orElseThrow(); // unseen, with subwords
 * model.losses();                        // of every epoch
 * model.save(Path.of("cat.model"));      // and load(...).train(corpus) goes on, to identical bits
 * }</pre>
 *
 * <p>{@link org.carousel.embedding.word2vec.FastTextModel} is a model that the program fastText trained, read from its file:
 *
 * <pre>{@code
 * FastTextModel english = FastTextModel.load(Path.of("cc.en.300.bin"));
 * english.vector("mispelled").orElseThrow(); // unseen
 * english.wordVectors(100_000).nearest("cat", 10);
 * }</pre>
 *
 * <p>{@link org.carousel.embedding.counting.Lsa} counts ({@link org.carousel.embedding.counting.CountMatrices}) and takes the {@link
 * org.carousel.embedding.counting.TruncatedSvd}, {@link org.carousel.embedding.counting.Glove} fits the logarithms of counts, {@link
 * org.carousel.embedding.NeuralLanguageModel} predicts the next word. All end in {@link
 * org.carousel.embedding.WordVectors}, with {@link org.carousel.embedding.AnalogyReport} and {@link
 * org.carousel.embedding.SimilarityReport} for grades and {@link org.carousel.embedding.Tsne} for maps.
 *
 * <p>The same seed gives the same vectors on every machine. Several threads work on {@link
 * org.carousel.embedding.word2vec.Word2Vec#replicas() replicas}, whose number is part of the configuration, as it is part of the
 * result; {@link org.carousel.embedding.word2vec.Word2Vec#lockFree() lock-free} they write into one table without waiting for each
 * other, some 10 to 30 % faster, and give other vectors every time.
 */
@NullMarked
package org.carousel.embedding;

import org.jspecify.annotations.NullMarked;
