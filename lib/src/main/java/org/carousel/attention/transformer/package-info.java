/**
 * The Transformer and BERT, with PyTorch's names for their parameters.
 *
 * <p>{@link org.carousel.attention.transformer.MultiHead}, {@link org.carousel.attention.transformer.EncoderLayer} and
 * {@link org.carousel.attention.transformer.DecoderLayer} are the parts; {@link
 * org.carousel.attention.transformer.Transformer} is an encoder-decoder of them. {@link
 * org.carousel.attention.transformer.Bert} is a stack of encoder layers that reads text, {@link
 * org.carousel.attention.transformer.Masking} and {@link org.carousel.attention.transformer.SentencePairs} make what {@link
 * org.carousel.attention.transformer.BertPretraining} learns from, and {@link
 * org.carousel.attention.transformer.BertClassifier} puts it to use.
 */
@NullMarked
package org.carousel.attention.transformer;

import org.jspecify.annotations.NullMarked;
