package org.carousel.fuzzing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Something that reads files or messages of strangers, and what it is tried with.
 *
 * @param name of the format
 * @param samples sound contents, from which damaged ones are made
 * @param words pieces of text or bytes that belong to the format, put anywhere
 * @param seal what makes a damaged content pass the outermost check, such as a checksum, so that what lies behind is tried
 * @param reads reads; whatever it throws but IllegalArgumentException is a fault
 */
public record Reader(
        String name, List<byte[]> samples, List<byte[]> words, UnaryOperator<byte[]> seal, ThrowingReader reads) {
    /** What all formats of this library call the file that they read here. */
    public static final String FILE = "fuzzed.file";

    /** Reads a content. */
    @FunctionalInterface
    public interface ThrowingReader {
        void read(byte[] content) throws Exception;
    }

    /** A reader of a format without checksums. */
    public static Reader of(String name, List<byte[]> samples, List<String> words, ThrowingReader reads) {
        return new Reader(name, samples, words.stream().map(Reader::bytes).toList(), content -> content, reads);
    }

    /** Text as UTF-8. */
    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
