package org.carousel.data;

import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.carousel.files.internal.Failures;
import org.carousel.files.internal.Json;
import org.carousel.files.internal.Lines;
import org.jspecify.annotations.Nullable;

/**
 * Byte-level byte-pair encoding, the tokenizer of GPT-2 and of many networks after it: any text becomes tokens, and the
 * tokens become the same text again.
 *
 * <pre>
 * text → pieces      's 't 're 've 'm 'll 'd | ␣?letters | ␣?numbers | ␣?others | white space
 * piece → bytes      UTF-8; each of the 256 bytes has a letter of its own in the files, a blank is Ġ
 * bytes → tokens     of all neighbours the pair that was learned first is joined, the leftmost first, until no pair is known
 * </pre>
 *
 * <p>A blank belongs to the word after it. Reads the {@code tokenizer.json} of the package tokenizers, and GPT-2's own two
 * files. What letters and numbers are is Unicode's matter, and so hangs on the JDK for characters that came with a version
 * of Unicode after 13. Surrogates without a partner are read as U+FFFD.
 *
 * <p>Sources: Sennrich, Haddow, Birch 2016, arXiv:1508.07909; on bytes: Radford et al. 2019, Language models are
 * unsupervised multitask learners, section 2.2. For use by any number of threads.
 */
public final class ByteLevelTokenizer {
    private static final int KEPT_WORDS = 1 << 16;
    private static final int LONGEST_KEPT = 64;

    private final List<String> pieces;
    private final Map<String, Integer> indices;
    private final Map<String, Integer> specials;
    private final int[] bytes = new int[256];
    private final BytePairs pairs;
    private final boolean prefixed;
    private final boolean trimmed;
    private final byte[][] spelled;
    private final Map<String, Word> words = new ConcurrentHashMap<>();

    /** The tokens of a piece; where each begins and ends in it, in chars. */
    private record Word(int[] ids, int[] begins, int[] ends) {}

    private ByteLevelTokenizer(
            Map<String, Integer> vocabulary,
            List<String[]> merges,
            Map<String, Integer> specials,
            boolean prefixed,
            boolean trimmed) {
        this.indices = vocabulary;
        this.specials = specials;
        this.prefixed = prefixed;
        this.trimmed = trimmed;
        String[] all = new String[vocabulary.size()];
        vocabulary.forEach((piece, index) -> {
            if (index < 0 || index >= all.length || all[index] != null) {
                throw new IllegalArgumentException(
                        "'" + piece + "' has the index " + index + " of " + all.length + ", or another piece has it");
            }
            all[index] = piece;
        });
        pieces = List.of(all);
        for (int b = 0; b < 256; b++) {
            bytes[b] = require(Character.toString(ByteLetters.letter(b)));
        }
        pairs = new BytePairs(merges.size());
        for (int rank = 0; rank < merges.size(); rank++) {
            String[] pair = merges.get(rank);
            pairs.put(require(pair[0]), require(pair[1]), rank, require(pair[0] + pair[1]));
        }
        spelled = new byte[all.length][];
        for (int k = 0; k < all.length; k++) {
            spelled[k] =
                    specials.containsKey(all[k]) ? all[k].getBytes(StandardCharsets.UTF_8) : ByteLetters.bytes(all[k]);
        }
    }

    private int require(String piece) {
        Integer index = indices.get(piece);
        if (index == null) {
            throw new IllegalArgumentException("byte-level tokenizer: the vocabulary lacks '" + piece + "'");
        }
        return index;
    }

    /**
     * Reads GPT-2's own files.
     *
     * @param vocabulary {@code vocab.json} or {@code encoder.json}: piece to index
     * @param merges {@code merges.txt} or {@code vocab.bpe}: two pieces a line, the first learned first
     * @throws IllegalArgumentException when a file is of another kind
     * @throws UncheckedIOException when one cannot be read
     */
    public static ByteLevelTokenizer load(Path vocabulary, Path merges) {
        List<String> lines = Lines.read(merges);
        String json = Lines.text(vocabulary);
        return reading(merges, () -> {
            List<String[]> pairs = new ArrayList<>();
            for (String line : lines) {
                if (!line.isBlank() && !line.startsWith("#version")) {
                    pairs.add(pair(line));
                }
            }
            Map<String, Integer> pieces = indices(Json.object(Json.parse(json)));
            Integer end = pieces.get("<|endoftext|>");
            Map<String, Integer> specials = end == null ? Map.of() : Map.of("<|endoftext|>", end);
            return new ByteLevelTokenizer(pieces, pairs, specials, false, false);
        });
    }

    /**
     * Reads a {@code tokenizer.json} of this kind.
     *
     * @throws IllegalArgumentException when the file is of another kind, saying what it is
     * @throws UncheckedIOException when it cannot be read
     */
    public static ByteLevelTokenizer load(Path file) {
        String json = Lines.text(file);
        return reading(file, () -> ofJson(Json.object(Json.parse(json))));
    }

    private static ByteLevelTokenizer reading(Path file, Supplier<ByteLevelTokenizer> reads) {
        try {
            return reads.get();
        } catch (IllegalArgumentException e) {
            throw Failures.loading(file, e);
        }
    }

    private static ByteLevelTokenizer ofJson(Map<String, Object> all) {
        Map<String, Object> splitter = Json.object(all.get("pre_tokenizer"));
        Map<String, Object> model = Json.object(all.get("model"));
        require(splitter, "type", "ByteLevel");
        require(splitter, "use_regex", true);
        require(all, "normalizer", Json.NULL);
        require(model, "type", "BPE");
        require(model, "dropout", Json.NULL);
        require(model, "byte_fallback", false);
        require(model, "ignore_merges", false);
        for (String affix : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!"".equals(model.get(affix))) {
                require(model, affix, Json.NULL);
            }
        }
        List<String[]> merges = new ArrayList<>();
        for (Object merge : Json.array(model.get("merges"))) {
            merges.add(
                    merge instanceof String text
                            ? pair(text)
                            : Json.array(merge).stream().map(Json::string).toArray(String[]::new));
        }
        if (merges.stream().anyMatch(pair -> pair.length != 2)) {
            throw new IllegalArgumentException("a merge is not of two pieces");
        }
        Map<String, Integer> pieces = indices(Json.object(model.get("vocab")));
        Map<String, Integer> specials = new HashMap<>();
        for (Object token : Json.array(all.getOrDefault("added_tokens", List.of()))) {
            Map<String, Object> added = Json.object(token);
            for (String option : List.of("single_word", "lstrip", "rstrip")) {
                require(added, option, false);
            }
            String text = Json.string(added.get("content"));
            int index = (int) Json.integer(added.get("id"));
            if (text.isEmpty()) {
                throw new IllegalArgumentException("the added token " + index + " has no letters");
            }
            specials.put(text, index);
            pieces.put(text, index);
        }
        Object after = all.getOrDefault("post_processor", Json.NULL);
        boolean trims = !after.equals(Json.NULL)
                && "ByteLevel".equals(Json.object(after).get("type"))
                && Boolean.TRUE.equals(Json.object(after).get("trim_offsets"));
        return new ByteLevelTokenizer(
                pieces, merges, specials, Boolean.TRUE.equals(splitter.get("add_prefix_space")), trims);
    }

    private static void require(Map<String, Object> part, String field, Object value) {
        Object found = part.getOrDefault(field, value);
        if (!value.equals(found)) {
            throw new IllegalArgumentException("not a byte-level BPE that is read here: " + field + " is " + found
                    + " where " + value + " is expected");
        }
    }

    private static Map<String, Integer> indices(Map<String, Object> vocabulary) {
        Map<String, Integer> all = new HashMap<>(2 * vocabulary.size());
        vocabulary.forEach((piece, index) -> all.put(piece, (int) Json.integer(index)));
        return all;
    }

    private static String[] pair(String line) {
        int blank = line.indexOf(' ');
        if (blank < 1 || blank != line.lastIndexOf(' ') || blank == line.length() - 1) {
            throw new IllegalArgumentException("'" + line + "' is not two pieces with a blank between");
        }
        return new String[] {line.substring(0, blank), line.substring(blank + 1)};
    }

    /** V, the special tokens included. */
    public int size() {
        return pieces.size();
    }

    /** The name of a token in the letters of the files, where Ġ is a blank. */
    public String piece(int index) {
        return Pieces.name(pieces, index);
    }

    /**
     * The token of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public int index(String piece) {
        return require(piece);
    }

    /** The text of tokens; bytes that are no UTF-8 become U+FFFD. */
    public String decode(int... ids) {
        int length = 0;
        for (int id : ids) {
            piece(id);
            length = Math.addExact(length, spelled[id].length);
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (int id : ids) {
            all.put(spelled[id]);
        }
        return new String(all.array(), StandardCharsets.UTF_8);
    }

    /** All tokens of a text. */
    public Encoding encode(String text) {
        return encode(text, Integer.MAX_VALUE);
    }

    /**
     * The tokens of a text.
     *
     * @param longest the most tokens, at least 1; what is beyond is left out
     */
    public Encoding encode(String text, int longest) {
        if (longest < 1) {
            throw new IllegalArgumentException("encode: at most " + longest + " tokens; at least 1 is needed");
        }
        Encoding.Builder tokens = new Encoding.Builder(longest);
        int from = 0;
        if (!specials.isEmpty()) {
            for (int at = 0; at < text.length() && !tokens.full(); ) {
                String special = specialAt(text, at);
                if (special == null) {
                    at++;
                    continue;
                }
                plain(text, from, at, tokens);
                tokens.add(require(special), at, at + special.length());
                at += special.length();
                from = at;
            }
        }
        plain(text, from, text.length(), tokens);
        return tokens.encoding();
    }

    private @Nullable String specialAt(String text, int at) {
        String found = null;
        for (String special : specials.keySet()) {
            if (text.charAt(at) == special.charAt(0)
                    && text.startsWith(special, at)
                    && (found == null || found.length() < special.length())) {
                found = special;
            }
        }
        return found;
    }

    private void plain(String text, int from, int to, Encoding.Builder tokens) {
        if (from == to) {
            return;
        }
        int at = from;
        if (prefixed && text.charAt(from) != ' ') {
            // the blank before the text is in the first piece, and nowhere in the text
            String part = " " + text.substring(from, Math.min(to, wholePiece(text, from, to)));
            int end = ByteLevelPieces.end(part, 0, part.length());
            first(part.substring(0, end), from, Character.charCount(text.codePointAt(from)), tokens);
            at = from + end - 1;
        }
        while (at < to && !tokens.full()) {
            int end = ByteLevelPieces.end(text, at, to);
            add(text.substring(at, end), at, tokens);
            at = end;
        }
    }

    /** An end that the first piece with a blank before it does not reach beyond. */
    private static int wholePiece(String text, int from, int to) {
        return Character.isWhitespace(text.charAt(from)) ? to : ByteLevelPieces.run(text, from, to);
    }

    private void add(String piece, int at, Encoding.Builder tokens) {
        Word word = word(piece);
        for (int k = 0; k < word.ids.length; k++) {
            int begin = word.begins[k];
            int end = word.ends[k];
            if (trimmed) {
                while (begin < end && piece.charAt(begin) == ' ') {
                    begin++;
                }
                while (end > begin && piece.charAt(end - 1) == ' ') {
                    end--;
                }
            }
            tokens.add(word.ids[k], at + begin, at + end);
        }
    }

    /**
     * A piece that begins with a blank which is not in the text. The package tokenizers lays it on the first character,
     * and takes it off there like any other where the piece is not the first one.
     *
     * @param width of the first character
     */
    private void first(String piece, int at, int width, Encoding.Builder tokens) {
        Word word = word(piece);
        for (int k = 0; k < word.ids.length; k++) {
            boolean blank = word.ends[k] == 1; // nothing else
            int begin = at + Math.max(0, word.begins[k] - 1);
            int end = blank ? at + width : at + word.ends[k] - 1;
            if (trimmed && k == 0) {
                begin = tokens.isEmpty() ? at : Math.min(at + width, end);
                end = blank ? begin : end;
            }
            tokens.add(word.ids[k], begin, end);
        }
    }

    private Word word(String piece) {
        if (piece.length() > LONGEST_KEPT) {
            return joined(piece);
        }
        Word known = words.get(piece);
        if (known == null) {
            known = joined(piece);
            if (words.size() < KEPT_WORDS) {
                words.put(piece, known);
            }
        }
        return known;
    }

    private Word joined(String piece) {
        byte[] utf8 = ByteLetters.utf8(piece);
        int n = utf8.length;
        int[] ids = new int[n];
        int[] char0 = new int[n];
        int[] char1 = new int[n];
        int at = 0;
        for (int c = 0; c < piece.length(); ) {
            int width = Character.charCount(piece.codePointAt(c));
            int size = ByteLetters.size(piece.codePointAt(c));
            for (int k = 0; k < size; k++, at++) {
                ids[at] = bytes[utf8[at] & 0xFF];
                char0[at] = c;
                char1[at] = c + width;
            }
            c += width;
        }
        int[] ends = new int[n];
        int count = pairs.join(n, ids, ends);
        int[] begins = new int[count];
        int from = 0;
        for (int k = 0; k < count; k++) {
            begins[k] = char0[from];
            from = ends[k];
            ends[k] = char1[from - 1];
        }
        return new Word(Arrays.copyOf(ids, count), begins, Arrays.copyOf(ends, count));
    }
}
