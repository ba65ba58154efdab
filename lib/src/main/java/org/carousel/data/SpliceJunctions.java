package org.carousel.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.tensor.RandomStream;

/**
 * Windows of 60 bases of primate DNA, with what lies in their middle: a donor EI, where an exon ends and an intron begins,
 * an acceptor IE, where the intron ends, or neither, N.
 *
 * <p>Source: Noordewier, Towell, Shavlik: Training knowledge-based neural networks to recognize genes in DNA sequences,
 * Advances in Neural Information Processing Systems 3, 1991.
 *
 * @param windows in the order of the file
 */
public record SpliceJunctions(List<Window> windows) {
    /** The kinds in the order of their numbers. */
    public static final List<String> KINDS = List.of("N", "EI", "IE");

    /** The bases; other letters stand for one of several: N any, D any but C, R one of A and G, S one of C and G. */
    public static final String BASES = "ACGT";

    /**
     * A window.
     *
     * @param kind one of {@link #KINDS}
     * @param name where it was found
     * @param bases 60 letters
     */
    public record Window(String kind, String name, String bases) {
        /** The place of the kind in {@link #KINDS}. */
        public int label() {
            return KINDS.indexOf(kind);
        }

        /** The bases as shares [60×4] of A C G T: 1 for a known one; a letter that stands for several shares it out. */
        public float[][] shares() {
            float[][] all = new float[bases.length()][BASES.length()];
            for (int t = 0; t < all.length; t++) {
                String may = meanings(bases.charAt(t));
                for (int k = 0; k < may.length(); k++) {
                    all[t][BASES.indexOf(may.charAt(k))] = 1f / may.length();
                }
            }
            return all;
        }
    }

    /**
     * Training and test windows of one fold.
     *
     * @param training all the others
     * @param test a share
     */
    public record Fold(List<Window> training, List<Window> test) {}

    private static String meanings(char letter) {
        return switch (letter) {
            case 'N' -> BASES;
            case 'D' -> "AGT";
            case 'R' -> "AG";
            case 'S' -> "CG";
            default -> BASES.indexOf(letter) < 0 ? "" : String.valueOf(letter);
        };
    }

    /**
     * The set {@link Datasets#spliceJunctions}.
     *
     * @throws DatasetException when the file cannot be had or read, or a line is malformed
     */
    public static SpliceJunctions of(Dataset dataset) {
        return parse(dataset.lines("splice.csv"), "splice.csv");
    }

    /** Reads a header and lines {@code kind, name, bases}. */
    static SpliceJunctions parse(List<String> lines, String name) {
        List<Window> windows = new ArrayList<>();
        for (int n = 1; n < lines.size(); n++) {
            String[] columns = lines.get(n).split(",", -1);
            Arrays.setAll(columns, c -> columns[c].strip());
            boolean good = columns.length == 3
                    && KINDS.contains(columns[0])
                    && columns[2].chars().noneMatch(c -> meanings((char) c).isEmpty());
            if (!good || columns[2].length() != 60) {
                throw new DatasetException(
                        name + " line " + (n + 1) + ": \"" + lines.get(n).strip()
                                + "\" is not kind, name and 60 bases; kinds are " + KINDS,
                        null);
            }
            windows.add(new Window(columns[0], columns[1], columns[2]));
        }
        return new SpliceJunctions(List.copyOf(windows));
    }

    /**
     * Cuts the windows into so many folds of nearly equal size; windows with equal bases fall into one fold.
     *
     * @throws IllegalArgumentException when there are not at least 2 folds and as many different windows
     */
    public List<Fold> folds(int count, RandomStream random) {
        Map<String, List<Window>> equal = new LinkedHashMap<>();
        windows.forEach(
                w -> equal.computeIfAbsent(w.bases(), b -> new ArrayList<>()).add(w));
        List<List<Window>> groups = List.copyOf(equal.values());
        if (count < 2 || count > groups.size()) {
            throw new IllegalArgumentException(
                    "folds: " + count + " folds of " + groups.size() + " different windows; at least 2 are needed");
        }
        List<List<Window>> parts = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            parts.add(new ArrayList<>());
        }
        int[] order = random.permutation(groups.size());
        for (int n = 0; n < order.length; n++) {
            parts.get(n % count).addAll(groups.get(order[n]));
        }
        return parts.stream()
                .map(test -> new Fold(
                        parts.stream()
                                .filter(p -> p != test)
                                .flatMap(List::stream)
                                .toList(),
                        List.copyOf(test)))
                .toList();
    }
}
