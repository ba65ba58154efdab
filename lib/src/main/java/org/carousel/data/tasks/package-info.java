/**
 * Synthetic tasks: sequences made from a seed, with a right answer that is known exactly.
 *
 * <p>A toy task shows one ability of a network and nothing else: to keep a bit over a hundred steps, to count, to
 * measure time, to know which of two events came first. Because the generator knows the answer, the chance level and
 * the perfect score are known too, and a chapter can draw both into its plot.
 *
 * <ul>
 *   <li>Grammars, of which the next symbol is predicted: {@link org.carousel.data.tasks.ReberGrammar} (and
 *       {@link org.carousel.data.tasks.ReberStream}, which never ends),
 *       {@link org.carousel.data.tasks.CountingLanguage}, {@link org.carousel.data.tasks.AgreementGrammar}. Each has an acceptor.
 *   <li>Long lags: {@link org.carousel.data.tasks.AddingTask}, {@link org.carousel.data.tasks.MultiplicationTask},
 *       {@link org.carousel.data.tasks.TemporalOrderTask}, {@link org.carousel.data.tasks.TwoSequenceTask},
 *       {@link org.carousel.data.tasks.FixedLagTask}.
 *   <li>State: {@link org.carousel.data.tasks.ParityTask}.
 *   <li>Time: {@link org.carousel.data.tasks.SpikeDelayTask}, {@link org.carousel.data.tasks.SpikeGenerationTask}.
 *   <li>Words whose analogies have known answers: {@link org.carousel.data.tasks.FactCorpus}.
 *   <li>Pictures that move: {@link org.carousel.data.tasks.MovingDigits}.
 * </ul>
 *
 * <p>What a batch looks like: {@link org.carousel.data.tasks.Regression} (numbers),
 * {@link org.carousel.data.tasks.Classification} (one class per sequence), {@link org.carousel.data.tasks.Labelling}
 * (one class per step), {@link org.carousel.data.tasks.Prediction} (the next symbol, and all that could have come
 * instead). Sequences come first, {@code x} is [B×T×I]. Where lengths differ, x is zero behind the end of a sequence
 * and labels are −1, which the losses leave out.
 *
 * <p>All randomness is drawn from the {@link org.carousel.tensor.RandomStream} handed in: the same seed gives the same
 * bits everywhere.
 */
@NullMarked
package org.carousel.data.tasks;

import org.jspecify.annotations.NullMarked;
