/**
 * What cells use, and how values look in them.
 *
 * <p>Reading order: {@link org.carousel.notebook.Notebook} (what cells call), {@link org.carousel.notebook.Renderer}
 * (types of your own); inside, {@code Rendering} (from a value to HTML, an image and text) and {@code Frontend} (the
 * kernel that a cell runs on: ours, IJava's or JJava's).
 *
 * <pre>{@code
 * show(chart);                                  // in the middle of a cell
 * try (Progress bar = progress("training")) {   // updates in place
 *     trainer.listener(bar).train(1000, loss);
 * }
 * }</pre>
 */
@NullMarked
package org.carousel.notebook;

import org.jspecify.annotations.NullMarked;
