package org.carousel.embedding.word2vec;

import static org.carousel.Refusals.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Negative sampling, Huffman's tree and the hashing of n-grams. */
class OutputsTest {
    private static Vocabulary vocabulary(long... counts) {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i++) {
            map.put("w" + i, counts[i]);
        }
        return Vocabulary.of(map);
    }

    @Test
    void negativesFollowTheCountsToTheThreeQuarters() {
        Vocabulary words = vocabulary(1000, 300, 20, 20, 1);
        NegativeSampling sampling = new NegativeSampling(words, 5);
        RandomStream random = RandomStream.of(3);
        int draws = 200_000;
        double[] found = new double[5];
        for (int i = 0; i < draws; i++) {
            found[sampling.draw(random.nextLong())]++;
        }
        double sum = 0;
        for (int i = 0; i < 5; i++) {
            sum += Math.pow(words.count(i), 0.75);
        }
        for (int i = 0; i < 5; i++) {
            double expected = Math.pow(words.count(i), 0.75) / sum;
            double deviation = Math.sqrt(expected * (1 - expected) / draws);
            assertEquals(expected, found[i] / draws, 4 * deviation);
        }
    }

    @Test
    void theWordItselfIsNoNegative() {
        NegativeSampling sampling = new NegativeSampling(vocabulary(1000, 1), 4);
        int[] rows = new int[10];
        float[] answers = new float[10];
        Arrays.fill(answers, 9);
        assertEquals(7, sampling.choose(0, RandomStream.of(1), rows, answers, 2));
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 1, 1, 0, 0, 0}, rows);
        assertArrayEquals(new float[] {9, 9, 1, 0, 0, 0, 0, 9, 9, 9}, answers);
    }

    @Test
    void oneWordIsTooFew() {
        assertMessage("at least two different words", () -> new NegativeSampling(vocabulary(5), 1));
        assertMessage("at least two different words", () -> new HierarchicalSoftmax(vocabulary(5)));
    }

    /** No code begins another one, and the shares of all codes, 2^-length each, are 1. */
    @Test
    void codesAreFreeOfPrefixes() {
        Vocabulary words = vocabulary(100, 70, 70, 33, 20, 12, 5, 5, 2, 1, 1, 1);
        HierarchicalSoftmax tree = new HierarchicalSoftmax(words);
        List<String> codes = new ArrayList<>();
        double sum = 0;
        for (int i = 0; i < words.size(); i++) {
            StringBuilder code = new StringBuilder();
            for (boolean bit : tree.code(i)) {
                code.append(bit ? 1 : 0);
            }
            codes.add(code.toString());
            sum += Math.pow(2, -code.length());
        }
        assertEquals(1, sum);
        for (String a : codes) {
            for (String b : codes) {
                assertTrue(a.equals(b) || !b.startsWith(a), a + " begins " + b);
            }
        }
        assertEquals(words.size() - 1, tree.rows());
    }

    /** The smallest mean length over all trees, found by joining every pair. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void noTreeIsShorter(int seed) {
        RandomStream random = RandomStream.of(seed);
        long[] counts = new long[2 + seed];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = 1 + random.nextInt(30);
        }
        Vocabulary words = vocabulary(counts);
        HierarchicalSoftmax tree = new HierarchicalSoftmax(words);
        long length = 0;
        for (int i = 0; i < words.size(); i++) {
            length += words.count(i) * tree.code(i).length;
        }
        assertEquals(shortest(Arrays.stream(counts).boxed().toList()), length);
    }

    private static long shortest(List<Long> trees) {
        if (trees.size() == 1) {
            return 0;
        }
        long best = Long.MAX_VALUE;
        for (int i = 0; i < trees.size(); i++) {
            for (int j = 0; j < i; j++) {
                List<Long> joined = new ArrayList<>(trees);
                long both = joined.remove(i) + joined.remove(j);
                joined.add(both);
                best = Math.min(best, both + shortest(joined));
            }
        }
        return best;
    }

    @Test
    void aPathEndsAtItsWord() {
        HierarchicalSoftmax tree = new HierarchicalSoftmax(vocabulary(4, 2, 1));
        int[] rows = new int[tree.most()];
        float[] answers = new float[tree.most()];
        assertEquals(1, tree.choose(0, RandomStream.of(1), rows, answers, 0));
        assertEquals(tree.rows() - 1, rows[0], "the root is the last node");
        float first = answers[0];
        assertEquals(2, tree.choose(2, RandomStream.of(1), rows, answers, 0));
        assertNotEquals(first, answers[0]);
    }

    /** 32-bit FNV-1a of the published test vectors: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968. */
    @Test
    void ngramsAreHashedWithFnv1a() {
        int all = Integer.MAX_VALUE;
        assertEquals(Integer.remainderUnsigned(0xe40c292c, all), new Subwords(1, 1, all).of("a")[0]);
        int[] foobar = new Subwords(6, 6, all).of("foobar");
        assertEquals(3, foobar.length); // <fooba foobar oobar>
        assertEquals(Integer.remainderUnsigned(0xbf9cf968, all), foobar[1]);
    }

    @Test
    void ngramsAreOfCharactersNotOfBytes() {
        assertEquals(4, new Subwords(3, 3, 1000).of("größ").length); // <gr grö röß öß>
        assertEquals(1, new Subwords(3, 6, 1000).of("😀").length); // <😀>
        assertEquals(0, new Subwords(4, 6, 1000).of("a").length);
        assertEquals(1, new Subwords(1, 1, 1000).of("a").length, "a bracket alone is none");
        assertFalse(Arrays.equals(new Subwords(3, 3, 1000).of("ab"), new Subwords(3, 3, 1000).of("ba")));
        assertMessage("3 to 2", () -> new Subwords(3, 2, 10));
    }
}
