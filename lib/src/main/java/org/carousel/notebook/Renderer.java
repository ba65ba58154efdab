package org.carousel.notebook;

import java.util.Map;

/**
 * How the values of one type look, for jars that bring types of their own. A jar names its renderers in {@code
 * META-INF/services/org.carousel.notebook.Renderer}; they are found when the jar is on the class path of the kernel, and
 * when a cell adds it by {@code %jars}, {@code %classpath} or {@code %maven}. A cell can add one by {@link
 * Notebook#add}.
 */
public interface Renderer {
    /** The type, whose subtypes look the same. */
    Class<?> type();

    /**
     * A value by MIME type, such as {@code text/html}, {@code image/svg+xml} or {@code image/png} (in Base64).
     * {@code text/plain} is the value's {@code toString} when it is not given.
     */
    Map<String, String> render(Object value);
}
