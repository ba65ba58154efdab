/**
 * Recurrent cells. A cell is one step: state in, state out, written as its equations.
 *
 * <p>Reading order: {@link org.carousel.recurrent.Cell} (the contract), {@link org.carousel.recurrent.Elman} (the
 * shortest one), {@link org.carousel.recurrent.Lstm}. {@link org.carousel.recurrent.Cell#unroll} runs the equations step
 * by step; {@link org.carousel.recurrent.Cell#run} may use a faster path that tests hold equal. Layers trained in other
 * frameworks become cells through {@link org.carousel.recurrent.GateOrder}.
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
