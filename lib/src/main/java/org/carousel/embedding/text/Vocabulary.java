package org.carousel.embedding.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.carousel.files.internal.AsideFile;
import org.carousel.files.internal.ByteReader;
import org.carousel.files.internal.Failures;

/**
 * The words of a corpus with their counts, numbered from 0 by falling count, equal counts by first appearance; immutable.
 *
 * <p>{@link #keepProbability} is the subsampling of frequent words: a word that makes up the share f of the text is kept
 * with probability
 *
 * <pre>
 * P(keep) = min(1, √(t/f) + t/f)
 * </pre>
 *
 * for a threshold t such as 0.001. Mikolov et al. (2013, arXiv 1310.4546, section 2.3) print 1 - √(t/f) for dropping;
 * this is what their program computes, and gensim too.
 *
 * <p>Saved as UTF-8 text, a line {@code word count} for every word, in the order of the indices, and a last line that
 * begins with a blank: the number of words and the CRC-32 of the lines before, so that a file that was cut is known by it.
 */
public final class Vocabulary {
    private static final int LONGEST_LINE = 1 << 24;

    private final List<String> words;
    private final long[] counts;
    private final long total;
    private final Map<String, Integer> indices;

    private Vocabulary(List<String> words, long[] counts) {
        this.words = List.copyOf(words);
        this.counts = counts;
        try {
            this.total = Arrays.stream(counts).reduce(0, Math::addExact);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("vocabulary: the counts add up to more than " + Long.MAX_VALUE, e);
        }
        this.indices = new HashMap<>(words.size() * 2);
        for (int i = 0; i < counts.length; i++) {
            indices.put(this.words.get(i), i);
        }
    }

    /** A number that counts. */
    private static final class Count {
        private long value;
    }

    /**
     * The words that occur at least {@code minimumCount} times.
     *
     * @throws IllegalArgumentException if no word does
     */
    public static Vocabulary of(Corpus corpus, int minimumCount) {
        Map<String, Count> found = new LinkedHashMap<>();
        try (Stream<List<String>> lines = corpus.lines()) {
            lines.forEachOrdered(line -> {
                for (String word : line) {
                    found.computeIfAbsent(word, w -> new Count()).value++;
                }
            });
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        found.forEach((word, count) -> {
            if (count.value >= minimumCount) {
                counts.put(word, count.value);
            }
        });
        if (counts.isEmpty()) {
            throw new IllegalArgumentException(
                    found.isEmpty()
                            ? "vocabulary: the corpus is empty"
                            : "vocabulary: none of the " + found.size() + " different words occurs " + minimumCount
                                    + " times; lower the minimum count");
        }
        return of(counts);
    }

    /**
     * Words with their counts; words of equal count in the order of the map.
     *
     * @throws IllegalArgumentException if there is none, a count is below 1, or a word is empty or contains a white space
     */
    public static Vocabulary of(Map<String, Long> counts) {
        if (counts.isEmpty()) {
            throw new IllegalArgumentException("vocabulary: there are no words");
        }
        counts.forEach(Vocabulary::require);
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed()); // stable: equal counts stay in order
        return new Vocabulary(
                sorted.stream().map(Map.Entry::getKey).toList(),
                sorted.stream().mapToLong(Map.Entry::getValue).toArray());
    }

    private static void require(String word, long count) {
        if (word.isEmpty() || word.chars().anyMatch(Vocabulary::separates)) {
            throw new IllegalArgumentException("vocabulary: the word \"" + word.replace("\n", "\\n")
                    + "\" is empty or contains a white space; join its parts, for example with _");
        }
        if (count < 1) {
            throw new IllegalArgumentException("vocabulary: count " + count + " of " + word + " must be at least 1");
        }
    }

    /** Whether a character ends a word: blank, tabulator, line ends and the other control characters of ASCII. */
    static boolean separates(int character) {
        return character <= ' ' || character == 0x7f;
    }

    /** The number of words. */
    public int size() {
        return counts.length;
    }

    /** All words in the order of their indices. */
    public List<String> words() {
        return words;
    }

    /** The word of an index. */
    public String word(int index) {
        return words.get(index);
    }

    /** The index of a word, or -1. */
    public int index(String word) {
        return indices.getOrDefault(word, -1);
    }

    /** How often the word of an index occurs. */
    public long count(int index) {
        return counts[index];
    }

    /** The sum of all counts. */
    public long total() {
        return total;
    }

    /**
     * With which probability an occurrence of a word is kept.
     *
     * @param threshold t; 0 keeps everything
     */
    public double keepProbability(int index, double threshold) {
        if (!(threshold >= 0)) {
            throw new IllegalArgumentException("keepProbability: threshold " + threshold + " must not be negative");
        }
        if (threshold == 0) {
            return 1;
        }
        double ratio = threshold * total / counts[index];
        return Math.min(1, Math.sqrt(ratio) + ratio); // a square root is exact to the last bit everywhere
    }

    /** The words of both with the sum of their counts; words of equal count in the order of this one, then of more. */
    public Vocabulary and(Vocabulary more) {
        Map<String, Long> sum = new LinkedHashMap<>();
        for (Vocabulary each : List.of(this, more)) {
            for (int i = 0; i < each.counts.length; i++) {
                sum.merge(each.words.get(i), each.counts[i], Math::addExact);
            }
        }
        return of(sum);
    }

    /** Writes the file; it is complete or as it was before. */
    public void save(Path file) {
        AsideFile.write(file, out -> {
            CRC32 crc = new CRC32();
            for (int i = 0; i < counts.length; i++) {
                byte[] line = (words.get(i) + " " + counts[i] + "\n").getBytes(StandardCharsets.UTF_8);
                crc.update(line);
                out.write(line);
            }
            out.write((lastLine(counts.length, crc) + "\n").getBytes(StandardCharsets.UTF_8));
        });
    }

    private static String lastLine(int words, CRC32 crc) {
        return String.format(Locale.ROOT, " %d words, CRC-32 %08x", words, crc.getValue());
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if a line is something else; the message names file and line
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Vocabulary load(Path file) {
        try (ByteReader in = ByteReader.of(file)) {
            return load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("load: " + file + ": " + Failures.describe(e), e);
        }
    }

    static Vocabulary load(ByteReader in) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        CRC32 crc = new CRC32();
        String last = "";
        for (String line = in.textLine(LONGEST_LINE); line != null; line = in.textLine(LONGEST_LINE)) {
            try {
                if (!last.isEmpty()) {
                    throw new IllegalArgumentException("a line after the last one");
                } else if (line.startsWith(" ")) {
                    last = line;
                } else {
                    addLine(line, counts);
                    crc.update((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            } catch (IllegalArgumentException e) {
                throw in.damaged("line " + in.lineNumber() + ": " + e.getMessage());
            }
        }
        if (counts.isEmpty()) {
            throw in.damaged("there are no words in it");
        }
        String expected = lastLine(counts.size(), crc);
        if (!last.equals(expected)) {
            throw in.damaged("the last line should be \"" + expected + "\" and "
                    + (last.isEmpty() ? "is missing" : "is \"" + last + "\"") + "; the file was cut or changed");
        }
        try {
            return of(counts);
        } catch (IllegalArgumentException e) {
            throw in.damaged(e.getMessage());
        }
    }

    private static void addLine(String line, Map<String, Long> counts) {
        int blank = line.lastIndexOf(' ');
        String word = line.substring(0, Math.max(blank, 0));
        long count;
        try {
            count = Long.parseLong(line.substring(blank + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + line + "\" is not a word, a blank and a count", e);
        }
        require(word, count);
        if (counts.put(word, count) != null) {
            throw new IllegalArgumentException("the word " + word + " appears a second time");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary that && words.equals(that.words) && Arrays.equals(counts, that.counts);
    }

    @Override
    public int hashCode() {
        return 31 * words.hashCode() + Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "Vocabulary of " + size() + " words, " + total + " in all";
    }
}
