/**
 * Recurrences that are linear in their state: gates and inputs do not see h_{t-1}, so all of them are computed for a whole
 * sequence at once, and what is left over time is h_t = a_t ⊙ h_{t-1} + b_t, which {@link
 * org.carousel.recurrent.linear.Scan} runs as one operation. {@link org.carousel.recurrent.Cell#run} of these cells is that
 * parallel form, {@link org.carousel.recurrent.Cell#step} the recurrent one; tests hold them equal.
 */
@NullMarked
package org.carousel.recurrent.linear;

import org.jspecify.annotations.NullMarked;
