package org.carousel.embedding.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Damaged corpora, as text and packed. */
public final class FuzzedCorpus {
    private static final String TEXT = "\ufeffthe cat sat\r\non the größte mat\n\nend";

    private FuzzedCorpus() {}

    /** One reader for each. */
    public static List<Reader> readers() {
        return List.of(
                Reader.of(
                        "corpus",
                        List.of(Reader.bytes(TEXT)),
                        List.of("\u00a0"),
                        content -> Sealed.in(content, FuzzedCorpus::read)),
                Reader.of(
                        "packed corpus",
                        List.of(packed()),
                        List.of("\u001f\u008b"),
                        content -> Sealed.in(content, Reader.FILE + ".gz", FuzzedCorpus::read)));
    }

    private static void read(Path file) {
        try (Stream<List<String>> lines = Corpus.of(file).lines()) {
            long words = lines.mapToLong(List::size).sum();
            if (words < 0) {
                throw new AssertionError(words);
            }
        } catch (UncheckedIOException e) { // of what was packed
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(Reader.bytes(TEXT));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
