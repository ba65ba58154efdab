/**
 * Attention: looking at all of a sequence at once, with weights that say where.
 *
 * <p>Reading order: {@link org.carousel.attention.Attention} (scores, weights, context), {@link
 * org.carousel.attention.Additive} and {@link org.carousel.attention.Multiplicative}, {@link
 * org.carousel.attention.Local} for a window.
 *
 * <p>Sequence to sequence: {@link org.carousel.attention.EncoderDecoder} joins an {@link
 * org.carousel.attention.Encoder} and a {@link org.carousel.attention.Decoder}; {@link
 * org.carousel.attention.BahdanauDecoder}, {@link org.carousel.attention.LuongDecoder} and {@link
 * org.carousel.attention.Transformer} are of this kind, and {@link org.carousel.attention.ImageEncoder} reads pictures.
 * A {@link org.carousel.attention.DecoderStream} writes in inference; those of the first two make no tensors.
 *
 * <p>Sequences that look at themselves: {@link org.carousel.attention.SentenceEmbedding}; {@link
 * org.carousel.attention.TapeLstm} reads its own past at every step, {@link org.carousel.attention.KeyValueAttention}
 * lets a language model read its last outputs. {@link org.carousel.attention.ScaledDotProduct} is the core of the
 * Transformer, readable as its equation and computed in tiles that tests hold equal to it; {@link
 * org.carousel.attention.MultiHead}, {@link org.carousel.attention.EncoderLayer} and {@link
 * org.carousel.attention.DecoderLayer} are made of it, with PyTorch's names for their parameters. {@link
 * org.carousel.attention.Bert} is a stack of encoder layers that reads text, {@link org.carousel.attention.Masking} and
 * {@link org.carousel.attention.SentencePairs} make what {@link org.carousel.attention.BertPretraining} learns from, and
 * {@link org.carousel.attention.BertClassifier} puts it to use.
 *
 * <pre>{@code
 * Tensor y = ScaledDotProduct.attend(q, k, v); // [B×T×d], [B×U×d], [B×U×e] -> [B×T×e]
 * }</pre>
 */
@NullMarked
package org.carousel.attention;

import org.jspecify.annotations.NullMarked;
