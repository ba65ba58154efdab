package org.carousel.files.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lines of text, whole: as {@link ByteReader} reads them, so that every format of text has the same line ends. */
public final class Lines {
    private static final int LONGEST = 1 << 24;
    private static final char BYTE_ORDER_MARK = 0xfeff;

    private Lines() {}

    /**
     * The lines of a file in UTF-8.
     *
     * @throws IllegalArgumentException when it is not UTF-8; the message names the file, the line and the byte
     * @throws UncheckedIOException when it cannot be read
     */
    public static List<String> read(Path file) {
        try (ByteReader in = ByteReader.of(file)) {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    /**
     * The whole text of a file in UTF-8.
     *
     * @throws IllegalArgumentException when it is not UTF-8; the message names the file and the byte
     * @throws UncheckedIOException when it cannot be read
     */
    public static String text(Path file) {
        try (ByteReader in = ByteReader.of(file)) {
            return in.text(in.exactly(Math.toIntExact(in.length()), "the text"), "the text");
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    /** The lines that are left. */
    public static List<String> read(ByteReader in) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = in.textLine(LONGEST); line != null; line = in.textLine(LONGEST)) {
            lines.add(line);
        }
        return lines;
    }

    /** The lines of a text. */
    public static List<String> of(String text) {
        List<String> lines = new ArrayList<>();
        int from = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        while (from < text.length()) {
            int feed = text.indexOf('\n', from);
            int end = feed < 0 ? text.length() : feed;
            lines.add(text.substring(from, end > from && text.charAt(end - 1) == '\r' ? end - 1 : end));
            from = end + 1;
        }
        return lines;
    }
}
