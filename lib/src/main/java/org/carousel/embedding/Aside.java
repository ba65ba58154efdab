package org.carousel.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file aside and renames it when it is complete: whatever goes wrong, the old file is still there. */
final class Aside {
    private Aside() {}

    /** Fills the file it is given. */
    interface Content {
        void writeTo(Path file) throws IOException;
    }

    /**
     * The complete content at {@code target}, or what was there before.
     *
     * @throws UncheckedIOException when the file cannot be written; the message names it
     */
    static void write(Path target, Content content) {
        Path folder = target.toAbsolutePath().getParent();
        Path part = target.resolveSibling(
                "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            try {
                content.writeTo(part);
                rename(part, target);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(target + ": cannot be written: " + e, e);
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
