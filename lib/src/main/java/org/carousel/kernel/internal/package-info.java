/**
 * The protocol side: the kernel that notebooks run on.
 *
 * <p>Reading order: {@link org.carousel.kernel.internal.CarouselKernel} (IJava with our class path, imports and renderers), then
 * from the wire inwards: {@code Connection}, {@code Channel} and {@code Messages} read requests, {@code Replies} answers
 * them; an {@code Execution} leads one cell from its request to its reply; {@code Evaluator} runs a cell's snippets in {@code CellControl}, which can stop them because {@code SnippetChecks}
 * put checks of {@link org.carousel.kernel.internal.Interrupts} into their classes; {@code CellStreams} and {@code Output} carry
 * what a {@code Cell} prints; {@code CellErrors} says what went wrong. What cells themselves call is in {@link
 * org.carousel.notebook}.
 */
@NullMarked
package org.carousel.kernel.internal;

import org.jspecify.annotations.NullMarked;
