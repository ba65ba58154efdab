package org.carousel.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Pieces of words, learned from a text: frequent words are one piece, rare ones are put together from several; immutable.
 *
 * <p>Both methods begin with the single characters and join, again and again, the best pair of neighbours into one piece:
 *
 * <pre>
 * byte-pair encoding   count(ab)                          est· = es + t·      a mark · ends each word
 * WordPiece            count(ab) / (count(a) count(b))    ##est = ##e + ##st  ## marks what does not begin a word
 * </pre>
 *
 * <p>Of equally good pairs the one that the text has first is joined. A pair is never joined across words, which are
 * what stands between white space; capitals and punctuation stay as they are.
 *
 * <p><b>Byte-pair encoding</b> encodes a word by the merges in the order in which they were learned. The mark at the end is
 * a blank, {@link #END}, a symbol of its own as in the paper (there "·"; no word contains a blank). A character that is
 * not known becomes [UNK], the rest of its word stays.
 *
 * <p><b>WordPiece</b> encodes a word by its longest known beginning, then the longest of the rest, and so on. A word of
 * more than {@value #LONGEST_WORD} characters or with a part that is no piece is [UNK] as a whole.
 *
 * <p>Indices: 0 [PAD], 1 [UNK], 2 [CLS], 3 [SEP], 4 [MASK], then the characters in the order of their names, then the
 * pieces as they were joined.
 *
 * <p>Sources: Sennrich, Haddow, Birch 2016, arXiv:1508.07909, algorithm 1; WordPiece: Schuster, Nakajima, ICASSP 2012,
 * doi:10.1109/ICASSP.2012.6289079, who join the pair that raises the likelihood of the text most; the score above is the
 * usual short form of it. Longest match first: Devlin et al. 2018, arXiv:1810.04805.
 */
public final class SubwordVocabulary {
    /** Fills sequences up. */
    public static final int PAD = 0;
    /** What is not known. */
    public static final int UNK = 1;
    /** Stands before a text. */
    public static final int CLS = 2;
    /** Ends a sentence. */
    public static final int SEP = 3;
    /** Hides a token. */
    public static final int MASK = 4;
    /** The names of the special tokens, in the order of their indices. */
    public static final List<String> SPECIALS = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
    /** What ends a word in byte-pair encoding. */
    public static final String END = " ";
    /** What begins a piece that does not begin a word in WordPiece. */
    public static final String CONTINUES = "##";

    private static final int LONGEST_WORD = 100;

    /** How pairs are chosen and words are encoded. */
    public enum Method {
        /** By count. */
        BYTE_PAIR_ENCODING,
        /** By count(ab) / (count(a) count(b)). */
        WORD_PIECE
    }

    /**
     * Two pieces that were joined.
     *
     * @param left the first
     * @param right the one behind it
     * @param joined both together
     */
    public record Merge(String left, String right, String joined) {}

    private final Method method;
    private final List<String> letters;
    private final List<int[]> merges; // indices of left and right
    private final List<String> names = new ArrayList<>(SPECIALS);
    private final Map<String, Integer> indices = new HashMap<>(); // without special tokens: text cannot name them
    private final Map<Long, Integer> ranks = new HashMap<>(); // of pairs, by when they were learned

    /** From what a training or a file gives; checks that every merge joins pieces that are there. */
    SubwordVocabulary(Method method, List<String> letters, List<int[]> merges) {
        this.method = method;
        this.letters = List.copyOf(letters);
        this.merges = List.copyOf(merges);
        letters.forEach(this::name);
        if (names.size() != SPECIALS.size() + letters.size()) {
            throw new IllegalArgumentException("a character is there twice");
        }
        for (int[] merge : merges) {
            for (int piece : merge) {
                if (piece < SPECIALS.size() || piece >= names.size()) {
                    throw new IllegalArgumentException("merge " + ranks.size() + " joins piece " + piece
                            + ", which is none of " + SPECIALS.size() + ".." + (names.size() - 1));
                }
            }
            String left = names.get(merge[0]);
            String right = names.get(merge[1]);
            boolean fits = method == Method.BYTE_PAIR_ENCODING || right.startsWith(CONTINUES);
            if (!fits || ambiguous(method, left, joined(method, left, right))) {
                throw new IllegalArgumentException("\"" + left + "\" and \"" + right + "\" cannot be joined");
            }
            if (ranks.put(pair(merge[0], merge[1]), ranks.size()) != null) {
                throw new IllegalArgumentException("merge " + Arrays.toString(merge) + " is there twice");
            }
            name(joined(method, left, right));
        }
    }

    private void name(String piece) {
        if (indices.putIfAbsent(piece, names.size()) == null) {
            names.add(piece);
        }
    }

    /**
     * Learns byte-pair encoding.
     *
     * @param text words with white space between them
     * @param size how many tokens there shall be with special ones and characters; fewer when all words are one piece
     * @throws IllegalArgumentException when there are no words, or the size does not even hold the characters, or the text
     *     holds half a surrogate pair
     */
    public static SubwordVocabulary bytePairEncoding(String text, int size) {
        return new SubwordTrainer(Method.BYTE_PAIR_ENCODING, text).train(size);
    }

    /** Learns WordPiece; see {@link #bytePairEncoding}. */
    public static SubwordVocabulary wordPiece(String text, int size) {
        return new SubwordTrainer(Method.WORD_PIECE, text).train(size);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @throws IllegalArgumentException when the file is cut off or damaged
     * @throws java.io.UncheckedIOException when it cannot be read
     */
    public static SubwordVocabulary load(Path file) {
        return SubwordFile.load(file);
    }

    /** Writes a file of text; it is whole or, on failure, an older one stays as it was. */
    public void save(Path file) {
        SubwordFile.save(file, method, letters, merges);
    }

    /** How it was learned. */
    public Method method() {
        return method;
    }

    /** The number of tokens, special ones included. */
    public int size() {
        return names.size();
    }

    /** All tokens in the order of their indices. */
    public List<String> pieces() {
        return List.copyOf(names);
    }

    /** The pairs that were joined, the first one first. */
    public List<Merge> merges() {
        return merges.stream()
                .map(m -> {
                    String left = names.get(m[0]);
                    String right = names.get(m[1]);
                    return new Merge(left, right, joined(method, left, right));
                })
                .toList();
    }

    /**
     * The token of an index.
     *
     * @throws IllegalArgumentException when there is none
     */
    public String piece(int index) {
        if (index < 0 || index >= names.size()) {
            throw new IllegalArgumentException("piece: index " + index + " is outside 0.." + (names.size() - 1));
        }
        return names.get(index);
    }

    /** The pieces of a text by name; see {@link #encode}. */
    public List<String> split(String text) {
        return Arrays.stream(encode(text)).mapToObj(names::get).toList();
    }

    /** The indices of the pieces of a text, word after word; a text never becomes a special token but [UNK]. */
    public int[] encode(String text) {
        return words(text).stream()
                .map(word -> method == Method.WORD_PIECE ? longestFirst(word) : merged(word))
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    /**
     * The text of some indices, with one blank between words. {@code decode(encode(text))} is {@code text} when it holds
     * single blanks and nothing unknown; special tokens appear by name.
     *
     * @throws IllegalArgumentException when an index is out of range
     */
    public String decode(int... tokens) {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            String piece = piece(token);
            boolean inside = method == Method.WORD_PIECE
                    ? indices.containsKey(piece) && piece.startsWith(CONTINUES)
                    : indices.containsKey(piece) || token == UNK;
            if (inside) {
                text.append(method == Method.WORD_PIECE ? piece.substring(CONTINUES.length()) : piece);
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ' ' ? "" : END)
                        .append(piece)
                        .append(method == Method.WORD_PIECE ? "" : END);
            }
        }
        return text.toString().strip();
    }

    // ------------------------------------------------------------------ encoding

    private int[] merged(String word) {
        int[] codePoints = (word + END).codePoints().toArray();
        int[] pieces = new int[codePoints.length];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = indices.getOrDefault(Character.toString(codePoints[i]), UNK);
        }
        int next = earliest(pieces);
        while (next >= 0) {
            int[] merge = merges.get(next);
            pieces = replace(pieces, merge[0], merge[1], indexOfJoined(merge));
            next = earliest(pieces);
        }
        return pieces;
    }

    /** The rank of that pair of neighbours that was learned first, −1 when there is none. */
    private int earliest(int... pieces) {
        int best = -1;
        for (int i = 1; i < pieces.length; i++) {
            Integer rank = ranks.get(pair(pieces[i - 1], pieces[i]));
            best = rank != null && (best < 0 || rank < best) ? rank : best;
        }
        return best;
    }

    private int indexOfJoined(int... merge) {
        return Objects.requireNonNull(indices.get(joined(method, names.get(merge[0]), names.get(merge[1]))));
    }

    private int[] longestFirst(String word) {
        int[] codePoints = word.codePoints().toArray();
        int[] pieces = new int[codePoints.length];
        int count = 0;
        for (int from = 0; from < codePoints.length; ) {
            int to = codePoints.length > LONGEST_WORD ? from : codePoints.length;
            Integer piece = null;
            while (piece == null && to > from) {
                String part = new String(codePoints, from, to - from);
                boolean misread = from == 0 && part.startsWith(CONTINUES); // a word of the text that begins with ##
                piece = misread ? null : indices.get(from == 0 ? part : CONTINUES + part);
                to--;
            }
            if (piece == null) {
                return new int[] {UNK};
            }
            pieces[count++] = piece;
            from = to + 1;
        }
        return Arrays.copyOf(pieces, count);
    }

    // ------------------------------------------------------------------ what training shares

    /** The words of a text. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (int at = 0, begin = 0; at <= text.length(); at++) {
            if (at == text.length() || Character.isWhitespace(text.charAt(at))) {
                if (at > begin) {
                    words.add(text.substring(begin, at));
                }
                begin = at + 1;
            }
        }
        return words;
    }

    /** The pieces with every a, b that stand together replaced by one, from left to right. */
    static int[] replace(int[] pieces, int a, int b, int joined) {
        int[] result = new int[pieces.length];
        int count = 0;
        for (int i = 0; i < pieces.length; i++) {
            boolean here = pieces[i] == a && i + 1 < pieces.length && pieces[i + 1] == b;
            result[count++] = here ? joined : pieces[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(result, count);
    }

    /** The name of two pieces together. */
    static String joined(Method method, String left, String right) {
        return left + (method == Method.WORD_PIECE ? right.substring(CONTINUES.length()) : right);
    }

    /** Two indices as one key. */
    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubwordVocabulary that
                && method == that.method
                && names.equals(that.names)
                && ranks.equals(that.ranks);
    }

    @Override
    public int hashCode() {
        return Objects.hash(method, names);
    }

    @Override
    public String toString() {
        return "SubwordVocabulary of " + names.size() + " tokens, " + merges.size() + " merges, " + method;
    }

    /** Whether a name would be taken for something else: a special token, or the inside of a word for its beginning. */
    static boolean ambiguous(Method method, String left, String joined) {
        boolean turnsInside =
                method == Method.WORD_PIECE && !left.startsWith(CONTINUES) && joined.startsWith(CONTINUES);
        return turnsInside || SPECIALS.contains(joined);
    }
}
