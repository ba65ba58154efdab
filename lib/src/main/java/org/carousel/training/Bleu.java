package org.carousel.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU: how many of a translation's words, pairs, triples and quadruples stand in the reference.
 *
 * <pre>
 * BLEU = min(1, e^{1 - r/c}) · (p₁ p₂ p₃ p₄)^{1/4}
 * </pre>
 *
 * p_n: n-grams of all candidates that are found in their references, each at most as often as it stands there, over all
 * n-grams of the candidates; c and r: the lengths of all candidates and of all references.
 *
 * <p>Source: Papineni et al.: BLEU, ACL 2002, doi:10.3115/1073083.1073135, with one reference each, without smoothing.
 */
public final class Bleu {
    private static final int LONGEST = 4;

    private Bleu() {}

    /**
     * The score of a set, from 0 to 1.
     *
     * @param candidates words of the translations
     * @param references words of the right answers
     * @throws IllegalArgumentException when the numbers differ or there are none
     */
    public static double of(List<String[]> candidates, List<String[]> references) {
        if (candidates.size() != references.size() || candidates.isEmpty()) {
            throw new IllegalArgumentException("bleu: " + candidates.size() + " candidates for " + references.size()
                    + " references; at least one, and one for each, is needed");
        }
        double logs = 0;
        for (int n = 1; n <= LONGEST; n++) {
            long found = 0;
            long all = 0;
            for (int k = 0; k < candidates.size(); k++) {
                Map<List<String>, Integer> wanted = count(references.get(k), n);
                for (Map.Entry<List<String>, Integer> gram :
                        count(candidates.get(k), n).entrySet()) {
                    found += Math.min(gram.getValue(), wanted.getOrDefault(gram.getKey(), 0));
                    all += gram.getValue();
                }
            }
            if (found == 0) {
                return 0;
            }
            logs += StrictMath.log((double) found / all) / LONGEST;
        }
        long c = candidates.stream().mapToLong(words -> words.length).sum();
        long r = references.stream().mapToLong(words -> words.length).sum();
        return StrictMath.exp(Math.min(0, 1 - (double) r / c) + logs);
    }

    private static Map<List<String>, Integer> count(String[] words, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= words.length; i++) {
            counts.merge(Arrays.asList(words).subList(i, i + n), 1, Integer::sum);
        }
        return counts;
    }
}
