package org.carousel.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.carousel.files.internal.Failures;

/**
 * Holds a file against the manifest: the size every time, the SHA-256 once per process as long as the file keeps its
 * size and modification time.
 */
final class Verification {
    private record Known(Path path, long bytes, FileTime modified, String sha256) {}

    private static final Set<Known> SOUND = ConcurrentHashMap.newKeySet();
    private static final int BUFFER = 1 << 16;

    private Verification() {}

    /** What is wrong with a file that exists, in a few words; empty if it is what the manifest declares. */
    static Optional<String> flaw(Path path, DataFile expected) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return Optional.of("not a file");
            }
            if (attributes.size() != expected.bytes()) {
                return Optional.of(attributes.size() + " bytes instead of " + expected.bytes());
            }
            Known known = new Known(path, attributes.size(), attributes.lastModifiedTime(), expected.sha256());
            if (SOUND.contains(known)) {
                return Optional.empty();
            }
            String sha256 = sha256(path);
            if (!sha256.equals(expected.sha256())) {
                return Optional.of("SHA-256 " + sha256 + " instead of " + expected.sha256());
            }
            SOUND.add(known);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("unreadable: " + Failures.describe(e));
        }
    }

    private static String sha256(Path path) throws IOException {
        MessageDigest digest = newDigest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return hex(digest);
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
