package org.carousel.plot.internal;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.util.Optional;

/**
 * Whether charts can be drawn here: Java brings no fonts of its own, and on a system without any the first letter of a
 * picture is an error. What a chart shows can then still be said in words, {@link org.carousel.plot.Plots#describe}.
 */
public final class Fonts {
    private Fonts() {}

    /** What to do so that charts can be drawn, in one line; empty when they can. */
    public static Optional<String> missing() {
        return Tried.MISSING;
    }

    /** Tried once: where AWT has failed to find fonts, it finds none until Java is started again. */
    private static final class Tried {
        private static final Optional<String> MISSING = tryIt();

        // AWT says it by Error, InternalError, RuntimeException and UnsatisfiedLinkError, depending on JDK and system
        @SuppressWarnings("CatchingUnchecked")
        private static Optional<String> tryIt() {
            try {
                new TextLayout("x", new Font(Font.SANS_SERIF, Font.PLAIN, 12), new FontRenderContext(null, true, true));
                return Optional.empty();
            } catch (Exception | InternalError | LinkageError e) {
                return Optional.of(words());
            } catch (Error e) {
                if (e.getClass() == Error.class) { // "Probable fatal error: No physical fonts found."
                    return Optional.of(words());
                }
                throw e;
            }
        }

        private static String words() {
            return "No picture, because this Java finds no fonts. Install fontconfig and a font (Debian, Ubuntu:"
                    + " apt-get install fontconfig fonts-dejavu-core; Fedora: dnf install fontconfig dejavu-sans-fonts;"
                    + " conda: conda install fontconfig fonts-conda-forge), then restart the kernel.";
        }
    }
}
