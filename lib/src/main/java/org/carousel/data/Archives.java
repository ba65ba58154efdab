package org.carousel.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads packed files into memory: gzip, zip, and the plain tar that {@code git archive} writes. */
final class Archives {
    private static final int BLOCK = 512;

    private Archives() {}

    /** The content of a file, unpacked if its name ends in {@code .gz}. */
    static byte[] content(Path path) throws IOException {
        try (InputStream raw = Files.newInputStream(path);
                InputStream in = path.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            return in.readAllBytes();
        }
    }

    /**
     * The files in a zip or tar, by name, in the archive's order; folders are left out.
     *
     * @throws IOException if it cannot be read, or is neither (a tar may be packed by gzip)
     */
    static Map<String, byte[]> entries(Path path) throws IOException {
        byte[] bytes = content(path);
        String name = path.toString();
        if (name.endsWith(".zip")) {
            return unzip(bytes);
        }
        if (name.endsWith(".tar") || name.endsWith(".tar.gz")) {
            return untar(bytes);
        }
        throw new IOException("not a .zip or .tar");
    }

    static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.isDirectory()) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("a name in the zip file is not UTF-8", e);
        }
        return Collections.unmodifiableMap(entries);
    }

    /** POSIX ustar: a header block of 512 bytes, then the content padded to whole blocks; a zero block ends it. */
    static Map<String, byte[]> untar(byte[] bytes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        int at = 0;
        while (at + BLOCK <= bytes.length && bytes[at] != 0) {
            String name = field(bytes, at, 100);
            String prefix = field(bytes, at + 345, 155);
            int size = size(bytes, at, name);
            char type = (char) bytes[at + 156];
            int from = at + BLOCK;
            if (type == '0') {
                entries.put(
                        prefix.isEmpty() ? name : prefix + "/" + name, Arrays.copyOfRange(bytes, from, from + size));
            } else if (type != '5' && type != 'g') { // a folder; git's global header, which holds the commit
                throw new IOException("tar entry " + name + " has the type '" + type + "', which is not supported");
            }
            at = from + (size + BLOCK - 1) / BLOCK * BLOCK;
        }
        return Collections.unmodifiableMap(entries);
    }

    private static int size(byte[] bytes, int header, String name) throws IOException {
        String octal = field(bytes, header + 124, 12).strip();
        try {
            int size = Integer.parseInt(octal, 8);
            if (size >= 0 && size <= bytes.length - header - BLOCK) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw new IOException("tar entry " + name + " has the malformed size '" + octal + "'", e);
        }
        throw new IOException("tar entry " + name + " is cut off");
    }

    private static String field(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }
}
