/**
 * The Jupyter side: the kernel that notebooks run on, and how values look in them.
 *
 * <p>Reading order: {@link org.carousel.kernel.Notebook} (what cells call), {@link org.carousel.kernel.Rendering} (from a
 * value to HTML, an image and text), {@link org.carousel.kernel.CarouselKernel} (IJava with our class path, imports and
 * renderers) and {@link org.carousel.kernel.JJavaExtension} (the same on JJava).
 *
 * <p>The kernel is IJava's with parts of its own, from the wire inwards: {@code Connection}, {@code Channel} and {@code
 * Messages} read requests, {@code Replies} answers them; {@code Evaluator} runs a cell's snippets in {@code CellControl},
 * which can stop them because {@code SnippetChecks} put checks of {@link org.carousel.kernel.Interrupts} into their
 * classes; {@code CellStreams} and {@code Output} carry what a {@code Cell} prints; {@code CellErrors} says what went
 * wrong.
 *
 * <pre>{@code
 * show(chart);                                  // in the middle of a cell
 * try (Progress bar = progress("training")) {   // updates in place
 *     trainer.listener(bar).train(1000, loss);
 * }
 * }</pre>
 */
@NullMarked
package org.carousel.kernel;

import org.jspecify.annotations.NullMarked;
