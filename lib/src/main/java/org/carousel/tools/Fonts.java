package org.carousel.tools;

/** Ends with 0 when Java can draw letters here, and with 3 when it finds no fonts; for {@code ./carousel}. */
public final class Fonts {
    private Fonts() {}

    /** No arguments. */
    public static void main(String[] args) {
        System.exit(org.carousel.plot.internal.Fonts.missing().isEmpty() ? 0 : 3);
    }
}
