package org.carousel.files.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A text that grows by whole lines, below a head that says what it is. A line is there as a whole or not at all: the rest of
 * a line that a killed process left is cut away on opening.
 *
 * <p>Only one process at a time may write it; a file {@code NAME.lock} beside it is locked meanwhile. The lock is the
 * system's and ends with the process, however that ends.
 */
public final class LineFile implements AutoCloseable {
    /** What is locked lies behind the content, which others may read on every system. */
    private static final long BEYOND = 1L << 40;

    private final Path path;
    private final String kind;
    private final String head;
    private final Path lockPath;
    private final FileChannel lockChannel;
    private final List<String> lines = new ArrayList<>();
    private @Nullable FileChannel out;

    private LineFile(Path path, String kind, String head, Path lockPath, FileChannel lockChannel) {
        this.path = path;
        this.kind = kind;
        this.head = head;
        this.lockPath = lockPath;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a file, or makes one; folders on the way are made.
     *
     * @param kind what it is called in messages, say "study"
     * @param headLines the first lines
     * @throws IllegalArgumentException when the file begins otherwise; it is left as it is
     * @throws IllegalStateException when it is in use
     * @throws UncheckedIOException when it cannot be read or written
     */
    public static LineFile open(Path file, String kind, List<String> headLines) {
        String head = String.join("\n", headLines) + "\n";
        try {
            Path path = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Files.createDirectories(path.getParent());
            Path lockPath = path.resolveSibling(path.getFileName() + ".lock");
            LineFile opened = new LineFile(path, kind, head, lockPath, lock(file, kind, lockPath));
            try {
                opened.begin(file);
                return opened;
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(kind + ": " + file + ": " + Failures.describe(e), e);
        }
    }

    /** Whoever holds the lock removes its file at the end; so a lock counts only if the file that is there is the one locked. */
    private static FileChannel lock(Path file, String kind, Path lockPath) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(lockPath, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean kept = false;
            try {
                if (channel.tryLock(BEYOND, 1, false) == null) {
                    throw inUse(file, kind);
                }
                String own = UUID.randomUUID() + "\n";
                write(channel.truncate(0), own.getBytes(StandardCharsets.US_ASCII));
                kept = own.equals(Files.readString(lockPath));
                if (kept) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                throw inUse(file, kind);
            } catch (NoSuchFileException e) {
                kept = false; // removed between opening and locking: once more
            } finally {
                if (!kept) {
                    channel.close();
                }
            }
        }
    }

    private static IllegalStateException inUse(Path file, String kind) {
        return new IllegalStateException(kind + ": " + file + " is being written by another " + kind
                + "; wait for its end, or give another file");
    }

    private void begin(Path file) throws IOException {
        byte[] begun = head.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        int common = Math.min(bytes.length, begun.length);
        if (!Arrays.equals(bytes, 0, common, begun, 0, common)) {
            throw new IllegalArgumentException(kind + ": " + file + " holds another " + kind + ". There: "
                    + firstLines(bytes) + " Here: " + head.strip().replace("\n", " / ")
                    + ". Give another file; this one is left as it is");
        }
        int whole = bytes.length;
        while (whole > begun.length && bytes[whole - 1] != '\n') {
            whole--;
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        out = channel;
        if (bytes.length < begun.length) {
            whole = begun.length;
            channel.truncate(0);
            write(channel, begun);
        } else if (whole > begun.length) {
            String text = new String(bytes, begun.length, whole - begun.length, StandardCharsets.UTF_8);
            lines.addAll(text.lines().toList());
        }
        channel.truncate(whole);
        channel.position(whole);
    }

    private static String firstLines(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 2000), StandardCharsets.UTF_8);
        return String.join(" / ", text.lines().limit(2).toList()) + ".";
    }

    /** The lines below the head. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Adds a line; it is on the disk when this returns. */
    public void append(String line) {
        FileChannel channel = Objects.requireNonNull(out);
        try {
            write(channel, (line + "\n").getBytes(StandardCharsets.UTF_8));
            channel.force(false);
            lines.add(line);
        } catch (IOException e) {
            throw new UncheckedIOException(kind + ": " + path + ": " + Failures.describe(e), e);
        }
    }

    private static void write(FileChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Puts these lines, the same in another order, in place of what stands there, at one stroke. */
    public void arrange(List<String> ordered) {
        if (ordered.equals(lines)) {
            return;
        }
        try {
            Objects.requireNonNull(out).close();
            AsideFile.write(path, stream -> {
                stream.write(head.getBytes(StandardCharsets.UTF_8));
                for (String line : ordered) {
                    stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
            lines.clear();
            lines.addAll(ordered);
            out = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(kind + ": " + path + ": " + Failures.describe(e), e);
        }
    }

    @Override
    public void close() {
        try {
            if (out != null) {
                out.close();
            }
            Files.deleteIfExists(lockPath);
            lockChannel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(kind + ": " + path + ": " + Failures.describe(e), e);
        }
    }
}
