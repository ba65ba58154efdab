package org.carousel.data;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Json;
import org.carousel.files.internal.Lines;
import org.jspecify.annotations.Nullable;

/**
 * Text to tokens as a public BERT was trained with them: the vocabulary is given, its order kept.
 *
 * <ol>
 *   <li>Control characters go, white space becomes a blank, a Chinese character stands alone.
 *   <li>Uncased: accents go (NFD without the marks), capitals become small.
 *   <li>Words end at white space; a punctuation mark is a word of its own.
 *   <li>WordPiece: of each word the longest piece that it begins with, then of the rest, whose pieces begin with {@code ##}.
 *       A word of more than 100 characters, or with a part that is no piece, is [UNK] as a whole.
 * </ol>
 *
 * <p>The names of the special tokens, such as {@code [MASK]}, are those tokens where a text holds them, as in the package
 * {@code tokenizers}; remove them from text of strangers where that matters. Immutable, for any number of threads.
 *
 * <p>Source: Devlin, Chang, Lee, Toutanova 2018, arXiv:1810.04805.
 */
public final class BertTokenizer {
    private static final int LONGEST_WORD = 100;
    private static final int KEPT_WORDS = 1 << 16;
    private static final String SPECIAL_LETTERS = "PUCSM";

    private final List<String> pieces;
    private final Map<String, Integer> indices;
    private final boolean uncased;
    private final int unknown;
    private final int cls;
    private final int sep;
    private final @Nullable String[] spelled = new @Nullable String[Character.MIN_SURROGATE]; // filled when first met
    private final Map<String, Word> words = new ConcurrentHashMap<>();

    /** The pieces of a word and where each ends in it. */
    private record Word(int[] ids, int[] ends) {}

    private BertTokenizer(List<String> pieces, boolean uncased) {
        this.pieces = List.copyOf(pieces);
        this.uncased = uncased;
        indices = new HashMap<>(2 * pieces.size());
        for (String piece : pieces) {
            indices.put(piece, indices.size());
        }
        if (indices.size() != pieces.size()) {
            throw new IllegalArgumentException("bert tokenizer: a piece is there twice");
        }
        for (String special : SubwordVocabulary.SPECIALS) {
            if (!indices.containsKey(special)) {
                throw new IllegalArgumentException("bert tokenizer: the vocabulary lacks " + special);
            }
        }
        unknown = index("[UNK]");
        cls = index("[CLS]");
        sep = index("[SEP]");
    }

    /**
     * Over given pieces.
     *
     * @param pieces token 0 first, the special ones of {@link SubwordVocabulary#SPECIALS} among them
     * @param uncased whether capitals and accents are removed
     */
    public static BertTokenizer of(List<String> pieces, boolean uncased) {
        return new BertTokenizer(pieces, uncased);
    }

    /**
     * Reads {@code vocab.txt}, one piece per line, or the {@code tokenizer.json} of a BERT.
     *
     * @param uncased whether capitals and accents are removed; a tokenizer.json says so itself and must agree
     * @throws IllegalArgumentException when the file is of another kind
     * @throws UncheckedIOException when it cannot be read
     */
    public static BertTokenizer load(Path file, boolean uncased) {
        boolean json = String.valueOf(file.getFileName()).endsWith(".json");
        List<String> lines = json ? List.of(Lines.text(file)) : Lines.read(file);
        try {
            return json ? ofJson(lines.get(0), uncased) : new BertTokenizer(lines, uncased);
        } catch (IllegalArgumentException e) {
            throw Failures.loading(file, e);
        }
    }

    static BertTokenizer ofJson(String text, boolean uncased) {
        Map<String, Object> all = Json.object(Json.parse(text));
        Map<String, Object> model = Json.object(all.get("model"));
        Map<String, Object> normalizer = Json.object(all.get("normalizer"));
        require(Json.object(all.get("pre_tokenizer")), "type", "BertPreTokenizer");
        require(normalizer, "type", "BertNormalizer");
        require(normalizer, "clean_text", true);
        require(normalizer, "handle_chinese_chars", true);
        require(normalizer, "lowercase", uncased);
        Object accents = normalizer.getOrDefault("strip_accents", Json.NULL);
        if (!accents.equals(Json.NULL)) {
            require(normalizer, "strip_accents", uncased);
        }
        if (model.containsKey("type")) { // older files do not say it
            require(model, "type", "WordPiece");
        }
        require(model, "continuing_subword_prefix", SubwordVocabulary.CONTINUES);
        require(model, "max_input_chars_per_word", (long) LONGEST_WORD);
        Map<String, Object> vocabulary = Json.object(model.get("vocab"));
        String[] pieces = new String[vocabulary.size()];
        vocabulary.forEach((piece, index) -> {
            long at = Json.integer(index);
            if (at < 0 || at >= pieces.length) {
                throw new IllegalArgumentException("'" + piece + "' has the index " + at + " of " + pieces.length);
            }
            pieces[(int) at] = piece;
        });
        if (Arrays.asList(pieces).contains(null)) {
            throw new IllegalArgumentException("two pieces have one index");
        }
        return new BertTokenizer(List.of(pieces), uncased);
    }

    private static void require(Map<String, Object> part, String field, Object value) {
        if (!value.equals(part.get(field))) {
            throw new IllegalArgumentException("not the tokenizer of a BERT: " + field + " is " + part.get(field)
                    + " where " + value + " is expected");
        }
    }

    /** V. */
    public int size() {
        return pieces.size();
    }

    /** The name of a token. */
    public String piece(int index) {
        return Pieces.name(pieces, index);
    }

    /**
     * The token of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public int index(String piece) {
        Integer index = indices.get(piece);
        if (index == null) {
            throw new IllegalArgumentException("index: '" + piece + "' is no piece of this vocabulary");
        }
        return index;
    }

    /** The names of the tokens of a text, without [CLS] and [SEP]. */
    public List<String> split(String text) {
        int[] ids = encode(text, Integer.MAX_VALUE).ids();
        return Arrays.stream(ids, 1, ids.length - 1).mapToObj(pieces::get).toList();
    }

    /**
     * [CLS], the tokens of a text, [SEP].
     *
     * @param longest the most tokens, at least 2; what is beyond is left out before [SEP]
     */
    public Encoding encode(String text, int longest) {
        if (longest < 2) {
            throw new IllegalArgumentException("encode: at most " + longest + " tokens; [CLS] and [SEP] are 2");
        }
        Encoding.Builder tokens = new Encoding.Builder(longest - 1);
        tokens.add(cls, 0, 0);
        int from = 0;
        for (int at = text.indexOf('['); at >= 0 && !tokens.full(); at = text.indexOf('[', at + 1)) {
            String special = specialAt(text, at);
            if (special != null) {
                plain(text, from, at, tokens);
                from = at + special.length();
                tokens.add(index(special), at, from);
            }
        }
        plain(text, from, text.length(), tokens);
        tokens.limit++;
        tokens.add(sep, 0, 0);
        return tokens.encoding();
    }

    private static @Nullable String specialAt(String text, int at) {
        if (at + 1 < text.length() && SPECIAL_LETTERS.indexOf(text.charAt(at + 1)) >= 0) {
            for (String special : SubwordVocabulary.SPECIALS) {
                if (text.startsWith(special, at)) {
                    return special;
                }
            }
        }
        return null;
    }

    private void plain(String text, int from, int to, Encoding.Builder tokens) {
        WordBuffer word = new WordBuffer();
        int next;
        for (int at = from; at < to && !tokens.full(); at = next) {
            char c = text.charAt(at);
            boolean pair = Character.isHighSurrogate(c) && at + 1 < to && Character.isLowSurrogate(text.charAt(at + 1));
            next = at + (pair ? 2 : 1);
            if (c > ' ' && c < 0x7F && !punctuation(c)) {
                word.add(uncased && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c, at, next);
                continue;
            }
            String kept = pair ? spell(text.codePointAt(at)) : spelledOf(c);
            if (kept.isEmpty()) {
                continue;
            }
            int first = kept.codePointAt(0);
            boolean alone = chinese(pair ? text.codePointAt(at) : c) || punctuation(first);
            if (alone || first == ' ') {
                flush(word, tokens);
            }
            if (first != ' ') {
                for (int i = 0; i < kept.length(); i++) {
                    word.add(kept.charAt(i), at, next);
                }
            }
            if (alone) {
                flush(word, tokens);
            }
        }
        flush(word, tokens);
    }

    private void flush(WordBuffer word, Encoding.Builder tokens) {
        if (word.length == 0) {
            return;
        }
        boolean tooLong =
                word.length > LONGEST_WORD && Character.codePointCount(word.chars, 0, word.length) > LONGEST_WORD;
        if (tooLong) {
            tokens.add(unknown, word.begin[0], word.end[word.length - 1]);
        } else {
            Word pieces = pieces(new String(word.chars, 0, word.length));
            int from = 0;
            for (int k = 0; k < pieces.ids.length; k++) {
                tokens.add(pieces.ids[k], word.begin[from], word.end[pieces.ends[k] - 1]);
                from = pieces.ends[k];
            }
        }
        word.length = 0;
    }

    private Word pieces(String word) {
        Word known = words.get(word);
        if (known == null) {
            known = longestFirst(word);
            if (words.size() < KEPT_WORDS) {
                words.put(word, known);
            }
        }
        return known;
    }

    private Word longestFirst(String word) {
        int[] ids = new int[word.length()];
        int[] ends = new int[word.length()];
        int count = 0;
        for (int from = 0; from < word.length(); ) {
            Integer id = null;
            int to = word.length();
            while (to > from) {
                String part = word.substring(from, to);
                id = indices.get(from == 0 ? part : SubwordVocabulary.CONTINUES + part);
                if (id != null) {
                    break;
                }
                to = word.offsetByCodePoints(to, -1);
            }
            if (id == null) {
                return new Word(new int[] {unknown}, new int[] {word.length()});
            }
            ids[count] = id;
            ends[count++] = to;
            from = to;
        }
        return new Word(Arrays.copyOf(ids, count), Arrays.copyOf(ends, count));
    }

    // ------------------------------------------------------------------ characters

    private String spelledOf(char c) {
        if (c >= spelled.length) {
            return spell(c);
        }
        String known = spelled[c];
        if (known == null) {
            known = spell(c);
            spelled[c] = known; // two threads write the same
        }
        return known;
    }

    /** What is left of a character: nothing, a blank, itself, or its small letters without accents. */
    private String spell(int c) {
        if (c == '\t' || c == '\n' || c == '\r') {
            return " ";
        }
        if (c == 0 || c == 0xFFFD || control(c)) { // before white space: the others of it that are controls just go
            return "";
        }
        if (Character.isSpaceChar(c)) {
            return " ";
        }
        String self = Character.toString(c);
        if (!uncased) {
            return self;
        }
        StringBuilder kept = new StringBuilder();
        Normalizer.normalize(self, Normalizer.Form.NFD)
                .codePoints()
                .filter(d -> Character.getType(d) != Character.NON_SPACING_MARK)
                .map(Character::toLowerCase)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }

    private static boolean control(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.PRIVATE_USE
                || type == Character.SURROGATE
                || type == Character.UNASSIGNED;
    }

    private static boolean punctuation(int c) {
        if (c < 0x80) {
            return (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
        }
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }

    private static boolean chinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B920 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }

    // ------------------------------------------------------------------ growing arrays

    private static final class WordBuffer {
        char[] chars = new char[32];
        int[] begin = new int[32];
        int[] end = new int[32];
        int length;

        void add(char c, int from, int to) {
            if (length == chars.length) {
                chars = Arrays.copyOf(chars, 2 * length);
                begin = Arrays.copyOf(begin, 2 * length);
                end = Arrays.copyOf(end, 2 * length);
            }
            chars[length] = c;
            begin[length] = from;
            end[length++] = to;
        }
    }
}
