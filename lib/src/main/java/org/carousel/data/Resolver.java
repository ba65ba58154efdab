package org.carousel.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.carousel.files.internal.Failures;
import org.jspecify.annotations.Nullable;

/** Finds a file of the manifest: in the shared folder, beside this library, in the cache, or by
 * download into the cache. */
final class Resolver {
    /** One lock per file, so that two threads do not fetch the same file twice. */
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

    private final DataLocations locations;
    private final Downloader downloader;

    Resolver(DataLocations locations, Downloader downloader) {
        this.locations = locations;
        this.downloader = downloader;
    }

    /**
     * The path of a file that has the declared size and SHA-256.
     *
     * @throws DatasetException if there is none and it cannot be downloaded, or the shared folder's is damaged
     */
    Path resolve(DataFile file) {
        Optional<Path> shared =
                locations.shared().map(file::under).filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS));
        if (shared.isPresent()) {
            return checkShared(shared.get(), file);
        }
        Optional<Path> shipped = locations
                .shipped()
                .map(file::under)
                .filter(path ->
                        Files.exists(path) && Verification.flaw(path, file).isEmpty());
        if (shipped.isPresent()) {
            return shipped.get();
        }
        Path cached = file.under(locations.cache());
        synchronized (LOCKS.computeIfAbsent(cached, path -> new Object())) {
            return cachedOrDownloaded(cached, file);
        }
    }

    /** The shared folder belongs to its owner: what is wrong there is reported, never replaced or passed over. */
    private static Path checkShared(Path path, DataFile file) {
        Optional<String> flaw = Verification.flaw(path, file);
        if (flaw.isPresent()) {
            throw new DatasetException(
                    path + " in the CAROUSEL_DATA folder is damaged (" + flaw.get()
                            + "); replace it, or remove it to use the cache",
                    null);
        }
        return path;
    }

    private Path cachedOrDownloaded(Path cached, DataFile file) {
        String damage = "";
        if (Files.exists(cached, LinkOption.NOFOLLOW_LINKS)) {
            Optional<String> flaw = Verification.flaw(cached, file);
            if (flaw.isEmpty()) {
                return cached;
            }
            damage = "the copy in the cache is damaged (" + flaw.get() + ") and ";
        }
        if (file.url().isEmpty()) {
            throw missing(file, damage + "it has no download address", null);
        }
        if (locations.offline()) {
            throw missing(file, damage + "carousel.offline forbids downloads", null);
        }
        try {
            downloader.fetch(file, cached);
            return cached;
        } catch (IOException e) {
            throw missing(file, damage + "the download failed: " + Failures.describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw missing(file, damage + "the download was interrupted", e);
        }
    }

    private DatasetException missing(DataFile file, String reason, @Nullable Throwable cause) {
        String message = file.id() + " is missing: " + reason + ". To get it, " + remedy(file);
        return new DatasetException(message, cause);
    }

    private String remedy(DataFile file) {
        Path target = file.under(locations.shared().orElse(locations.cache()));
        String what = file.url().isEmpty() ? "put '" + file.description() + "'" : "save " + file.url();
        String other = locations.shared().isPresent()
                ? ""
                : ", or set CAROUSEL_DATA to a folder that holds it as " + file.id();
        return what + " as " + target + other;
    }
}
