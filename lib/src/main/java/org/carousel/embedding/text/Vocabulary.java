package org.carousel.embedding.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.carousel.files.AsideFile;

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
 * <p>Saved as UTF-8 text, a line {@code word count} for every word, in the order of the indices.
 */
public final class Vocabulary {
    private final List<String> words;
    private final long[] counts;
    private final long total;
    private final Map<String, Integer> indices;

    private Vocabulary(List<String> words, long[] counts) {
        this.words = List.copyOf(words);
        this.counts = counts;
        this.total = Arrays.stream(counts).reduce(0, Math::addExact);
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
            for (int i = 0; i < counts.length; i++) {
                out.write((words.get(i) + " " + counts[i] + "\n").getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException if a line is something else; the message names file and line
     * @throws UncheckedIOException if the file cannot be read
     */
    public static Vocabulary load(Path file) {
        Map<String, Long> counts = new LinkedHashMap<>();
        int number = 1;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine(), number++) {
                addLine(line, counts);
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ", line " + number + " or a little later: not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", line " + number + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e, e);
        }
        if (counts.isEmpty()) {
            throw new IllegalArgumentException(file + ": there are no words in it");
        }
        return of(counts);
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
