package org.carousel.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import org.carousel.files.internal.Lines;
import org.carousel.fuzzing.Reader;

/** Damaged texts of the data sets, which users may also have of their own. */
public final class FuzzedTexts {
    private FuzzedTexts() {}

    /** One reader for each. */
    public static List<Reader> readers() {
        return List.of(
                lines(
                        "CoNLL-U",
                        "# text = A cat\n1\tA\ta\tDET\tDT\t_\t2\tdet\t_\t_\n1-2\tAc\t_\t_\t_\t_\t_\t_\t_\t_\n"
                                + "2\tcat\tcat\tNOUN\tNN\tNumber=Sing\t0\troot\t_\t_\n\n",
                        List.of("\t_", "1.1\t", "999999", "\n\n", "#"),
                        lines -> ConllU.parse(lines, Reader.FILE)),
                lines(
                        "tagged words",
                        "A\tDET\tDT\ncat\tNOUN\tNN\n\nNo\tDET\tDT\n",
                        List.of("\t", "\n\n"),
                        lines -> TaggedSentences.columns(lines, Reader.FILE)),
                lines(
                        "protein chains",
                        "# a remark\n<>\nG _\nV e\nend\n<>\nA h\n<end>\n",
                        List.of("<>", "end", " e", "G _\n"),
                        lines -> ProteinChains.parse(lines, Reader.FILE)),
                lines(
                        "splice junctions",
                        "kind,name,bases\nEI, X-1, " + "ACGTN".repeat(12) + "\nN,Y," + "A".repeat(60) + "\n",
                        List.of("EI,", "IE,", ",", "D"),
                        lines -> SpliceJunctions.parse(lines, Reader.FILE)),
                lines(
                        "pronunciations",
                        "cat K AE1 T\ncat(2) K AA1 T # remark\ndog D AO1 G\n",
                        List.of("(2)", "#", " "),
                        lines -> Pronunciations.parse(lines, Reader.FILE)),
                lines(
                        "translations",
                        "I see.\tJe vois.\tCC-BY\nNo!\tNon !\n",
                        List.of("\t", "'", "."),
                        lines -> Translations.parse(lines, Reader.FILE, 10)));
    }

    /** What reads lines. */
    @FunctionalInterface
    private interface OfLines {
        Object read(List<String> lines);
    }

    private static Reader lines(String name, String sample, List<String> words, OfLines reader) {
        return Reader.of(
                name,
                List.of(Reader.bytes(sample)),
                words,
                content -> told(() -> reader.read(Lines.of(text(content)))));
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** What is wrong with data is told in an exception of its own. */
    public static void told(Callable<?> reads) throws Exception {
        try {
            if (reads.call() == null) {
                throw new AssertionError("nothing was read");
            }
        } catch (DatasetException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
