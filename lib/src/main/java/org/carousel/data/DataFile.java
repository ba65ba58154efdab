package org.carousel.data;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * One line of the manifest: a file of a set, what it must contain, and where it comes from.
 *
 * @param set name of the set, which is the name of its folder
 * @param name name of the file in that folder
 * @param bytes its exact size, at least 1
 * @param sha256 SHA-256 of its content, 64 lower-case hexadecimal digits
 * @param url pinned http(s) address, or empty for a file derived from others, which nobody serves
 * @param licence short name of the licence
 * @param description what the file is, one line
 */
record DataFile(String set, String name, long bytes, String sha256, String url, String licence, String description) {
    private static final Pattern SIMPLE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern URL = Pattern.compile("https?://[\\x21-\\x7e]+");

    /**
     * Checks every column: the names become part of a path, so nothing but a plain name may pass.
     *
     * @throws IllegalArgumentException if a name holds anything but letters, digits, '.', '_' and '-', the size is not
     *     positive, or the hash or the address is malformed
     */
    DataFile {
        require(SIMPLE_NAME.matcher(set).matches(), "name of the set", set);
        require(SIMPLE_NAME.matcher(name).matches(), "name of the file", name);
        require(bytes > 0, "number of bytes", bytes);
        require(SHA256.matcher(sha256).matches(), "SHA-256", sha256);
        require(url.isEmpty() || URL.matcher(url).matches(), "address", url);
    }

    private static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new IllegalArgumentException("manifest: '" + value + "' is not a valid " + what);
        }
    }

    /** The set and the file as one relative address, {@code set/name}. */
    public String id() {
        return set + "/" + name;
    }

    /** Where this file lies below a folder that holds sets. */
    Path under(Path root) {
        return root.resolve(set).resolve(name);
    }
}
