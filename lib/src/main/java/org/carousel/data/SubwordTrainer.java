package org.carousel.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.carousel.data.SubwordVocabulary.Method;
import org.jspecify.annotations.Nullable;

/**
 * Joins pairs of pieces. Every different word is held once, with its count; for each pair it is known which words have
 * it, so that a merge costs only these.
 */
final class SubwordTrainer {
    /** A pair of pieces that stand together somewhere. */
    private static final class Pair {
        private final int left;
        private final int right;
        private long count;
        private final NavigableSet<Integer> words = new TreeSet<>(); // the first one decides between equals

        Pair(int left, int right) {
            this.left = left;
            this.right = right;
        }
    }

    private final Method method;
    private final List<String> letters;
    private final List<String> names = new ArrayList<>(SubwordVocabulary.SPECIALS);
    private final Map<String, Integer> indices = new HashMap<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> wordCounts = new ArrayList<>();
    private final Map<Integer, Long> pieceCounts = new HashMap<>();
    private final Map<Long, Pair> pairs = new HashMap<>();

    SubwordTrainer(Method method, String text) {
        this.method = method;
        Map<String, Long> counted = new LinkedHashMap<>();
        SubwordVocabulary.words(text).forEach(word -> counted.merge(word, 1L, Long::sum));
        if (counted.isEmpty()) {
            throw new IllegalArgumentException("subword vocabulary: the text has no words");
        }
        counted.keySet().forEach(SubwordTrainer::requireWholeCharacters);
        letters = counted.keySet().stream()
                .flatMap(word -> letters(word).stream())
                .sorted()
                .distinct()
                .toList();
        letters.forEach(this::index);
        counted.forEach((word, count) -> {
            words.add(letters(word).stream().mapToInt(this::index).toArray());
            wordCounts.add(count);
            count(words.size() - 1, 1);
        });
    }

    private static void requireWholeCharacters(String word) {
        if (word.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new IllegalArgumentException("subword vocabulary: a word holds half a surrogate pair");
        }
    }

    /** The smallest pieces of a word. */
    private List<String> letters(String word) {
        List<String> all = new ArrayList<>();
        boolean marked = method == Method.WORD_PIECE;
        word.codePoints()
                .forEach(c ->
                        all.add((marked && !all.isEmpty() ? SubwordVocabulary.CONTINUES : "") + Character.toString(c)));
        if (!marked) {
            all.add(SubwordVocabulary.END);
        }
        return all;
    }

    private int index(String name) {
        return indices.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    /** Adds (sign 1) or takes away (−1) the pieces and pairs of a word. */
    private void count(int word, int sign) {
        int[] pieces = words.get(word);
        long n = sign * wordCounts.get(word);
        for (int i = 0; i < pieces.length; i++) {
            pieceCounts.merge(pieces[i], n, Long::sum);
            if (i > 0) {
                int left = pieces[i - 1];
                int right = pieces[i];
                Pair pair = pairs.computeIfAbsent(SubwordVocabulary.pair(left, right), key -> new Pair(left, right));
                pair.count += n;
                if (sign > 0) {
                    pair.words.add(word);
                } else {
                    pair.words.remove(word);
                }
            }
        }
    }

    /** Joins pairs until there are so many tokens, or no pair is left. */
    SubwordVocabulary train(int size) {
        int least = names.size();
        if (size < least) {
            throw new IllegalArgumentException("subword vocabulary: size " + size + " is too small: "
                    + SubwordVocabulary.SPECIALS.size() + " special tokens and " + letters.size() + " characters need "
                    + least);
        }
        List<int[]> merges = new ArrayList<>();
        for (Pair pair = best(); names.size() < size && pair != null; pair = best()) {
            merges.add(new int[] {pair.left, pair.right});
            join(pair);
        }
        return new SubwordVocabulary(method, letters, merges);
    }

    private void join(Pair pair) {
        int joined = index(SubwordVocabulary.joined(method, names.get(pair.left), names.get(pair.right)));
        for (int word : List.copyOf(pair.words)) {
            count(word, -1);
            words.set(word, SubwordVocabulary.replace(words.get(word), pair.left, pair.right, joined));
            count(word, 1);
        }
        pairs.values().removeIf(p -> p.words.isEmpty());
    }

    private @Nullable Pair best() {
        Pair best = null;
        for (Pair pair : pairs.values()) {
            if (!ambiguous(pair) && (best == null || isBetter(pair, best))) {
                best = pair;
            }
        }
        return best;
    }

    private boolean ambiguous(Pair pair) {
        String left = names.get(pair.left);
        return SubwordVocabulary.ambiguous(method, left, SubwordVocabulary.joined(method, left, names.get(pair.right)));
    }

    private boolean isBetter(Pair a, Pair b) {
        int order = Double.compare(score(a), score(b));
        if (order == 0) {
            order = Integer.compare(b.words.first(), a.words.first());
        }
        return order == 0 ? place(a) < place(b) : order > 0;
    }

    private double score(Pair pair) {
        if (method == Method.BYTE_PAIR_ENCODING) {
            return pair.count;
        }
        return (double) pair.count
                / ((double) pieceCounts.getOrDefault(pair.left, 0L) * pieceCounts.getOrDefault(pair.right, 0L));
    }

    /** Where the pair stands in the first word that has it. */
    private int place(Pair pair) {
        int[] pieces = words.get(pair.words.first());
        int at = 1;
        while (pieces[at - 1] != pair.left || pieces[at] != pair.right) {
            at++;
        }
        return at;
    }
}
