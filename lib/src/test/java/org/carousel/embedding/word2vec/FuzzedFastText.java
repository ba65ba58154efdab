package org.carousel.embedding.word2vec;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.stream.Stream;
import org.carousel.files.internal.ByteReader;
import org.carousel.fuzzing.Reader;

/** Models of fastText, read and asked. */
public final class FuzzedFastText {
    private FuzzedFastText() {}

    /** The one reader. */
    public static Reader reader() {
        List<byte[]> samples = Stream.of(
                        "skipgram.bin",
                        "cbow.bin",
                        "plain.bin",
                        "softmax.bin",
                        "hs.bin",
                        "ova.bin",
                        "pruned.ftz",
                        "qout.ftz")
                .map(FastTextTest::golden)
                .toList();
        return Reader.of("fastText", samples, List.of("__label__", "</s>", "\u00e9\0"), FuzzedFastText::read);
    }

    private static void read(byte[] content) throws Exception {
        FastTextModel model =
                FastTextFile.read(ByteReader.of(Reader.FILE, new ByteArrayInputStream(content), content.length));
        for (String word : List.of("mill", "</s>", "Straßen", "caf\\xe9", "")) {
            model.vector(word);
        }
        if (!model.labels().isEmpty() && model.toString().contains("classifier")) {
            model.classify("the old mill", 3);
        }
    }
}
