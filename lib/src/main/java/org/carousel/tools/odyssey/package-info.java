/** The trials of chapter 11: nine LSTMs on music, handwriting and speech, each with settings drawn at random. */
@NullMarked
package org.carousel.tools.odyssey;

import org.jspecify.annotations.NullMarked;
