package org.carousel.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Lines;

/**
 * A handle on a downloadable set: names its files, and finds or fetches one when it is asked for it.
 *
 * <p>Making a handle touches neither disk nor network. The order in which {@link #path} looks is told in the package's
 * description. A found file has the size of the manifest every time, and its SHA-256 is computed once per process (again
 * if its size or modification time changes). In a notebook:
 *
 * <pre>{@code
 * var shakespeare = Datasets.tinyShakespeare();
 * String text = shakespeare.available() ? shakespeare.text("input.txt") : Corpora.javaSources();
 * shakespeare.whyMissing()      // "" or one line that says how to get it
 * }</pre>
 *
 * <p>Handles may be shared between threads.
 */
public final class Dataset {
    private final String name;
    private final List<DataFile> files;
    private final Resolver resolver;
    /** Why the last attempt at a file failed, so that {@link #whyMissing} need not wait for the network again. */
    private final Map<String, String> failures = new ConcurrentHashMap<>();

    Dataset(String name, List<DataFile> files, Resolver resolver) {
        this.name = name;
        this.files = List.copyOf(files);
        this.resolver = resolver;
    }

    /** The set's name, which is also the name of its folder. */
    public String name() {
        return name;
    }

    /** The names of the files of this handle. */
    public List<String> fileNames() {
        return files.stream().map(DataFile::name).toList();
    }

    /** The files of this handle, with sizes, hashes, addresses, licences and descriptions. */
    List<DataFile> files() {
        return files;
    }

    /** The licences of the files, in short. */
    public String licence() {
        return distinct(files.stream().map(DataFile::licence).toList());
    }

    /** Where the files come from: the folders of their pinned addresses, or how a derived file was made. */
    public String source() {
        return distinct(files.stream()
                .map(file -> file.url().isEmpty()
                        ? file.description()
                        : file.url().substring(0, file.url().lastIndexOf('/') + 1))
                .toList());
    }

    /**
     * The same set cut down to some of its files, so that {@link #available()} asks for these alone.
     *
     * @throws IllegalArgumentException if no name is given, or the set has no file of that name
     */
    public Dataset only(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("only: name at least one file of the set " + name);
        }
        return new Dataset(name, Arrays.stream(names).map(this::file).toList(), resolver);
    }

    /**
     * This handle if its files, which nobody serves, lie ready; otherwise the other: a set that is passed on in two forms.
     */
    Dataset orElse(Dataset other) {
        return files.stream()
                        .allMatch(file ->
                                file.url().isEmpty() && tryPath(file.name()).isPresent())
                ? this
                : other;
    }

    /**
     * The path of a file, downloaded if need be.
     *
     * @throws DatasetException if it cannot be had; the message says in one line what is missing and how to get it
     * @throws IllegalArgumentException if the set has no file of that name
     */
    public Path path(String file) {
        DataFile wanted = file(file);
        try {
            Path path = resolver.resolve(wanted);
            failures.remove(file);
            return path;
        } catch (DatasetException e) {
            failures.put(file, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /**
     * The path of a file, or nothing if it cannot be had.
     *
     * @throws IllegalArgumentException if the set has no file of that name
     */
    public Optional<Path> tryPath(String file) {
        try {
            return Optional.of(path(file));
        } catch (DatasetException e) {
            return Optional.empty();
        }
    }

    /** Whether every file of this handle can be had; downloads what is not there yet. */
    public boolean available() {
        return files.stream().allMatch(file -> tryPath(file.name()).isPresent());
    }

    /**
     * Why {@link #available()} is false: the first missing file and how to get it, in one line; empty if nothing is
     * missing. A failure that this handle has already seen is repeated without a new attempt.
     */
    public String whyMissing() {
        for (DataFile file : files) {
            if (failures.containsKey(file.name()) || tryPath(file.name()).isEmpty()) {
                return failures.getOrDefault(file.name(), "");
            }
        }
        return "";
    }

    /**
     * A file's text, unpacked if its name ends in {@code .gz}.
     *
     * @throws DatasetException if it cannot be had or read, or is not UTF-8 (the message names the file and the first wrong byte)
     * @throws IllegalArgumentException if the set has no file of that name
     */
    public String text(String file) {
        Path path = path(file);
        try {
            return Utf8.decode(Archives.content(path), path.toString());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * The text of one entry of a zip or tar file.
     *
     * @throws DatasetException if the file cannot be had or read, or the entry is not UTF-8
     * @throws IllegalArgumentException if the set has no file of that name, or the file no such entry
     */
    public String text(String file, String entry) {
        byte[] bytes = entries(file).get(entry);
        if (bytes == null) {
            throw new IllegalArgumentException(name + "/" + file + " has no entry '" + entry + "'");
        }
        return Utf8.decode(bytes, name + "/" + file + " entry " + entry);
    }

    /**
     * The lines of a text file, without their ends.
     *
     * @throws DatasetException as {@link #text(String)}
     */
    public List<String> lines(String file) {
        return Lines.of(text(file));
    }

    /**
     * The lines of one entry of a zip or tar file, without their ends.
     *
     * @throws DatasetException as {@link #text(String, String)}
     */
    public List<String> lines(String file, String entry) {
        return Lines.of(text(file, entry));
    }

    /**
     * The content of every file in a zip or tar, by name, in the archive's order.
     *
     * @throws DatasetException if the file cannot be had or read
     * @throws IllegalArgumentException if the set has no file of that name, or it is neither zip nor tar
     */
    public Map<String, byte[]> entries(String file) {
        if (!file.matches(".*\\.(zip|tar|tar\\.gz)")) {
            throw new IllegalArgumentException("entries: " + name + "/" + file + " is neither a .zip nor a .tar");
        }
        Path path = path(file);
        try {
            return Archives.entries(path);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    @Override
    public String toString() {
        return "%s (%s; %s)"
                .formatted(
                        name,
                        files.stream()
                                .map(file -> file.name() + " " + file.bytes() + " bytes")
                                .collect(Collectors.joining(", ")),
                        licence());
    }

    private DataFile file(String wanted) {
        return files.stream()
                .filter(file -> file.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the data set " + name + " has no file '" + wanted
                        + "'; it has " + files.stream().map(DataFile::name).toList()));
    }

    private static DatasetException unreadable(Path path, IOException cause) {
        return new DatasetException(path + " cannot be read: " + Failures.describe(cause), cause);
    }

    private static String distinct(List<String> values) {
        return values.stream().distinct().collect(Collectors.joining("; "));
    }
}
