package org.carousel.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Proteins and their secondary structure: for every amino acid whether it lies in a helix, a strand or neither.
 *
 * <p>The split is that of Qian and Sejnowski: Predicting the secondary structure of globular proteins using neural
 * network models, Journal of Molecular Biology 202, 1988, doi:10.1016/0022-2836(88)90564-5.
 *
 * @param training what may be learned from
 * @param test what is asked at the end
 */
public record ProteinChains(List<Chain> training, List<Chain> test) {
    /** The structures in the order of their numbers: coil, helix, strand. */
    public static final String STRUCTURES = "_he";

    /** The one-letter codes of the 20 amino acids, in the order of their numbers. */
    public static final String AMINO_ACIDS = "ACDEFGHIKLMNPQRSTVWY";

    private static final Pattern EDGE = Pattern.compile("<>|<?end>?");
    private static final Pattern ACID = Pattern.compile("[" + AMINO_ACIDS + "]\\s+[" + STRUCTURES + "]");

    /**
     * A chain.
     *
     * @param acids one-letter codes
     * @param structure for each a letter of {@link #STRUCTURES}
     */
    public record Chain(String acids, String structure) {
        /** Checks that every amino acid has its structure. */
        public Chain {
            if (acids.length() != structure.length()) {
                throw new IllegalArgumentException("chain: " + acids.length() + " amino acids with structures of "
                        + structure.length() + "; one for each is needed");
            }
        }

        /** For every step the place of its amino acid in {@link #AMINO_ACIDS}. */
        public int[] inputs() {
            return acids.chars().map(AMINO_ACIDS::indexOf).toArray();
        }

        /** For every step the place of its structure in {@link #STRUCTURES}. */
        public int[] labels() {
            return structure.chars().map(STRUCTURES::indexOf).toArray();
        }

        /** The structure as spans: B-h, I-h, B-e, I-e and O. */
        public List<String> spans() {
            List<String> tags = new ArrayList<>();
            for (int t = 0; t < structure.length(); t++) {
                char now = structure.charAt(t);
                boolean goesOn = t > 0 && structure.charAt(t - 1) == now;
                tags.add(now == '_' ? "O" : (goesOn ? "I-" : "B-") + now);
            }
            return List.copyOf(tags);
        }
    }

    /**
     * The set {@link Datasets#proteinStructure}.
     *
     * @throws DatasetException when a file cannot be had or read, or a line is malformed
     */
    public static ProteinChains of(Dataset dataset) {
        return new ProteinChains(
                parse(dataset.lines("protein-secondary-structure.train"), "protein-secondary-structure.train"),
                parse(dataset.lines("protein-secondary-structure.test"), "protein-secondary-structure.test"));
    }

    /** Reads lines {@code G _}: {@code <>} begins a chain, {@code end} or {@code <end>} ends it; # begins a remark. */
    static List<Chain> parse(List<String> lines, String name) {
        List<Chain> chains = new ArrayList<>();
        StringBuilder acids = new StringBuilder();
        StringBuilder structure = new StringBuilder();
        for (int n = 0; n <= lines.size(); n++) {
            String line = n < lines.size() ? lines.get(n).strip() : "<>";
            boolean edge = EDGE.matcher(line).matches();
            if (edge && !acids.isEmpty()) {
                chains.add(new Chain(acids.toString(), structure.toString()));
                acids.setLength(0);
                structure.setLength(0);
            } else if (ACID.matcher(line).matches()) {
                acids.append(line.charAt(0));
                structure.append(line.charAt(line.length() - 1));
            } else if (!edge && !line.isEmpty() && !line.startsWith("#")) {
                throw new DatasetException(
                        String.format(
                                Locale.ROOT,
                                "%s line %d: \"%s\" is no amino acid with a structure of %s",
                                name,
                                n + 1,
                                line,
                                STRUCTURES),
                        null);
            }
        }
        return List.copyOf(chains);
    }
}
