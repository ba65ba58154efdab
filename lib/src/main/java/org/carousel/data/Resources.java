package org.carousel.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The text files that the build packs beside this package's classes. */
final class Resources {
    private Resources() {}

    /**
     * The packed file as text.
     *
     * @throws IllegalStateException if the class path holds no such file, which means a broken build
     * @throws UncheckedIOException if it cannot be read
     */
    static String text(String name) {
        try (InputStream in = Resources.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource org/carousel/data/" + name
                        + " is missing beside the classes; build the library with Maven");
            }
            return Utf8.decode(in.readAllBytes(), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
