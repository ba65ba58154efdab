package org.carousel.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Short sentences and their translations, in lower-case words and punctuation marks.
 *
 * <p>A source that has several translations keeps the first: of the others, none would be more right. A tenth of the
 * sources is held out.
 *
 * @param training what may be learned from
 * @param heldOut what is asked afterwards
 */
public record Translations(List<Pair> training, List<Pair> heldOut) {
    private static final Pattern MARK = Pattern.compile("[.,!?;:«»\"()%-]");

    /**
     * A sentence and its translation.
     *
     * @param source its words
     * @param target the words of the translation
     */
    public record Pair(String[] source, String[] target) {}

    /** English to French sentences of Tatoeba ({@link Datasets#tatoeba}) of at most so many tokens on either side. */
    public static Translations englishToFrench(Dataset dataset, int longest) {
        return parse(dataset.lines("fra-eng.zip", "fra.txt"), "fra.txt", longest);
    }

    /**
     * Reads lines {@code source TAB target}.
     *
     * @throws DatasetException when a line has no tab
     */
    static Translations parse(List<String> lines, String name, int longest) {
        Map<String, Pair> pairs = new LinkedHashMap<>();
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n);
            String[] columns = line.split("\t", -1);
            if (columns.length < 2) {
                throw new DatasetException(name + " line " + (n + 1) + ": \"" + line + "\" has no tab", null);
            }
            Pair pair = new Pair(tokens(columns[0]), tokens(columns[1]));
            boolean fits = pair.source.length > 0
                    && pair.target.length > 0
                    && Math.max(pair.source.length, pair.target.length) <= longest;
            if (fits) {
                pairs.putIfAbsent(String.join(" ", pair.source), pair);
            }
        }
        List<Pair> training = new ArrayList<>();
        List<Pair> heldOut = new ArrayList<>();
        pairs.forEach((source, pair) -> (Split.isHeldOut(source) ? heldOut : training).add(pair));
        return new Translations(List.copyOf(training), List.copyOf(heldOut));
    }

    /** Lower case; marks stand apart from words, apostrophes stay with the letters before them: j' ai, don' t. */
    static String[] tokens(String sentence) {
        String text = sentence.toLowerCase(Locale.ROOT)
                .replace('\u00a0', ' ')
                .replace('\u202f', ' ')
                .replace('\u2009', ' ')
                .replace('\u2019', '\'')
                .replace("'", "' ");
        return TokenVocabulary.words(MARK.matcher(text).replaceAll(" $0 "));
    }
}
