/**
 * Sound and ink as sequences of numbers.
 *
 * <p>{@link org.carousel.data.signal.Wav} reads recordings, {@link org.carousel.data.signal.MelFrames} turns them into
 * log-mel frames or MFCC; {@link org.carousel.data.signal.Ink} is what a pen wrote. {@link
 * org.carousel.data.signal.SpokenDigits} and {@link org.carousel.data.signal.PenDigits} are the sets.
 */
@NullMarked
package org.carousel.data.signal;

import org.jspecify.annotations.NullMarked;
