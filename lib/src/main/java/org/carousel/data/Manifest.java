package org.carousel.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Lines;

/** The list of all downloadable files, read from {@code data/manifest.tsv}, which is packed into the jar. */
final class Manifest {
    static final String HEADER = "name\tfile\tbytes\tsha256\turl\tlicence\tdescription";

    private final List<DataFile> files;

    private Manifest(List<DataFile> files) {
        this.files = List.copyOf(files);
    }

    /** The manifest of this jar. */
    static Manifest packed() {
        return Packed.MANIFEST;
    }

    /**
     * Reads a manifest: {@link #HEADER}, then one file per line.
     *
     * @throws IllegalArgumentException if the header differs, a line has another number of columns, a column is
     *     malformed, or a file is listed twice; the message names the line
     */
    static Manifest parse(String text) {
        List<String> lines = Lines.of(text);
        if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
            throw new IllegalArgumentException("manifest line 1: the header must be " + HEADER.replace('\t', ' '));
        }
        List<DataFile> files = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            DataFile file = parseLine(lines.get(i), i + 1);
            if (!seen.add(file.id())) {
                throw new IllegalArgumentException("manifest line " + (i + 1) + ": " + file.id() + " is listed twice");
            }
            files.add(file);
        }
        return new Manifest(files);
    }

    private static DataFile parseLine(String line, int number) {
        String[] columns = line.split("\t", -1);
        if (columns.length != 7) {
            throw new IllegalArgumentException(
                    "manifest line " + number + ": " + columns.length + " columns instead of 7");
        }
        try {
            long bytes = Long.parseLong(columns[2]);
            return new DataFile(columns[0], columns[1], bytes, columns[3], columns[4], columns[5], columns[6]);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "manifest line " + number + ": " + Failures.shortened(e.getMessage()), e);
        }
    }

    List<DataFile> files() {
        return files;
    }

    /**
     * The files of one set, in the manifest's order.
     *
     * @throws IllegalArgumentException if there is no such set
     */
    List<DataFile> files(String set) {
        List<DataFile> found =
                files.stream().filter(file -> file.set().equals(set)).toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no data set '" + set + "'; known sets: "
                    + files.stream().map(DataFile::set).distinct().toList());
        }
        return found;
    }

    /** Read once, when first asked for. */
    private static final class Packed {
        static final Manifest MANIFEST = parse(Resources.text("manifest.tsv"));
    }
}
