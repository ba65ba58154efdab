/**
 * Sequence to sequence, with attention or without.
 *
 * <p>{@link org.carousel.attention.seq2seq.EncoderDecoder} joins an {@link org.carousel.attention.seq2seq.Encoder} and a
 * {@link org.carousel.attention.seq2seq.Decoder}. {@link org.carousel.attention.seq2seq.CellEncoder} and {@link
 * org.carousel.attention.seq2seq.CellDecoder} hand one state over; {@link org.carousel.attention.seq2seq.BahdanauDecoder}
 * and {@link org.carousel.attention.seq2seq.LuongDecoder} look back at the source; {@link
 * org.carousel.attention.seq2seq.ImageEncoder} reads pictures. {@link org.carousel.attention.seq2seq.BeamSearch} searches,
 * a {@link org.carousel.attention.seq2seq.DecoderStream} writes in inference without making tensors.
 */
@NullMarked
package org.carousel.attention.seq2seq;

import org.jspecify.annotations.NullMarked;
