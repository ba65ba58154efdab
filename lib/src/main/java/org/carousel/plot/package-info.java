/**
 * Charts for notebooks, all in one style: {@link org.carousel.plot.Plots}.
 *
 * <p>Every method returns an XChart chart, which is a cell's value like any other and can be styled further. Colours
 * can be told apart by colour-blind readers; text is large enough to print.
 *
 * <pre>{@code
 * Plots.lines("Loss", "step", "nats", Map.of("training", losses));
 * Plots.heatMap("Gates", "character", "unit", values, labels, null);
 * }</pre>
 */
@NullMarked
package org.carousel.plot;

import org.jspecify.annotations.NullMarked;
