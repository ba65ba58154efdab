package org.carousel.data;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** Small sets for the tests. */
final class Samples {
    static final byte[] BODY = "First Citizen:\nBefore we proceed any further, hear me speak.\n"
            .repeat(50)
            .getBytes(StandardCharsets.UTF_8);
    static final Downloader.Limits PATIENT =
            new Downloader.Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(60));

    private Samples() {}

    static String sha256(byte[] bytes) {
        var digest = Verification.newDigest();
        digest.update(bytes);
        return Verification.hex(digest);
    }

    static DataFile file(String name, byte[] content, String url) {
        return new DataFile("sample", name, content.length, sha256(content), url, "CC0-1.0", "a sample");
    }

    static DataLocations cacheOnly(Path cache) {
        return new DataLocations(Optional.empty(), Optional.empty(), cache, false);
    }

    static Dataset set(DataLocations locations, DataFile... files) {
        return new Dataset("sample", List.of(files), new Resolver(locations, new Downloader(PATIENT)));
    }

    /** A set that lies ready in a folder. */
    static Dataset ready(Path folder, String name, byte[] content) throws IOException {
        put(folder, name, content);
        return set(
                new DataLocations(Optional.of(folder), Optional.empty(), folder.resolve("no-cache"), true),
                file(name, content, ""));
    }

    static Path put(Path root, String name, byte[] content) throws IOException {
        Path path = root.resolve("sample").resolve(name);
        Files.createDirectories(root.resolve("sample"));
        return Files.write(path, content);
    }

    /** The text of a test resource. */
    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Samples.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The message of the exception that an action must throw. */
    static String messageOf(Class<? extends Throwable> type, Executable action) {
        return String.valueOf(assertThrows(type, action).getMessage());
    }

    static List<Path> filesBelow(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
