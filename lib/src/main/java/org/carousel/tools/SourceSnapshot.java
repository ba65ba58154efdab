package org.carousel.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.data.Corpora;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.Failures;

/**
 * Makes the text behind {@link Corpora#javaSources()}: all Java files below some folders, in the order of their paths,
 * as one ASCII text.
 *
 * <pre>
 * java -cp lib/target/classes org.carousel.tools.SourceSnapshot data/java-sources.txt lib/src/main/java
 * </pre>
 *
 * <p>Nothing is left out. Line ends become {@code \n}, and what is not printable ASCII is replaced, so that the
 * vocabulary has at most 97 characters:
 *
 * <ul>
 *   <li>operators: {@code × ·} become {@code *}, {@code −} and all dashes {@code -}, {@code → ← ⇒} become
 *       {@code -> <- =>}, {@code ≤ ≥ ≠ ≈} become {@code <= >= != ~}, {@code ∂} becomes {@code d}, {@code ⊙} becomes
 *       {@code *};
 *   <li>punctuation: curly quotation marks become straight ones, {@code …} becomes {@code ...};
 *   <li>a Greek letter becomes its English name, {@code σ} {@code sigma};
 *   <li>accented letters, superscripts and the like become their plain form, {@code é} {@code e};
 *   <li>anything else becomes {@code ?}.
 * </ul>
 */
public final class SourceSnapshot {
    private static final Map<String, String> REPLACEMENTS = Map.ofEntries(
            Map.entry("×", "*"),
            Map.entry("·", "*"),
            Map.entry("⊙", "*"),
            Map.entry("−", "-"),
            Map.entry("→", "->"),
            Map.entry("←", "<-"),
            Map.entry("⇒", "=>"),
            Map.entry("≤", "<="),
            Map.entry("≥", ">="),
            Map.entry("≠", "!="),
            Map.entry("≈", "~"),
            Map.entry("∂", "d"),
            Map.entry("‘", "'"),
            Map.entry("’", "'"),
            Map.entry("“", "\""),
            Map.entry("”", "\""),
            Map.entry("„", "\""),
            Map.entry("…", "..."));

    private SourceSnapshot() {}

    /**
     * Writes the snapshot.
     *
     * @param arguments the file to write, then at least one folder of sources
     * @throws IllegalArgumentException if there are fewer than two arguments, or a folder holds no Java file
     * @throws IOException if a source cannot be read or the file not written; the file is then as before
     */
    public static void main(String... arguments) throws IOException {
        if (arguments.length < 2) {
            throw new IllegalArgumentException("usage: SourceSnapshot <file to write> <folder of sources>...");
        }
        StringBuilder text = new StringBuilder();
        for (String root : List.of(arguments).subList(1, arguments.length)) {
            text.append(of(Path.of(root)));
        }
        byte[] ascii = text.toString().getBytes(StandardCharsets.US_ASCII);
        AsideFile.write(Path.of(arguments[0]), out -> out.write(ascii));
    }

    /**
     * The Java files below a folder as one text, without writing it.
     *
     * @throws IllegalArgumentException if there is none
     * @throws UncheckedIOException if one cannot be read
     */
    static String of(Path root) {
        StringBuilder text = new StringBuilder();
        for (Path file : javaFiles(root)) {
            try {
                text.append(toAscii(Files.readString(file)));
            } catch (IOException e) {
                throw new UncheckedIOException("source snapshot: " + file + ": " + Failures.describe(e), e);
            }
        }
        return text.toString();
    }

    private static List<Path> javaFiles(Path root) {
        try (Stream<Path> all = Files.walk(root)) {
            List<Path> found = all.filter(path -> path.toString().endsWith(".java"))
                    // the same order on every system: names compared with '/' between them
                    .sorted(Comparator.comparing(
                            path -> root.relativize(path).toString().replace('\\', '/')))
                    .toList();
            if (found.isEmpty()) {
                throw new IllegalArgumentException("source snapshot: no .java file below " + root);
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The text with {@code \n} as line end and only printable ASCII, as described above. */
    public static String toAscii(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.lines().forEach(line -> {
            line.codePoints().forEach(codePoint -> ascii.append(toAscii(codePoint)));
            ascii.append('\n');
        });
        return ascii.toString();
    }

    private static String toAscii(int codePoint) {
        String symbol = Character.toString(codePoint);
        if (isPlain(codePoint)) {
            return symbol;
        }
        if (REPLACEMENTS.containsKey(symbol)) {
            return REPLACEMENTS.getOrDefault(symbol, "");
        }
        StringBuilder ascii = new StringBuilder();
        Normalizer.normalize(symbol, Normalizer.Form.NFKD).codePoints().forEach(part -> ascii.append(simple(part)));
        return ascii.toString();
    }

    /** One code point of a decomposed character. */
    private static String simple(int codePoint) {
        if (isPlain(codePoint)) {
            return Character.toString(codePoint);
        }
        if (Character.getType(codePoint) == Character.DASH_PUNCTUATION) {
            return "-";
        }
        if (Character.getType(codePoint) == Character.NON_SPACING_MARK) {
            return ""; // the accent of é
        }
        return isGreekLetter(codePoint) ? greekName(codePoint) : "?";
    }

    private static boolean isPlain(int codePoint) {
        return codePoint == '\t' || (codePoint >= ' ' && codePoint <= '~');
    }

    private static boolean isGreekLetter(int codePoint) {
        return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.GREEK && Character.isLetter(codePoint);
    }

    /** The last word of a name such as GREEK SMALL LETTER SIGMA. */
    private static String greekName(int codePoint) {
        String name = Character.getName(codePoint);
        String letter = name.substring(name.lastIndexOf(' ') + 1);
        return Character.isUpperCase(codePoint)
                ? letter.charAt(0) + letter.substring(1).toLowerCase(Locale.ROOT)
                : letter.toLowerCase(Locale.ROOT);
    }
}
