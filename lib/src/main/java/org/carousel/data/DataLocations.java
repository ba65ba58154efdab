package org.carousel.data;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where data files may lie on this computer.
 *
 * @param shared the folder of property {@code carousel.data} or variable {@code CAROUSEL_DATA}, read and never written
 * @param shipped the folder {@code data} beside this library, in a checkout or in the installed kernel, if there is one;
 *     read and never written
 * @param cache the user's own folder, where downloads go
 * @param offline whether downloads are forbidden (property {@code carousel.offline})
 */
record DataLocations(Optional<Path> shared, Optional<Path> shipped, Path cache, boolean offline) {
    private static final int HIGHEST = 5;

    /** A lookup of a system property or an environment variable; null or empty means that it is not set. */
    @FunctionalInterface
    interface Settings {
        @Nullable
        String get(String name);
    }

    /**
     * The locations that this process's properties and environment name now.
     *
     * @throws DatasetException if a setting is not a path on this system
     */
    static DataLocations ofThisProcess() {
        return of(System::getProperty, System::getenv);
    }

    static DataLocations of(Settings properties, Settings environment) {
        Optional<Path> shared = path(properties, "carousel.data").or(() -> path(environment, "CAROUSEL_DATA"));
        Path cache = path(properties, "carousel.cache").orElseGet(() -> userCache(properties, environment));
        return new DataLocations(
                shared,
                besideThisLibrary(),
                cache,
                value(properties, "carousel.offline", Boolean::parseBoolean).orElse(false));
    }

    /** Above the jar or the folder of classes: {@code java/data} above {@code java/lib/carousel.jar}. */
    private static Optional<Path> besideThisLibrary() {
        try {
            CodeSource source = DataLocations.class.getProtectionDomain().getCodeSource();
            Path folder = source == null || source.getLocation() == null
                    ? null
                    : Path.of(source.getLocation().toURI()).getParent();
            for (int k = 0; folder != null && k < HIGHEST; k++, folder = folder.getParent()) {
                if (Files.isRegularFile(folder.resolve("data").resolve("manifest.tsv"))) {
                    return Optional.of(folder.resolve("data"));
                }
            }
            return Optional.empty();
        } catch (URISyntaxException | IllegalArgumentException | SecurityException e) {
            return Optional.empty(); // loaded from something that is no file
        }
    }

    private static Path userCache(Settings properties, Settings environment) {
        boolean windows = value(properties, "os.name", name -> name.toLowerCase(Locale.ROOT)
                        .startsWith("windows"))
                .orElse(false);
        Optional<Path> base = windows
                ? path(environment, "LOCALAPPDATA")
                // the XDG base directory specification: a relative path is invalid and to be ignored
                : path(environment, "XDG_CACHE_HOME").filter(Path::isAbsolute);
        return base.orElseGet(
                        () -> path(properties, "user.home").orElse(Path.of("")).resolve(".cache"))
                .resolve("carousel");
    }

    private static Optional<Path> path(Settings settings, String name) {
        try {
            return value(settings, name, text -> Path.of(text).toAbsolutePath().normalize());
        } catch (InvalidPathException e) {
            throw new DatasetException("the setting " + name + " is not a path: " + e.getMessage(), e);
        }
    }

    private static <T> Optional<T> value(Settings settings, String name, Function<String, T> reader) {
        String text = settings.get(name);
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(reader.apply(text.strip()));
    }
}
