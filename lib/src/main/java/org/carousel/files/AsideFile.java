package org.carousel.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes a file beside its place and renames it when it is whole: whatever fails, an older file stays as it was, and at
 * no moment is half a file under the name. All files of this library are written here.
 *
 * <p>The new file gets the permissions that the user's umask gives to any new file; where the name is a symbolic link,
 * the file that it stands for is replaced and the link stays.
 */
public final class AsideFile {
    /** Files that are being written: a program that is told to end in the middle leaves none of them behind. */
    private static final Set<Path> UNFINISHED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> UNFINISHED.forEach(path -> path.toFile().delete())));
    }

    private AsideFile() {}

    /**
     * What is to be written.
     *
     * @param <X> what else may go wrong while it is made
     */
    @FunctionalInterface
    public interface Content<X extends Exception> {
        void writeTo(OutputStream out) throws IOException, X;
    }

    /**
     * Writes {@code content} to {@code file}; folders on the way are made.
     *
     * @throws UncheckedIOException when it cannot be written, naming the file and the reason
     */
    public static void write(Path file, Content<RuntimeException> content) {
        try {
            replace(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("save: " + file + ": " + Failures.describe(e), e);
        }
    }

    /**
     * As {@link #write}, for callers with exceptions of their own.
     *
     * @throws IOException when it cannot be written
     * @throws X what {@code content} throws
     */
    public static <X extends Exception> void replace(Path file, Content<X> content) throws IOException, X {
        Path target = Files.isSymbolicLink(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Path aside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
        UNFINISHED.add(aside);
        try {
            // not a "temporary file" of the system's: those are readable by their owner only
            try (FileChannel channel =
                            FileChannel.open(aside, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            moveIntoPlace(aside, target);
        } finally {
            Files.deleteIfExists(aside);
            UNFINISHED.remove(aside);
        }
    }

    private static void moveIntoPlace(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
