package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.embedding.text.Vocabulary;
import org.carousel.tensor.RandomStream;

/**
 * Huffman's tree over the words: a word is the answers of the inner nodes on its path from the root, so that frequent
 * words need few. The answer is 1 where the code bit is 0, as in word2vec; a probability is the product along the path.
 *
 * <p>Sources: Morin, Bengio 2005 (AISTATS); Huffman 1952, doi:10.1109/JRPROC.1952.273898.
 */
final class HierarchicalSoftmax implements Outputs {
    private final int[][] nodes;
    private final boolean[][] codes;
    private int most;

    HierarchicalSoftmax(Vocabulary vocabulary) {
        int size = vocabulary.size();
        if (size < 2) {
            throw new IllegalArgumentException("hierarchical softmax needs at least two different words; the vocabulary"
                    + " is " + vocabulary.words());
        }
        long[] counts = new long[2 * size - 1];
        for (int i = 0; i < size; i++) {
            counts[i] = vocabulary.count(i);
        }
        int[] parent = new int[2 * size - 1];
        boolean[] bit = new boolean[2 * size - 1];
        join(size, counts, parent, bit);
        nodes = new int[size][];
        codes = new boolean[size][];
        for (int word = 0; word < size; word++) {
            path(word, size, parent, bit);
        }
    }

    /** The two rarest become one, until one is left: words from the rarest on and new nodes are each in order. */
    private static void join(int size, long[] counts, int[] parent, boolean[] bit) {
        int word = size - 1;
        int inner = size;
        for (int node = size; node < 2 * size - 1; node++) {
            for (int side = 0; side < 2; side++) {
                boolean takeWord = word >= 0 && (inner == node || counts[word] <= counts[inner]);
                int rarest = takeWord ? word-- : inner++;
                counts[node] += counts[rarest];
                parent[rarest] = node;
                bit[rarest] = side == 1;
            }
        }
    }

    private void path(int word, int size, int[] parent, boolean[] bit) {
        int[] up = new int[8];
        int length = 0;
        for (int at = word; at != 2 * size - 2; at = parent[at]) {
            up = length == up.length ? Arrays.copyOf(up, 2 * length) : up;
            up[length++] = at;
        }
        nodes[word] = new int[length];
        codes[word] = new boolean[length];
        for (int i = 0; i < length; i++) { // from the root down
            int below = up[length - 1 - i];
            nodes[word][i] = parent[below] - size;
            codes[word][i] = bit[below];
        }
        most = Math.max(most, length);
    }

    /** The bits of a word from the root down. */
    boolean[] code(int word) {
        return codes[word].clone();
    }

    @Override
    public int most() {
        return most;
    }

    @Override
    public int rows() {
        return nodes.length - 1;
    }

    @Override
    public int choose(int word, RandomStream random, int[] rows, float[] answers, int at) {
        int[] path = nodes[word];
        boolean[] code = codes[word];
        for (int i = 0; i < path.length; i++) {
            rows[at + i] = path[i];
            answers[at + i] = code[i] ? 0 : 1;
        }
        return at + path.length;
    }
}
