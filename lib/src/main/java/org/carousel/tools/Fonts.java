package org.carousel.tools;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Ends with 0 when Java can draw letters here, and with 3 when it finds no fonts; for {@code ./carousel}. */
public final class Fonts {
    private Fonts() {}

    /** No arguments. */
    public static void main(String[] args) {
        System.exit(canDraw() ? 0 : 3);
    }

    static boolean canDraw() {
        try {
            Graphics2D graphics = new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB).createGraphics();
            int width = graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 9))
                    .stringWidth("carousel");
            graphics.dispose();
            return width > 0;
        } catch (RuntimeException | Error e) { // without fontconfig Java ends in one or the other
            return false;
        }
    }
}
