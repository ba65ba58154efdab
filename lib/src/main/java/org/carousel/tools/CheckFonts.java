package org.carousel.tools;

import org.carousel.plot.Fonts;

/** Says at set-up what is missing for pictures, if anything is. */
public final class CheckFonts {
    private CheckFonts() {}

    /** Writes a line to the standard error when charts cannot be drawn here. */
    public static void main(String[] args) {
        Fonts.missing().ifPresent(line -> System.err.println("carousel: " + line));
    }
}
