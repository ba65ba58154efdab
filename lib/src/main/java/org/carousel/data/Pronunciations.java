package org.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Words and how they are spoken: letters to phones.
 *
 * <p>Words of the letters a-z alone, in the order of the file; phones of ARPAbet without stress. A tenth of the words is
 * held out with all their pronunciations. For a word that has several, any one is right.
 *
 * @param training what may be learned from
 * @param heldOut what is asked afterwards
 */
public record Pronunciations(List<Entry> training, List<Entry> heldOut) {
    private static final Pattern REMARK = Pattern.compile("#.*");
    private static final Pattern BETWEEN = Pattern.compile("\\s+");
    private static final Pattern VARIANT = Pattern.compile("\\(\\d+\\)$");
    private static final Pattern LETTERS = Pattern.compile("[a-z]+");
    private static final Pattern STRESS = Pattern.compile("\\d");

    /**
     * A word.
     *
     * @param word its letters, a-z
     * @param phones one or more pronunciations
     */
    public record Entry(String word, List<String[]> phones) {
        /** The letters one by one. */
        public String[] letters() {
            return TokenVocabulary.characters(word);
        }

        /** Whether it may be spoken so. */
        public boolean allows(String... spoken) {
            return phones.stream().anyMatch(p -> Arrays.equals(p, spoken));
        }
    }

    /** The words of the CMU Pronouncing Dictionary, {@link Datasets#cmudict}. */
    public static Pronunciations of(Dataset dataset) {
        return parse(dataset.lines("cmudict.dict"), "cmudict.dict");
    }

    /**
     * Reads lines {@code word PHONE PHONE .. # remark}, with {@code word(2)} for a second pronunciation.
     *
     * @throws DatasetException when a line has no phones
     */
    static Pronunciations parse(List<String> lines, String name) {
        Map<String, Set<List<String>>> spoken = new LinkedHashMap<>();
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n);
            String[] parts = BETWEEN.split(REMARK.matcher(line).replaceFirst("").strip());
            String word = VARIANT.matcher(parts[0]).replaceFirst("");
            if (parts.length < 2) {
                throw new DatasetException(name + " line " + (n + 1) + ": \"" + line + "\" has no phones", null);
            }
            if (LETTERS.matcher(word).matches()) {
                List<String> phones = Arrays.stream(parts)
                        .skip(1)
                        .map(p -> STRESS.matcher(p).replaceAll(""))
                        .toList();
                spoken.computeIfAbsent(word, w -> new LinkedHashSet<>()).add(phones);
            }
        }
        List<Entry> training = new ArrayList<>();
        List<Entry> heldOut = new ArrayList<>();
        spoken.forEach((word, phones) -> (Split.isHeldOut(word) ? heldOut : training)
                .add(new Entry(
                        word, phones.stream().map(p -> p.toArray(String[]::new)).toList())));
        return new Pronunciations(List.copyOf(training), List.copyOf(heldOut));
    }
}
