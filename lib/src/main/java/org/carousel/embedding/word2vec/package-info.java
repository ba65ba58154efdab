/**
 * Word vectors from predictions: {@link org.carousel.embedding.word2vec.Word2Vec} says how they are trained (skip-gram or
 * CBOW, negative sampling or hierarchical softmax, {@link org.carousel.embedding.word2vec.Subwords} or whole words), {@link
 * org.carousel.embedding.word2vec.Word2VecModel} is what is trained.
 *
 * <p>{@link org.carousel.embedding.word2vec.FastTextModel} is what the program fastText trained: {@code FastTextFile} reads it,
 * {@code FastTextDictionary} knows which rows a word or a line has, {@code FastTextRows} holds them, {@code FastTextOutput}
 * makes probabilities of them.
 *
 * <p>Reading order: {@code Windows}, the step that all models share; {@code SkipGram}, {@code Cbow} and {@code
 * SubwordSkipGram}, what predicts what; {@code NegativeSampling} and {@code HierarchicalSoftmax}, which answers are asked
 * for; {@code Training}, the order of it all; {@code Replicas}, how copies become one again.
 */
@NullMarked
package org.carousel.embedding.word2vec;

import org.jspecify.annotations.NullMarked;
