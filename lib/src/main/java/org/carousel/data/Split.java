package org.carousel.data;

import java.util.Arrays;
import java.util.List;

/**
 * A sequence cut in two: the first part to train on, the last part held out.
 *
 * <p>The cut does not shuffle: of text or a series, a random sample would have its neighbours among the training data.
 * The held-out part has {@code round(length·fraction)} elements.
 *
 * @param <T> what was cut
 * @param training the first part
 * @param heldOut the rest
 */
public record Split<T>(T training, T heldOut) {

    /**
     * Holds out the last fraction of a text, counted in code points.
     *
     * @throws IllegalArgumentException if the fraction is not between 0 and 1, or one part would be empty
     */
    public static Split<String> last(String text, double fraction) {
        int characters = text.codePointCount(0, text.length());
        int cut = text.offsetByCodePoints(0, cut(characters, fraction));
        return new Split<>(text.substring(0, cut), text.substring(cut));
    }

    /**
     * Holds out the last fraction of some tokens.
     *
     * @throws IllegalArgumentException if the fraction is not between 0 and 1, or one part would be empty
     */
    public static Split<int[]> last(int[] tokens, double fraction) {
        int cut = cut(tokens.length, fraction);
        return new Split<>(Arrays.copyOf(tokens, cut), Arrays.copyOfRange(tokens, cut, tokens.length));
    }

    /**
     * Holds out the last fraction of a list.
     *
     * @throws IllegalArgumentException if the fraction is not between 0 and 1, or one part would be empty
     */
    public static <E> Split<List<E>> last(List<E> elements, double fraction) {
        int cut = cut(elements.size(), fraction);
        return new Split<>(List.copyOf(elements.subList(0, cut)), List.copyOf(elements.subList(cut, elements.size())));
    }

    /**
     * Whether a numbered example belongs to the held-out tenth: evenly spread, and always the same ones. For examples that
     * come in several forms, which must all stand on one side.
     */
    public static boolean isHeldOut(long number) {
        long z = (number + 1) * 0x9E3779B97F4A7C15L; // SplitMix64 (Steele, Lea, Flood 2014): neighbours part
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return Long.remainderUnsigned(z ^ (z >>> 31), 10) == 0;
    }

    /** As {@link #isHeldOut(long)} for an example that is known by a text. */
    public static boolean isHeldOut(String text) {
        return isHeldOut(text.hashCode());
    }

    private static int cut(int length, double fraction) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("split: the held-out fraction " + fraction + " is not between 0 and 1");
        }
        int heldOut = (int) Math.round(length * fraction);
        if (heldOut == 0 || heldOut == length) {
            throw new IllegalArgumentException("split: holding out the fraction %s of %d elements leaves %d and %d"
                    .formatted(fraction, length, length - heldOut, heldOut));
        }
        return length - heldOut;
    }
}
