package org.carousel.kernel.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The providers that a jar or a folder names for a service, read without loading them: cells have a loader of their own. */
final class Services {
    private Services() {}

    /** Class names; none when there is no such file. */
    static List<String> named(Path jarOrFolder, Class<?> service) {
        String entry = "META-INF/services/" + service.getName();
        try {
            if (Files.isDirectory(jarOrFolder)) {
                return read(jarOrFolder.resolve(entry));
            }
            if (!Files.isRegularFile(jarOrFolder)) {
                return List.of();
            }
            try (FileSystem jar = FileSystems.newFileSystem(jarOrFolder)) {
                return read(jar.getPath(entry));
            }
        } catch (IOException | java.nio.file.ProviderNotFoundException e) {
            return List.of(); // no jar, so it brings nothing
        }
    }

    private static List<String> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return in.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .collect(Collectors.toList());
        }
    }
}
