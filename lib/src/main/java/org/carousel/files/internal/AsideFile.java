package org.carousel.files.internal;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a file beside its place and renames it when it is whole: whatever fails, an older file stays as it was, and at
 * no moment is half a file under the name. All files of this library are written here.
 *
 * <p>An interrupted thread writes as any other does: a training that is stopped can be saved. What a program that was
 * killed in the middle left behind is removed when the same file is written again; what another program is still writing
 * is locked, and stays.
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

    private static final String SUFFIX = ".part";
    private static final String UUID_TEXT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

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
        removeLeftovers(target);
        Path aside = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + SUFFIX);
        UNFINISHED.add(aside);
        try {
            Files.createFile(aside); // not a "temporary file" of the system's, which only its owner may read
            // not opened as a channel, which an interrupt would close
            try (FileOutputStream opened = new FileOutputStream(aside.toFile());
                    OutputStream out = new BufferedOutputStream(opened, 1 << 16)) {
                lock(opened);
                content.writeTo(out);
                out.flush();
                opened.getFD().sync();
            }
            moveIntoPlace(aside, target);
        } finally {
            Files.deleteIfExists(aside);
            UNFINISHED.remove(aside);
        }
    }

    /** Marks a file as being written, until it is closed or the program ends, however that happens. */
    private static @Nullable FileLock lock(FileOutputStream file) {
        try {
            return file.getChannel().tryLock();
        } catch (IOException e) {
            return null; // a file system without locks: there leftovers cannot be told from work, and stay
        }
    }

    /** Removes what programs that were killed while they wrote this file have left beside it. */
    private static void removeLeftovers(Path target) throws IOException {
        Pattern ours = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + UUID_TEXT + SUFFIX);
        DirectoryStream.Filter<Path> left =
                path -> ours.matcher(path.getFileName().toString()).matches();
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(target.getParent(), left)) {
            for (Path leftover : leftovers) {
                if (!UNFINISHED.contains(leftover) && !isBeingWritten(leftover)) {
                    Files.deleteIfExists(leftover);
                }
            }
        }
    }

    private static boolean isBeingWritten(Path aside) {
        try (RandomAccessFile file = new RandomAccessFile(aside.toFile(), "rw");
                FileLock lock = file.getChannel().tryLock()) {
            return lock == null;
        } catch (IOException | OverlappingFileLockException e) {
            return true; // or it cannot be known
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
