package org.carousel.embedding.text;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import org.carousel.files.internal.ByteReader;
import org.carousel.fuzzing.Reader;
import org.carousel.fuzzing.Sealed;

/** Files of words and their counts. */
public final class FuzzedVocabulary {
    private FuzzedVocabulary() {}

    /** The one reader. */
    public static Reader reader() {
        Vocabulary vocabulary = Vocabulary.of(Map.of("a", 120L, "größe", 12L, "c", 1L));
        return new Reader(
                "vocabulary",
                List.of(Sealed.written(vocabulary::save)),
                List.of(Reader.bytes(" 3 words, CRC-32 00000000"), Reader.bytes("\nb 7")),
                FuzzedVocabulary::sealed,
                content ->
                        Vocabulary.load(ByteReader.of(Reader.FILE, new ByteArrayInputStream(content), content.length)));
    }

    /** With a last line of the right checksum. */
    private static byte[] sealed(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        int last = text.lastIndexOf("\n ") + 1;
        String lines = last == 0 ? text + "\n" : text.substring(0, last);
        CRC32 crc = new CRC32();
        crc.update(Reader.bytes(lines));
        return Reader.bytes(lines
                + String.format(
                        Locale.ROOT,
                        " %d words, CRC-32 %08x%n",
                        lines.chars().filter(c -> c == '\n').count(),
                        crc.getValue()));
    }
}
