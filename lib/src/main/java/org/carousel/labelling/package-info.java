/**
 * Labels for sequences: one for each step, or fewer than steps.
 *
 * <p>{@link org.carousel.labelling.Ctc} is the loss for targets whose place in the input nobody marked; {@link
 * org.carousel.labelling.CtcDecoder} reads labels out of a trained network. {@link org.carousel.labelling.Crf} scores
 * whole sequences of tags. {@link org.carousel.labelling.Spans} are what BIO tags mean, and how many are right.
 *
 * <p>{@link org.carousel.labelling.FrameTagger} is the network under all three, over numbers; {@link
 * org.carousel.labelling.WordTagger} over words and their spellings, which {@link org.carousel.labelling.Lexicon} numbers.
 * {@link org.carousel.labelling.Confusion} counts what was said where.
 *
 * <pre>{@code
 * Ctc ctc = Ctc.of(0); // class 0 is the blank
 * Tensor logits = head.apply(network.run(x, lengths).h()); // [B×T×K]
 * ctc.loss(logits, lengths, targets).backward();
 * }</pre>
 */
@NullMarked
package org.carousel.labelling;

import org.jspecify.annotations.NullMarked;
