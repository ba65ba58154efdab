/**
 * Small cells with one state: fewer gates than an LSTM, or weights of another shape. Each is one class whose step is its
 * paper's equations, and one line in the catalogue.
 */
@NullMarked
package org.carousel.recurrent.compact;

import org.jspecify.annotations.NullMarked;
