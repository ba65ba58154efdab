package org.carousel.data;

/** Texts that are packed into the jar, so that a chapter's main line needs no network. */
public final class Corpora {
    private Corpora() {}

    /**
     * Java source code: a frozen snapshot of this library's own sources, ASCII only.
     *
     * <p>Frozen, because a notebook's stored numbers must come out again after the library has moved on;
     * {@code tools.SourceSnapshot} makes a new one.
     *
     * @throws IllegalStateException if the class path lacks the text, which means a broken build
     */
    public static String javaSources() {
        return Resources.text("java-sources.txt");
    }
}
