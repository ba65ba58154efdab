package org.carousel.embedding.word2vec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the input matrix stand for a word or a line: word i has row i, the buckets of n-grams follow.
 *
 * <p>N-grams of words in a line have buckets too. With hashes e_i of the words, extended by their sign, the n-gram of
 * words i to j has the bucket
 *
 * <pre>
 * h_j mod buckets      h_i = e_i, h_j = 116049371 h_{j-1} + e_j, unsigned numbers of 64 bits
 * </pre>
 *
 * @param indices of the words, then of the labels
 * @param raw the bytes of the words that are no UTF-8, by their indices
 * @param subwords n-grams of characters, or null for none
 * @param wordNgrams how many words the longest n-gram of words has
 * @param buckets of n-grams of both kinds
 * @param kept in a pruned model the buckets that have a row, and which; null where all have
 */
record FastTextDictionary(
        List<String> words,
        List<String> labels,
        Map<String, Integer> indices,
        Map<Integer, byte[]> raw,
        @Nullable Subwords subwords,
        int wordNgrams,
        int buckets,
        @Nullable Map<Integer, Integer> kept) {

    /** The word that stands for the end of a line; it has no n-grams. */
    private static final String END = "</s>";

    /** What the names of labels begin with: a file does not say it, and fastText reads lines with this one. */
    private static final String LABEL = "__label__";

    private static final Pattern BLANKS = Pattern.compile("[ \n\r\t\u000b\f\0]+");

    /** The rows of a word, none for a label and for an unknown word without n-grams. */
    int[] word(String word) {
        IntStream.Builder rows = IntStream.builder();
        Integer index = indices.get(word);
        if (index == null || index < words.size()) {
            addWord(word, index, rows);
        }
        return rows.build().toArray();
    }

    /** The rows of a line: of its words without labels, of its end, and of the n-grams of both. */
    int[] line(String line) {
        IntStream.Builder rows = IntStream.builder();
        IntStream.Builder hashes = IntStream.builder();
        for (String token : BLANKS.splitAsStream(line + " " + END).toList()) {
            Integer index = indices.get(token);
            boolean isLabel = index == null ? token.startsWith(LABEL) : index >= words.size();
            if (!isLabel && !token.isEmpty()) { // an empty one stands before blanks at the beginning
                addWord(token, index, rows);
                hashes.add(Subwords.hash(bytes(token, index)));
            }
            if (token.equals(END)) {
                break;
            }
        }
        addWordNgrams(hashes.build().toArray(), rows);
        return rows.build().toArray();
    }

    private byte[] bytes(String word, @Nullable Integer index) {
        byte[] other = index == null ? null : raw.get(index);
        return other == null ? word.getBytes(StandardCharsets.UTF_8) : other;
    }

    private void addWord(String word, @Nullable Integer index, IntStream.Builder rows) {
        if (index != null) {
            rows.add(index);
        }
        if (subwords != null && !word.equals(END)) {
            Arrays.stream(subwords.of(bytes(word, index))).forEach(bucket -> addBucket(bucket, rows));
        }
    }

    private void addWordNgrams(int[] hashes, IntStream.Builder rows) {
        for (int i = 0; i < hashes.length && buckets > 0; i++) {
            long h = hashes[i];
            for (int j = i + 1; j < hashes.length && j - i < wordNgrams; j++) {
                h = 116049371L * h + hashes[j];
                addBucket((int) Long.remainderUnsigned(h, buckets), rows);
            }
        }
    }

    private void addBucket(int bucket, IntStream.Builder rows) {
        Integer place = kept == null ? Integer.valueOf(bucket) : kept.get(bucket);
        if (place != null) {
            rows.add(words.size() + place);
        }
    }
}
