/**
 * The Jupyter side: the kernel that notebooks run on, and how values look in them.
 *
 * <p>Reading order: {@link org.carousel.kernel.Notebook} (what cells call), {@link org.carousel.kernel.Rendering} (from a
 * value to HTML, an image and text), {@link org.carousel.kernel.CarouselKernel} (IJava with our class path, imports and
 * renderers) and {@link org.carousel.kernel.JJavaExtension} (the same on JJava).
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
