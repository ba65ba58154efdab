package org.carousel.kernel.internal;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.spencerpark.jupyter.kernel.history.HistoryEntry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.carousel.files.internal.AsideFile;
import org.jspecify.annotations.Nullable;

/**
 * Cells in a file, one JSON array per line: session, number, input, output. Several kernels may append to it. Lines that
 * are damaged are left out; when it has grown long, the older half goes.
 */
final class HistoryFile {
    private static final int MOST = 2000;
    private static final int LARGEST = 4 << 20;

    private final @Nullable Path path;

    private HistoryFile(@Nullable Path path) {
        this.path = path;
    }

    static HistoryFile of(Path path) {
        return new HistoryFile(path);
    }

    /** Remembers nothing. */
    static HistoryFile none() {
        return new HistoryFile(null);
    }

    /**
     * Where Jupyter keeps its data, or where the property {@code carousel.history} or the variable {@code
     * CAROUSEL_HISTORY} says; {@code none} remembers nothing.
     */
    static HistoryFile ofUser() {
        String chosen = System.getProperty("carousel.history", System.getenv("CAROUSEL_HISTORY"));
        if ("none".equals(chosen)) {
            return none();
        }
        return of(chosen != null ? Path.of(chosen) : dataFolder(System.getenv()).resolve("carousel-history.jsonl"));
    }

    static Path dataFolder(Map<String, String> environment) {
        String home = System.getProperty("user.home", ".");
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String chosen = environment.get("JUPYTER_DATA_DIR");
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen);
        }
        if (system.startsWith("windows")) {
            return Path.of(environment.getOrDefault("APPDATA", home), "jupyter");
        }
        return system.startsWith("mac")
                ? Path.of(home, "Library", "Jupyter")
                : Path.of(environment.getOrDefault("XDG_DATA_HOME", home + "/.local/share"), "jupyter");
    }

    /** The last lines, so that a start takes no longer after years; those that are damaged are left out. */
    List<HistoryEntry> read() {
        List<HistoryEntry> entries = new ArrayList<>();
        if (path == null || !Files.isRegularFile(path)) {
            return entries;
        }
        try {
            List<String> lines = lastLines(path);
            if (lines.size() > MOST || Files.size(path) > LARGEST) {
                lines = lines.subList(Math.max(0, lines.size() - MOST / 2), lines.size());
                shorten(path, lines);
            }
            for (String line : lines) {
                HistoryEntry entry = line.isBlank() ? null : entry(line);
                if (entry != null) {
                    entries.add(entry);
                }
            }
        } catch (IOException e) {
            entries.clear(); // unreadable: this run begins anew
        }
        return entries;
    }

    private static List<String> lastLines(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long from = Math.max(0, file.length() - LARGEST);
            byte[] bytes = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .toList(); // a byte that is none spoils its line only
            return from == 0 || lines.isEmpty() ? lines : lines.subList(1, lines.size());
        }
    }

    private static void shorten(Path path, List<String> lines) throws IOException {
        AsideFile.replace(
                path, out -> out.write(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8)));
    }

    private static @Nullable HistoryEntry entry(String line) {
        if (!line.startsWith("[") || !line.endsWith("\"]")) {
            return null; // without the cost of an exception: a damaged file may have thousands of such lines
        }
        try {
            JsonElement json = new JsonParser().parse(line);
            JsonArray four = json.getAsJsonArray();
            return new HistoryEntry(
                    four.get(0).getAsInt(),
                    four.get(1).getAsInt(),
                    four.get(2).getAsString(),
                    four.get(3).getAsString());
        } catch (JsonParseException | IllegalStateException | IndexOutOfBoundsException | NumberFormatException e) {
            return null;
        } catch (UnsupportedOperationException e) {
            return null; // null or an object where a text should be
        }
    }

    /** Adds one line, in one write, so that lines of several kernels do not mix. */
    void append(HistoryEntry entry) throws IOException {
        if (path == null) {
            return;
        }
        JsonArray four = new JsonArray();
        four.add(entry.getSession());
        four.add(entry.getCellNumber());
        four.add(entry.getInput());
        four.add(entry.getOutput());
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.write(
                path,
                ((endsInALine(path) ? "" : "\n") + four + "\n").getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** A kernel that was killed may have left half a line. */
    private static boolean endsInALine(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return true;
        }
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (file.length() == 0) {
                return true;
            }
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }

    /** Takes the next number of a session, which no other kernel gets, and reads what there is. */
    @SuppressWarnings("try") // the lock is held, not used
    int begin(List<HistoryEntry> entries) {
        if (path == null) {
            return 1;
        }
        try {
            Files.createDirectories(Objects.requireNonNull(path.toAbsolutePath().getParent()));
            Path lock = path.resolveSibling(path.getFileName() + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock unused = channel.lock()) {
                entries.addAll(read());
                int session = next(entries);
                append(new HistoryEntry(session, 0, "", ""));
                return session;
            }
        } catch (IOException | OverlappingFileLockException e) {
            entries.clear();
            entries.addAll(read()); // nobody can write there, so nobody needs the number
            return next(entries);
        }
    }

    private static int next(List<HistoryEntry> entries) {
        return 1 + entries.stream().mapToInt(HistoryEntry::getSession).max().orElse(0);
    }
}
