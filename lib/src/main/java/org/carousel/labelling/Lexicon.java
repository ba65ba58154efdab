package org.carousel.labelling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.carousel.tensor.RandomStream;

/**
 * The words and characters that a tagger has seen, with their numbers; 0 is every other one.
 *
 * <p>Words count in lower case: what a capital says is the spelling's to tell.
 */
public final class Lexicon {
    /** The number of a word or character that was not seen. */
    public static final int UNKNOWN = 0;

    private final Map<String, Integer> words = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<Integer, Integer> characters = new LinkedHashMap<>();

    private Lexicon() {}

    /**
     * Sentences as numbers, the shorter ones padded with 0.
     *
     * @param words [B][T]
     * @param lengths words of each
     * @param spellings the characters of each different word of the batch, [n][L]
     * @param spellingLengths characters of each
     * @param spelledAs for every place [B·T] its row of {@code spellings}; behind an end any
     */
    public record Batch(int[][] words, int[] lengths, int[][] spellings, int[] spellingLengths, int[] spelledAs) {
        /** T. */
        public int steps() {
            return words.length == 0 ? 0 : words[0].length;
        }
    }

    /**
     * The words that some sentences hold at least so often, and all their characters.
     *
     * @throws IllegalArgumentException when least is below 1
     */
    public static Lexicon of(List<List<String>> sentences, int least) {
        if (least < 1) {
            throw new IllegalArgumentException(
                    "lexicon: words that stand there " + least + " times; 1 or more is needed");
        }
        Lexicon all = new Lexicon();
        for (List<String> sentence : sentences) {
            for (String word : sentence) {
                all.counts.merge(lower(word), 1, Integer::sum);
                word.codePoints().forEach(c -> all.characters.putIfAbsent(c, all.characters.size() + 1));
            }
        }
        all.counts.forEach((word, count) -> {
            if (count >= least) {
                all.words.put(word, all.words.size() + 1);
            }
        });
        return all;
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    /** How many numbers words have, with that of the unknown. */
    public int words() {
        return words.size() + 1;
    }

    /** How many numbers characters have, with that of the unknown. */
    public int characters() {
        return characters.size() + 1;
    }

    /** Whether a word has a number of its own. */
    public boolean knows(String word) {
        return words.containsKey(lower(word));
    }

    /**
     * Sentences as numbers.
     *
     * @throws IllegalArgumentException when a word is empty
     */
    public Batch batch(List<List<String>> sentences) {
        return batch(sentences, 0, RandomStream.of(0));
    }

    /**
     * Sentences as numbers, for training: a word seen n times is taken for unknown with probability α / (α + n), so that the
     * vector of the unknown learns (Kiperwasser, Goldberg 2016, arXiv:1603.04351); its spelling stays.
     *
     * @param hidden α, 0 or more; 0.25 is theirs
     */
    public Batch batch(List<List<String>> sentences, double hidden, RandomStream random) {
        int steps = sentences.stream().mapToInt(List::size).max().orElse(0);
        int[][] numbers = new int[sentences.size()][steps];
        int[] lengths = sentences.stream().mapToInt(List::size).toArray();
        int[] spelledAs = new int[sentences.size() * steps];
        Map<String, Integer> rows = new LinkedHashMap<>();
        List<int[]> spellings = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            for (int t = 0; t < lengths[b]; t++) {
                String word = sentences.get(b).get(t);
                if (word.isEmpty()) {
                    throw new IllegalArgumentException("lexicon: word " + t + " of sentence " + b + " is empty");
                }
                int n = counts.getOrDefault(lower(word), 0);
                boolean hide = hidden > 0 && random.nextDouble() < hidden / (hidden + n);
                numbers[b][t] = hide ? UNKNOWN : words.getOrDefault(lower(word), UNKNOWN);
                spelledAs[b * steps + t] = rows.computeIfAbsent(word, w -> {
                    spellings.add(spelling(w));
                    return spellings.size() - 1;
                });
            }
        }
        if (spellings.isEmpty()) {
            spellings.add(new int[1]); // a batch without words still has a row to look at
        }
        int longest = spellings.stream().mapToInt(s -> s.length).max().orElse(1);
        return new Batch(
                numbers,
                lengths,
                spellings.stream().map(s -> Arrays.copyOf(s, longest)).toArray(int[][]::new),
                spellings.stream().mapToInt(s -> s.length).toArray(),
                spelledAs);
    }

    private int[] spelling(String word) {
        return word.codePoints().map(c -> characters.getOrDefault(c, UNKNOWN)).toArray();
    }
}
