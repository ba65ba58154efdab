package org.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers for the tokens of sequences that one network reads or another writes: words, characters, sounds.
 *
 * <p>The first three numbers are kept: {@link #BEGIN} stands before a sequence, {@link #END} behind it, {@link #UNKNOWN}
 * for every token that is not in the vocabulary. The others follow by how often a token was seen, then by its code units.
 */
public final class TokenVocabulary {
    /** The token before the first one. */
    public static final int BEGIN = 0;
    /** The token behind the last one. */
    public static final int END = 1;
    /** A token that is not in the vocabulary. */
    public static final int UNKNOWN = 2;

    private static final String[] KEPT = {"<s>", "</s>", "<unk>"};

    private final String[] tokens;
    private final Map<String, Integer> numbers;

    private TokenVocabulary(String[] tokens) {
        this.tokens = tokens;
        this.numbers = new HashMap<>();
        for (int n = KEPT.length; n < tokens.length; n++) {
            numbers.put(tokens[n], n);
        }
    }

    /** The tokens of some sequences. */
    public static TokenVocabulary of(Iterable<String[]> sequences) {
        return of(sequences, 1);
    }

    /**
     * The tokens that are seen at least {@code minimumCount} times.
     *
     * @throws IllegalArgumentException when none is left, or a token is one of the three that are kept
     */
    public static TokenVocabulary of(Iterable<String[]> sequences, int minimumCount) {
        Map<String, Integer> counts = new HashMap<>();
        for (String[] sequence : sequences) {
            for (String token : sequence) {
                counts.merge(token, 1, Integer::sum);
            }
        }
        for (String kept : KEPT) {
            if (counts.containsKey(kept)) {
                throw new IllegalArgumentException("token vocabulary: the text holds " + kept + ", which stands for "
                        + "something else here; replace it first");
            }
        }
        List<String> found = new ArrayList<>(counts.keySet());
        found.removeIf(token -> counts.getOrDefault(token, 0) < minimumCount);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("token vocabulary: none of " + counts.size()
                    + " different tokens is seen at least " + minimumCount + " times");
        }
        found.sort(Comparator.<String>comparingInt(token -> -counts.getOrDefault(token, 0))
                .thenComparing(Comparator.naturalOrder()));
        found.addAll(0, List.of(KEPT));
        return new TokenVocabulary(found.toArray(new String[0]));
    }

    /** A text as its words, split at white space. */
    public static String[] words(String text) {
        String trimmed = text.strip();
        return trimmed.isEmpty() ? new String[0] : trimmed.split("\\s+");
    }

    /** A text as its characters, one string per code point. */
    public static String[] characters(String text) {
        return text.codePoints().mapToObj(Character::toString).toArray(String[]::new);
    }

    /** V, with the three kept ones. */
    public int size() {
        return tokens.length;
    }

    /** The token of a number. */
    public String token(int number) {
        return tokens[number];
    }

    /** Whether a token has a number of its own. */
    public boolean contains(String token) {
        return numbers.containsKey(token);
    }

    /** The number of every token; {@link #UNKNOWN} for those that have none. */
    public int[] encode(String... sequence) {
        return Arrays.stream(sequence)
                .mapToInt(token -> numbers.getOrDefault(token, UNKNOWN))
                .toArray();
    }

    /** The numbers of several sequences. */
    public int[][] encode(List<String[]> sequences) {
        return sequences.stream().map(this::encode).toArray(int[][]::new);
    }

    /** The tokens of some numbers. */
    public String[] decode(int... sequence) {
        return Arrays.stream(sequence).mapToObj(n -> tokens[n]).toArray(String[]::new);
    }

    @Override
    public String toString() {
        return "TokenVocabulary of " + size() + " tokens";
    }
}
