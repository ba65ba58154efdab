package org.carousel.embedding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.carousel.files.internal.Failures;

/**
 * How well cosines agree with what people say about pairs of words.
 *
 * <p>Source of WordSim-353: Finkelstein et al.: Placing search in context, WWW 2001.
 *
 * @param spearman ρ of the cosines and the people's scores
 * @param pairs how many pairs it was computed from
 * @param skipped how many pairs have a word without a vector
 */
public record SimilarityReport(double spearman, int pairs, int skipped) {
    /**
     * Compares the vectors with scored pairs. A word without a vector is tried in small letters.
     *
     * @param lines two words and a score with tabs between them; lines that are empty or begin with # do not count
     * @throws IllegalArgumentException when a line is of another form, or less than two pairs are known
     */
    public static SimilarityReport of(WordVectors vectors, List<String> lines) {
        List<double[]> known = new ArrayList<>();
        int skipped = 0;
        for (int n = 0; n < lines.size(); n++) {
            String line = lines.get(n).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split("\t", -1);
            double score = fields.length == 3 ? score(fields[2]) : Double.NaN;
            if (Double.isNaN(score)) {
                throw new IllegalArgumentException("similarity: line " + (n + 1) + ": '" + Failures.shortened(line)
                        + "' is not two words and a score with tabs between them");
            }
            int a = AnalogyReport.row(vectors, fields[0]);
            int b = AnalogyReport.row(vectors, fields[1]);
            if (a < 0 || b < 0) {
                skipped++;
            } else {
                known.add(new double[] {
                    vectors.similarity(vectors.words().get(a), vectors.words().get(b)), score
                });
            }
        }
        if (known.size() < 2) {
            throw new IllegalArgumentException("similarity: of " + (known.size() + skipped) + " pairs " + known.size()
                    + " have vectors; 2 are needed");
        }
        double[] cosines = known.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] scores = known.stream().mapToDouble(pair -> pair[1]).toArray();
        return new SimilarityReport(RankCorrelation.spearman(cosines, scores), known.size(), skipped);
    }

    private static double score(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "Spearman's rho %.3f (%d pairs, %d more have no vectors)", spearman, pairs, skipped);
    }
}
