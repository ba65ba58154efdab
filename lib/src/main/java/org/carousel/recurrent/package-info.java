/**
 * Recurrent cells. A cell is one step: state in, state out, written as its equations.
 *
 * <p>Reading order: {@link org.carousel.recurrent.Cell} (the contract), {@link org.carousel.recurrent.Elman} (the
 * shortest one), {@link org.carousel.recurrent.Lstm}. {@link org.carousel.recurrent.Cell#unroll} runs the equations step
 * by step; {@link org.carousel.recurrent.Cell#run} may use a faster path that tests hold equal; {@link
 * org.carousel.recurrent.Cell#inspect} shows all gates; {@link
 * org.carousel.recurrent.Cell#stream} reads one input after the other, for an LSTM or a GRU without making tensors.
 *
 * <p>The LSTM of 1997 is {@link org.carousel.recurrent.MemoryBlocks}; every later variant of the vanilla LSTM is a {@link
 * org.carousel.recurrent.LstmForm} of {@link org.carousel.recurrent.LstmVariant}. All cells stand in {@link
 * org.carousel.recurrent.catalogue.Variants} with their papers and equations: a new one is a class and a line there, and the tests
 * pick it up. {@link org.carousel.recurrent.Stacked}, {@link org.carousel.recurrent.Bidirectional}, {@link
 * org.carousel.layers.Ragged} and {@link org.carousel.recurrent.TickerSteps} make more of a cell; {@link
 * org.carousel.recurrent.images.MultidimensionalLstm} and {@link org.carousel.recurrent.images.PyramidLstm} read images. Layers trained in
 * other frameworks become cells through {@link org.carousel.weights.GateOrder}.
 *
 * <pre>{@code
 * Lstm lstm = Lstm.of(28, 64, RandomStream.of(1));
 * Sequence<Lstm.State> y = lstm.run(Tensor.zeros(8, 20, 28)); // x [B×T×I]
 * y.h(); // [8×20×64]
 * y.last().c(); // [8×64]
 * }</pre>
 */
@NullMarked
package org.carousel.recurrent;

import org.jspecify.annotations.NullMarked;
