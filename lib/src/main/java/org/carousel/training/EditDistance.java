package org.carousel.training;

import java.util.List;

/**
 * How many insertions, deletions and substitutions turn one sequence into another.
 *
 * <p>Source: Levenshtein 1966; as error rate of a set: the sum of distances over the sum of reference lengths.
 */
public final class EditDistance {
    private EditDistance() {}

    /** The distance of two sequences. */
    public static int of(int[] candidate, int[] reference) {
        int[] row = new int[reference.length + 1];
        for (int j = 0; j <= reference.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= candidate.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= reference.length; j++) {
                int same = diagonal + (candidate[i - 1] == reference[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(same, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[reference.length];
    }

    /** The distance of two texts, character by character. */
    public static int of(String candidate, String reference) {
        return of(candidate.codePoints().toArray(), reference.codePoints().toArray());
    }

    /**
     * The error rate of a set: Σ distances / Σ lengths of the references; above 1 where candidates are far too long.
     *
     * @throws IllegalArgumentException when the numbers differ or the references are all empty
     */
    public static double rate(List<int[]> candidates, List<int[]> references) {
        if (candidates.size() != references.size()) {
            throw new IllegalArgumentException("edit distance: " + candidates.size() + " candidates for "
                    + references.size() + " references; one for each is needed");
        }
        long distance = 0;
        long length = 0;
        for (int n = 0; n < candidates.size(); n++) {
            distance += of(candidates.get(n), references.get(n));
            length += references.get(n).length;
        }
        if (length == 0) {
            throw new IllegalArgumentException("edit distance: the references are empty; their rate has no meaning");
        }
        return (double) distance / length;
    }
}
